import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { nullWhenMissing } from '../../media/stream-files.ts'
import { removeStills } from './stills.ts'

const sheetName = /^board-([0-9a-z]{1,12})-\d{1,3}\.jpg(?:\.tmp)?$/

/** A sheet of pictures beside the segments it was made from; `mark` tells one storyboard from the one before. */
export const sheetFile = (mark: string, sheet: number): string => `board-${mark}-${sheet}.jpg`

export const isSheetName = (file: string): boolean => file.endsWith('.jpg') && sheetName.test(file)

/** Deletes all pictures but those of one storyboard. */
export async function removeSheets(dir: string, except: string | null): Promise<void> {
  const names = (await readdir(dir).catch(nullWhenMissing)) ?? []
  const old = names.filter((name) => {
    const mark = sheetName.exec(name.replace(/^\./, ''))?.[1]
    return mark !== undefined && mark !== except
  })
  await Promise.all(old.map((name) => rm(join(dir, name), { force: true })))
  await removeStills(dir)
}
