import { readFile } from 'node:fs/promises'
import { identity, type z } from '#contract'
import { VezaError } from '../server/errors.ts'
import { plainWords } from '../server/settings/plain-words.ts'

/** Reads one flag or argument by its schema; what is wrong with it is a usage error. */
export function readFlag<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const result = schema.safeParse(value, { error: plainWords })
  if (result.success) return result.data
  throw new VezaError(
    `${name}: ${result.error.issues[0]?.message ?? 'not right.'}`,
    'Correct it; --help tells what is wanted.',
    { isUsage: true },
  )
}

/** The password in a file, without the line break at its end. */
export async function passwordFrom(file: string, name = '--password-file'): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new VezaError(`The password file ${file} cannot be read.`, 'Check its path and rights.', {
      cause,
      isUsage: true,
    })
  })
  return readFlag(identity.Password, text.replace(/\r?\n$/, ''), name)
}
