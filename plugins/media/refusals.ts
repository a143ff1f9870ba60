import { statfs } from 'node:fs/promises'
import type { Problem } from '#contract'
import { storageFull } from '#contract'
import { AudioError, type AudioReason } from '#ffmpeg'
import { ProblemError, problem } from '#sdk'
import type { Refusal } from './assets.ts'
import { badArchive, brokenAudio, notAudio, processingFailed, tooLong } from './contract.ts'
import { type OtherKind, ReadingError, type Sniffed } from './reading/index.ts'

/** As it is kept with an asset. */
export const refusalOf = (error: ProblemError): Refusal => ({
  name: error.problem.name,
  title: error.problem.title,
  detail: error.detail ?? null,
})

const kinds: Record<OtherKind, string> = {
  video: 'a video',
  picture: 'a picture',
  'archive-zip': 'an archive',
  playlist: 'a playlist, which holds no sound itself',
  text: 'a text',
  midi: 'a MIDI file, which holds notes and no sound',
  empty: 'an empty file',
  unknown: 'of a kind that is not known here',
}

export function isNotAudio(fileName: string, sniffed: Extract<Sniffed, { other: OtherKind }>): ProblemError {
  const format = sniffed.name ? ` (${sniffed.name})` : ''
  return problem(notAudio, `“${fileName}” is ${kinds[sniffed.other]}${format}.`)
}

const byReason: Record<AudioReason, Problem> = {
  'not-audio': notAudio,
  'has-video': notAudio,
  unsupported: notAudio,
  'no-samples': brokenAudio,
  broken: brokenAudio,
  'too-long': tooLong,
}

const ofThisMachine = new Set(['unreadable', 'unwritable', 'aborted'])

/** What is wrong with the file for good; null for what may go better another time. */
export function faultOfFile(error: unknown): ProblemError | null {
  if (error instanceof AudioError) return problem(byReason[error.reason], error.message)
  if (error instanceof ReadingError && !ofThisMachine.has(error.reason))
    return problem(error.reason.startsWith('zip-') ? badArchive : brokenAudio, error.message)
  if (error instanceof ProblemError && error.problem.status === 422) return error
  return null
}

/** What is kept with a file after its last try. */
export function faultOfTry(error: unknown): ProblemError {
  const isFull = error instanceof ProblemError && error.problem === storageFull
  return problem(isFull || saysFull(error) ? storageFull : processingFailed)
}

const nothingBytes = 1024 * 1024

/**
 * Whether a try failed for want of room. ffmpeg says it only in words and others not at all, so the disk is asked: what
 * fails on a full one and is not the file's own fault fails because of that.
 */
export async function isFull(error: unknown, folder: string): Promise<boolean> {
  if (saysFull(error) || saysFull((error as Error | null)?.cause)) return true
  if (error instanceof ProblemError || faultOfFile(error)) return false
  return (await freeBytes(folder)) < nothingBytes
}

export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

export function saysFull(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null | undefined)?.code
  return code === 'ENOSPC' || code === 'EDQUOT'
}
