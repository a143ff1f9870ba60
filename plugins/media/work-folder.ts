import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { storageFull } from '#contract'
import { newId, problem, type Storage } from '#sdk'
import { isFull } from './refusals.ts'

/** Where jobs write what is not finished; nothing of it is ever served. */
const place = 'media/work'
const host = hostname()
  .toLowerCase()
  .replaceAll(/[^a-z0-9-]/g, '-')
const start = newId()

/** A folder for one attempt, gone afterwards however that ends. Its name says which process has it. */
export async function inWorkFolder<T>(storage: Storage, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(storage.localFolder(place), [host, process.pid, start, newId()].join('_'))
  await mkdir(folder)
  try {
    return await work(folder)
  } catch (error) {
    // Asked while the rubbish is still there: without it there is room again.
    throw (await isFull(error, folder)) ? problem(storageFull) : error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Removes what attempts that died left: of processes that are gone, or silent on other machines since `before`. */
export async function sweepWork(storage: Storage, before: number): Promise<number> {
  const root = storage.localFolder(place)
  let removed = 0
  for (const name of await readdir(root)) {
    if (await isAlive(root, name, before)) continue
    await rm(join(root, name), { recursive: true, force: true })
    removed += 1
  }
  return removed
}

async function isAlive(root: string, name: string, before: number): Promise<boolean> {
  const [itsHost, pid, itsStart] = name.split('_')
  if (itsHost !== host) return (await lastWritten(join(root, name))) >= before
  // The same number in a container started anew is another process.
  return Number(pid) === process.pid ? itsStart === start : isRunning(Number(pid))
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function lastWritten(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  const paths = [folder, ...names.map((name) => join(folder, name))]
  const timeOf = (path: string) =>
    stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    )
  return Math.max(...(await Promise.all(paths.map(timeOf))))
}
