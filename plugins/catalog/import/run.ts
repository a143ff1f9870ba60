import type { CommandDesk } from '#sdk'
import type { Ctx } from '../settings.ts'
import type { Lease } from './lease.ts'
import type { Limit } from './limit.ts'
import { printable } from './names.ts'
import type { ImportResult } from './report.ts'
import type { SourceFile } from './walk.ts'

export type ImportVisibility = 'public' | 'members' | 'private' | 'draft'

/** What an import was asked for. */
export interface ImportWish {
  dir: string
  isDry: boolean
  waits: boolean
  visibility: ImportVisibility
  /** Of files that name none. */
  label?: string | undefined
}

/** An import under way. */
export interface Run {
  ctx: Ctx
  wish: ImportWish
  desk: CommandDesk
  root: string
  /** In front of names where the folder itself is an album. */
  prefix: string
  result: ImportResult
  /** Null in a dry run, which needs none. */
  lease: Lease | null
  /** Files read at once. */
  files: Limit
  /** Looks up and writes one after the other. */
  turn: Limit
  /** What a dry run would have written. */
  dry: { contents: Set<string>; moved: Set<string>; releases: Set<string> }
  startedAt: string
  /** By the clock of `performance`. */
  began: number
  /** Files done with. */
  done: number
}

/** One that is a sound, but can never be used, counts as found. */
export function skipFile(run: Run, file: Pick<SourceFile, 'name'>, reason: string, isSound = false): void {
  if (isSound) run.result.found += 1
  run.result.skipped.push({ path: file.name, reason })
}

export function countKnown({ result }: Run): void {
  result.found += 1
  result.known += 1
}
export function countImported({ result }: Run, count: number): void {
  result.found += count
  result.imported += count
}

/** So many more files are done with; one of them is named. */
export function showProgress(run: Run, count: number, name: string): void {
  if (count === 0) return
  run.done += count
  const perSecond = run.done / ((performance.now() - run.began) / 1000)
  const { imported, known, skipped } = run.result
  const what = `${imported} imported, ${known} known, ${skipped.length} skipped`
  run.desk.progress(`${run.done} files (${perSecond.toFixed(0)}/s): ${what} · ${printable(name)}`)
}
