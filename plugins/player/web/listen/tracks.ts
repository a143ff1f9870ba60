import { signal } from '@preact/signals'
import { getTrack, listTracks, type Track } from '#plugins/catalog'
import { call, type PlayableCard } from '#web'
import type { Playable } from '../engine/types.ts'

const atOnce = 100
const known = new Map<string, Track>()
/** Secrets of unlisted releases by track, as this browser came by them. */
const keys = new Map<string, string>()
/** Grows with what is known: read it to follow. */
const news = signal(0)

const isWhole = (card: PlayableCard): card is Track => 'playback' in card && 'release' in card

/** Tracks as pages have them; those that are only cards are asked for when they are needed. */
export function know(cards: readonly PlayableCard[]): void {
  for (const card of cards) {
    if (!isWhole(card)) continue
    known.set(card.id, card)
    const key = new URLSearchParams(card.release.href.split('?')[1]).get('key')
    if (key) keys.set(card.id, key)
  }
  news.value++
}

/** Undefined while it is not known; the component that asks follows. */
export function trackOf(id: string | undefined): Track | undefined {
  void news.value
  return id === undefined ? undefined : known.get(id)
}

export const keyOf = (trackId: string): string | undefined => keys.get(trackId)
export const keysOf = (ids: readonly string[]): [string, string][] =>
  ids.flatMap((id) => (keys.has(id) ? [[id, keys.get(id) ?? ''] as [string, string]] : []))
export function knowKeys(pairs: readonly (readonly [string, string])[]): void {
  for (const [id, key] of pairs) keys.set(id, key)
}

/** Fresh from the server; those that are missing may not be heard (any more). */
export async function fetchTracks(ids: readonly string[]): Promise<Track[]> {
  const secret = ids.filter((id) => keys.has(id))
  const open = ids.filter((id) => !keys.has(id))
  const parts: Promise<Track[]>[] = secret.map(fetchSecret)
  for (let at = 0; at < open.length; at += atOnce) {
    const part = open.slice(at, at + atOnce)
    const asked = call(listTracks, { query: { ids: part.join(','), limit: atOnce } })
    parts.push(asked.then(({ items }) => items))
  }
  const tracks = (await Promise.all(parts)).flat()
  know(tracks)
  return tracks
}

async function fetchSecret(id: string): Promise<Track[]> {
  const asked = call(getTrack, { params: { id }, query: { key: keys.get(id) } })
  return asked.then(
    (track) => [track],
    () => [],
  )
}

/** Asks for those that are not known yet. */
export async function fetchMissing(ids: readonly string[]): Promise<void> {
  const missing = ids.filter((id) => !known.has(id))
  if (missing.length > 0) await fetchTracks(missing)
}

/** As the engine takes it; null while its file is processed. */
export function toPlayable({ playback, ...track }: Track): Playable | null {
  if (!playback) return null
  return {
    id: track.id,
    releaseId: track.release.id,
    discNumber: track.discNumber,
    trackNumber: track.trackNumber,
    durationMs: track.durationMs,
    title: track.title,
    manifestUrl: playback.manifest,
    hlsUrl: playback.hls,
    progressive: playback.progressive,
    trackGainDb: track.gain.trackDb,
    albumGainDb: track.gain.albumDb,
    truePeakDbtp: track.truePeakDbtp,
    albumTruePeakDbtp: track.gain.albumPeakDbtp,
  }
}

/** What the engine asks for when addresses are missing or have expired. */
export async function resolve(ids: string[]): Promise<Playable[]> {
  return (await fetchTracks(ids)).flatMap((track) => toPlayable(track) ?? [])
}
