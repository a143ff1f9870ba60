import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { VezaError } from '../../server/errors.ts'

/**
 * Makes a folder with those above it, or throws one sentence that says what is in the way. One by one: Node's own
 * recursive `mkdir` never ends where the system says that the folder above is not there though it is, as in /proc.
 */
export async function makeFolders(path: string, mode = 0o777): Promise<void> {
  const missing: string[] = []
  for (let at = path; !(await isFolder(at)); at = dirname(at)) missing.unshift(at)
  for (const folder of missing)
    await mkdir(folder, { mode }).catch((cause: NodeJS.ErrnoException) => {
      // Somebody else was faster.
      if (cause.code !== 'EEXIST') throw refusal(folder, cause)
    })
}

async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true
  } catch (error) {
    const cause = error as NodeJS.ErrnoException
    // Which of those above is the file is found there.
    if (cause.code === 'ENOENT' || (cause.code === 'ENOTDIR' && path !== dirname(path))) return false
    throw refusal(path, cause)
  }
  throw new VezaError(`${path} is a file, not a folder.`, remedy)
}

const remedy = 'Choose another folder with --data.'

function refusal(path: string, cause: NodeJS.ErrnoException): VezaError {
  const { code = 'UNKNOWN' } = cause
  const [words, advice] = refusals[code] ?? [() => `The folder ${path} cannot be made (${code}).`, remedy]
  return new VezaError(words(path), advice, { cause })
}

const forbidden: [(path: string) => string, string] = [
  (path) => `This user may not make the folder ${path}.`,
  'Choose a folder that this user may write to with --data, or use sudo.',
]
const full: [(path: string) => string, string] = [
  (path) => `The disk of ${dirname(path)} is full.`,
  'Free some space, or choose a folder on another disk with --data.',
]
const refusals: Record<string, [(path: string) => string, string]> = {
  EACCES: forbidden,
  EPERM: forbidden,
  ENOSPC: full,
  EDQUOT: full,
  EROFS: [(path) => `${dirname(path)} can only be read: no folder can be made there.`, remedy],
  ENOENT: [(path) => `No folder can be made in ${dirname(path)}.`, 'Choose a folder on a disk with --data.'],
  ENAMETOOLONG: [
    (path) => `The path is too long: ${path.slice(0, 80)}…`,
    'Choose a shorter one with --data.',
  ],
}
