import { readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { newId } from '#sdk'

/** Temporary names hold a `~`, which no key can. */
const mark = '~'
const host = hostname()
  .toLowerCase()
  .replace(/[^a-z0-9-]/g, '-')
const start = newId()

/** A name for a half-written file: says which process is writing it. */
export const temporaryName = (): string => ['', host, process.pid, start, newId()].join(mark)

export const isTemporary = (name: string): boolean => name.startsWith(mark)

/** Removes what processes of this machine left half-written when they died. Returns how many files. */
export async function sweepTemporaryFiles(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const orphans = entries.filter((entry) => entry.isFile() && isOrphan(entry.name))
  for (const orphan of orphans) await rm(join(orphan.parentPath, orphan.name), { force: true })
  return orphans.length
}

function isOrphan(name: string): boolean {
  if (!isTemporary(name)) return false
  const [, writerHost, pid, writerStart] = name.split(mark)
  if (writerHost !== host) return false
  // The same number in a container started anew is another process.
  return Number(pid) === process.pid ? writerStart !== start : !isAlive(Number(pid))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
