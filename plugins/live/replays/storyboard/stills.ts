import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { nullWhenMissing, writeWhole } from '../../media/stream-files.ts'
import type { IndexEntry } from '../../media/types.ts'

/** Within a stream's folder, so that its many segments need not be gone through to find them. */
export const stillsFolder = 'stills'
const stillName = /^still-(\d{10,16})\.jpg$/

/** What they are named by: the date (ms) of the key frame they show, which never changes. */
export const stillDate = ({ at }: Pick<IndexEntry, 'at'>): number => Date.parse(at)
export const stillFile = (dateMs: number): string => `still-${dateMs}.jpg`
export const isStillName = (file: string): boolean => stillName.test(file)

/** The dates of all that are there, oldest first. */
export async function readStills(dir: string): Promise<number[]> {
  const names = (await readdir(join(dir, stillsFolder)).catch(nullWhenMissing)) ?? []
  const dates = names.map((name) => Number(stillName.exec(name)?.[1] ?? Number.NaN))
  return dates.filter((date) => !Number.isNaN(date)).sort((a, b) => a - b)
}

export function readStill(dir: string, dateMs: number): Promise<Buffer | null> {
  return readFile(join(dir, stillsFolder, stillFile(dateMs))).catch(nullWhenMissing)
}

/** Writes nothing where the recording is gone. */
export async function writeStill(dir: string, dateMs: number, picture: Buffer): Promise<void> {
  const isThere = await mkdir(join(dir, stillsFolder)).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST' && error.code !== 'ENOENT') throw error
      return error.code === 'EEXIST'
    },
  )
  if (!isThere) return
  await writeWhole(join(dir, stillsFolder), stillFile(dateMs), picture)
}

/** What no picture was made of is no error. */
export async function removeStill(dir: string, dateMs: number): Promise<void> {
  await rm(join(dir, stillsFolder, stillFile(dateMs)), { force: true })
}

export async function removeStills(dir: string): Promise<void> {
  await rm(join(dir, stillsFolder), { recursive: true, force: true })
}
