import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findBox } from '../replays/mp4/fragments.ts'
import { writeDurably } from './durable.ts'
import { describeInit, makeInit } from './init-info.ts'
import { initName, type StoredInit, type StreamMeta } from './stream-files.ts'
import type { IndexEntry } from './types.ts'

type Track = StoredInit['track']

/** Where the fields of a sample entry end and its boxes begin (ISO/IEC 14496-12 12.1.3, 12.2.3). */
const ENTRY_HEAD = { video: 8 + 78, audio: 8 + 28 }
/** Bytes of an `esds` box and of its descriptors before those within them (ISO/IEC 14496-1 7.2.6). */
const ESDS_HEADS = [4, 3, 13]

/** What a stream's file of settings said, from its initialisation segments; null where there are none either. */
export async function settingsLeft(dir: string, entries: readonly IndexEntry[]): Promise<StreamMeta | null> {
  const inits = [...(await initsLeft(dir, 'video')), ...(await initsLeft(dir, 'audio'))]
  if (inits.length === 0) return null
  const takes = 1 + Math.max(0, ...entries.map(({ run }) => run))
  return { targetDurationMs: longest(entries), windowMs: 0, inits, takes, endedAt: null }
}

/** In whole seconds, as playlists say it; null without any. */
export function longest(entries: readonly IndexEntry[]): number | null {
  const ms = entries.reduce((most, entry) => Math.max(most, entry.durationMs), 0)
  return entries.length === 0 ? null : Math.max(1_000, Math.ceil(ms / 1000) * 1000)
}

/** Writes initialisation segments that are not there as they were; those that cannot be made are left out. */
export async function mendInits(dir: string, inits: readonly StoredInit[]): Promise<StoredInit[]> {
  const whole: StoredInit[] = []
  for (const init of inits) {
    const wanted = initOf(init.track, Buffer.from(init.config, 'base64'))
    if (wanted === null) continue
    const found = await readFile(pathOf(dir, init)).catch(() => null)
    if (!found?.equals(wanted)) await writeDurably(dir, initName(init.track, init.initId), wanted)
    whole.push(init)
  }
  return whole
}

const pathOf = (dir: string, { track, initId }: { track: Track; initId: number }) =>
  join(dir, initName(track, initId))

/** Numbers are given by how many there are: those behind one that is lost cannot be used. */
async function initsLeft(dir: string, track: Track): Promise<StoredInit[]> {
  const inits: StoredInit[] = []
  for (let initId = 0; ; initId++) {
    const file = await readFile(pathOf(dir, { track, initId })).catch(() => null)
    const config = file && configOf(track, file)
    if (!config) return inits
    inits.push({ ...describeInit(track, config), initId, config: config.toString('base64') })
  }
}

/** The decoder settings in an initialisation segment; null where it is not as we make them. */
function configOf(track: Track, file: Buffer): Buffer | null {
  try {
    const stsd = findBox(file, ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'])
    const boxes = stsd.subarray(8 + ENTRY_HEAD[track])
    const config = track === 'video' ? findBox(boxes, ['avcC']) : specificConfig(findBox(boxes, ['esds']))
    return initOf(track, config)?.equals(file) ? config : null
  } catch {
    return null
  }
}

/** Within the descriptors of a stream, its decoder. */
function specificConfig(esds: Buffer): Buffer {
  let within = esds
  for (const head of ESDS_HEADS) {
    let at = head + 1
    let size = 0
    for (let byte = 0x80; byte & 0x80; ) {
      byte = within.readUInt8(at++)
      size = size * 128 + (byte & 0x7f)
    }
    within = within.subarray(at, at + size)
  }
  return within
}

function initOf(track: Track, config: Buffer): Buffer | null {
  try {
    return makeInit(track, config)
  } catch {
    return null
  }
}
