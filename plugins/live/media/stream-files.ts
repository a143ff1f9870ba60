import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
  /** The end mark: no more will come. */
  endedAt: string | null
}

export const INDEX_FILE = 'index.jsonl'
const META_FILE = 'stream.json'

/** File name of an initialisation segment. */
export function initName(track: Track, initId: number): string {
  return `${track[0]}-${initId}.mp4`
}

/** File name of a media segment. */
export function segmentName(track: Track, seq: number): string {
  return `${track[0]}${seq}.m4s`
}

/** Names of the files in a stream's folder that hold media, finished or not. */
export const MEDIA_NAME = /^\.?[va]\d{1,9}\.m4s(\.tmp)?$/

/** Writes a file so that it is there whole or not at all. */
export async function writeWhole(dir: string, name: string, body: Buffer | string): Promise<void> {
  const temporary = join(dir, `.${name}.tmp`)
  await writeFile(temporary, body)
  await rename(temporary, join(dir, name))
}

/** Null when the folder holds no stream. */
export async function readMeta(dir: string): Promise<StreamMeta | null> {
  const json = await readFile(join(dir, META_FILE), 'utf8').catch(nullWhenMissing)
  return json === null ? null : (JSON.parse(json) as StreamMeta)
}

export async function writeMeta(dir: string, meta: StreamMeta): Promise<void> {
  await writeWhole(dir, META_FILE, JSON.stringify(meta, null, 2))
}

/** For a catch: a file that is not there reads as null, other errors stay errors. */
export function nullWhenMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}
