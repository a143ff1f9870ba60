import { existsSync } from 'node:fs'
import { open, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from '#contract'
import { VezaError } from '../../server/errors.ts'
import { existingData } from '../appliance.ts'
import type { CommandRun } from '../command.ts'
import { readFlag } from '../flags.ts'
import { isAtLeast, levels, readable } from '../log-lines.ts'

const Count = z.coerce
  .number()
  .int({ error: 'Give a whole number.' })
  .min(0, { error: 'Give a number from 0.' })
  .max(100_000, { error: 'At most 100000 lines.' })
const LevelName = z.enum(levels, { error: `Use one of: ${levels.join(', ')}.` })
const lookEveryMs = 300
const keptFiles = 5

/** `veza logs`: lines for a person, or with `--json` as they are. */
const run: CommandRun = async (options) => {
  const count = readFlag(Count, options.lines ?? 100, '--lines')
  const level = readFlag(LevelName, options.level ?? 'debug', '--level')
  const file = join(existingData(options), 'logs', 'veza.log')
  if (!existsSync(file) && !options.follow)
    throw new VezaError(`There is no log at ${file} yet.`, 'It begins with the first `veza start`.')
  const isWanted = (line: string) => isAtLeast(line, level)
  const show = (lines: string[]) => {
    for (const line of lines) process.stdout.write(`${options.json ? line : readable(line)}\n`)
  }
  const offset = existsSync(file) ? (await stat(file)).size : 0
  show(await lastLines(file, count, isWanted))
  if (options.follow) await follow(file, offset, (lines) => show(lines.filter(isWanted)))
}

/** The newest wanted lines, from the rotated files too where the newest one has too few. */
async function lastLines(
  file: string,
  count: number,
  isWanted: (line: string) => boolean,
): Promise<string[]> {
  let lines: string[] = []
  const files = [file, ...Array.from({ length: keptFiles }, (_, index) => `${file}.${index + 1}`)]
  for (const name of files) {
    if (lines.length >= count || !existsSync(name)) break
    lines = [...(await readFile(name, 'utf8')).split('\n').filter(isWanted), ...lines]
  }
  return count === 0 ? [] : lines.slice(-count)
}

/** Until the process is ended: reads on, and begins anew where the file was rotated. */
async function follow(file: string, from: number, show: (lines: string[]) => void): Promise<void> {
  let offset = from
  let left = ''
  for (;;) {
    await wait(lookEveryMs)
    const size = (await stat(file).catch(() => null))?.size ?? 0
    if (size < offset) offset = 0
    if (size === offset) continue
    const handle = await open(file)
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(size - offset), 0, size - offset, offset)
    await handle.close()
    offset += bytesRead
    const parts = `${left}${buffer.toString('utf8', 0, bytesRead)}`.split('\n')
    left = parts.pop() ?? ''
    show(parts)
  }
}

export default run
