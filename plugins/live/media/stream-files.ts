import { close, open, writev } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { writeAll, writeDurably } from './durable.ts'
import type { InitInfo } from './types.ts'

type Track = 'video' | 'audio'

/** An initialisation segment with the decoder settings it was made from, so that a resume can use it again. */
export interface StoredInit extends InitInfo {
  /** avcC or AudioSpecificConfig in base64. */
  config: string
}

/** `stream.json`: what a stream's folder needs beside its index. */
export interface StreamMeta {
  targetDurationMs: number | null
  windowMs: number
  inits: StoredInit[]
  /** PART-TARGET of the live stream; not there in folders from before there were parts. */
  partTargetMs?: number | null
  /** How many processes have received it. */
  takes?: number
  /** Its oldest segments are given up while more comes. */
  isSliding?: boolean
  /** The end mark: no more will come. */
  endedAt: string | null
}

export const INDEX_FILE = 'index.jsonl'
export const META_FILE = 'stream.json'

/** Where a file belongs: a track, or one of the lower renditions of the pictures by its height. */
export interface Rendition {
  track: Track
  rung?: number | undefined
}

/** File name of an initialisation segment. */
export function initName(track: Track, initId: number, rung?: number): string {
  return `${prefixOf(track, rung)}-${initId}.mp4`
}

/** File name of a media segment. */
export function segmentName(track: Track, seq: number, rung?: number): string {
  return `${prefixOf(track, rung)}${seq}.m4s`
}

/** Address of a part; it is in memory only. */
export function partName(
  { track, rung }: Rendition,
  place: { seq: number; part: number; take: number },
): string {
  const take = place.take > 0 ? `.${place.take}` : ''
  return `${prefixOf(track, rung)}${place.seq}.${place.part}${take}.m4s`
}

function prefixOf(track: Track, rung: number | undefined): string {
  return rung === undefined ? track[0]! : `${track[0]}${rung}-`
}

/** What an address asks for. */
export type MediaFile = Rendition &
  (
    | { kind: 'init' | 'segment'; number: number }
    | { kind: 'part'; number: number; part: number; take: number }
  )

const MEDIA_ADDRESS = /^(?:([va])|v(\d{2,4})-)(-?)(\d{1,9})(?:\.(\d{1,4})(?:\.(\d{1,6}))?)?\.(m4s|mp4)$/

/** Null for what is no name of a media file. */
export function parseMediaName(name: string): MediaFile | null {
  const match = MEDIA_ADDRESS.exec(name)
  if (match === null) return null
  const [, letter, height, dash, digits, part, take, type] = match
  const isInit = dash === '-'
  if (isInit !== (type === 'mp4') || (isInit && part !== undefined)) return null
  const rendition: Rendition = height
    ? { track: 'video', rung: Number(height) }
    : { track: letter === 'a' ? 'audio' : 'video' }
  const number = Number(digits)
  if (part === undefined) return { ...rendition, kind: isInit ? 'init' : 'segment', number }
  return { ...rendition, kind: 'part', number, part: Number(part), take: Number(take ?? 0) }
}

/** Names of the files in a stream's folder that hold media, finished or not. */
export const MEDIA_NAME = /^\.?[va]\d{1,9}\.m4s(\.tmp)?$/
/** What was being written when a process died. */
export const LEFTOVER_NAME = /^\.(stream\.json|index\.jsonl|[va]-\d{1,9}\.mp4)\.tmp$/

/** Writes a file so that whoever reads it finds it whole or not at all; a power cut may still take it. */
export async function writeWhole(dir: string, name: string, body: Buffer | string): Promise<void> {
  const temporary = join(dir, `.${name}.tmp`)
  await writeFile(temporary, body)
  await rename(temporary, join(dir, name))
}

const opened = promisify(open)
const writtenv = promisify(writev)

/** The same of pieces, without joining them in memory. Leaves the file open, to be synced. */
export async function writePieces(dir: string, name: string, pieces: readonly Buffer[]): Promise<number> {
  const temporary = join(dir, `.${name}.tmp`)
  const file = await opened(temporary, 'w')
  try {
    const { bytesWritten: written } = await writtenv(file, pieces as Buffer[])
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0)
    // A full disk takes less; writing the rest tells the error.
    if (written < size) await writeAll(file, Buffer.concat(pieces).subarray(written))
    await rename(temporary, join(dir, name))
    return file
  } catch (error) {
    close(file, () => {})
    throw error
  }
}

/** Null when the folder holds no stream, or a power cut left nothing that can be read. */
export async function readMeta(dir: string): Promise<StreamMeta | null> {
  const json = await readFile(join(dir, META_FILE), 'utf8').catch(nullWhenMissing)
  try {
    const meta = JSON.parse(json ?? 'null') as StreamMeta | null
    return Array.isArray(meta?.inits) ? meta : null
  } catch {
    return null
  }
}

export async function writeMeta(dir: string, meta: StreamMeta): Promise<void> {
  await writeWhole(dir, META_FILE, asText(meta))
}

/** To stay, also after a power cut. */
export async function keepMeta(dir: string, meta: StreamMeta): Promise<void> {
  await writeDurably(dir, META_FILE, asText(meta))
}

const asText = (meta: StreamMeta) => JSON.stringify(meta, null, 2)

/** For a catch: a file that is not there reads as null, other errors stay errors. */
export function nullWhenMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}
