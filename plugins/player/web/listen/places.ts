import { effect, signal } from '@preact/signals'
import { call, me } from '#web'
import { listPositions, savePosition } from '../../contract.ts'
import type { Player } from '../engine/types.ts'
import { positionsKey, readStored, store } from '../stored.ts'

/** Where one may go on in the track that has just begun. */
export const offer = signal<{ trackId: string; positionMs: number } | null>(null)

const everyMs = 30_000
/** Not so near to its beginning or end. */
const edgeMs = 30_000
const mostOfGuests = 50
let longerThanMs = 15 * 60_000
let placesOf: string | null = null
let places: Promise<Map<string, number>> | null = null

/** The account's, or this browser's for guests. */
function known(): Promise<Map<string, number>> {
  const account = me.peek()?.id ?? ''
  if (places && placesOf === account) return places
  placesOf = account
  places = account ? fetchPlaces() : Promise.resolve(readPlaces())
  places.catch(() => {
    places = null
  })
  return places
}

async function fetchPlaces(): Promise<Map<string, number>> {
  const answer = await call(listPositions)
  longerThanMs = answer.longerThanMs
  return new Map(answer.items.map(({ track, positionMs }) => [track.id, positionMs]))
}

function readPlaces(): Map<string, number> {
  const kept = readStored(positionsKey)
  const pairs: unknown[] = Array.isArray(kept) ? kept : []
  return new Map(
    pairs.filter((pair): pair is [string, number] => Array.isArray(pair) && typeof pair[1] === 'number'),
  )
}

/** Worth remembering; null where it is as good as heard, undefined where it has hardly begun. */
export function placeOf(positionMs: number, durationMs: number): number | null | undefined {
  if (positionMs > durationMs - edgeMs) return null
  return positionMs < edgeMs ? undefined : Math.round(positionMs)
}

/** While one may still go on further back, what is heard meanwhile does not count. */
const offeredMs = (trackId: string): number =>
  offer.peek()?.trackId === trackId ? (offer.peek()?.positionMs ?? 0) : 0

async function keep(trackId: string, positionMs: number, durationMs: number): Promise<void> {
  if (durationMs <= longerThanMs) return
  const place = placeOf(positionMs, durationMs)
  if (place === undefined || (place !== null && place < offeredMs(trackId))) return
  const all = await known()
  if (all.get(trackId) === (place ?? undefined)) return
  all.delete(trackId)
  if (place !== null) all.set(trackId, place)
  if (!me.peek()) return store(positionsKey, [...all].slice(-mostOfGuests))
  await call(savePosition, { params: { trackId }, body: { positionMs: place } })
}

/** Remembers where long tracks are left. */
export function keepPlaces(engine: Player): () => void {
  const ignore = () => undefined
  const keepNow = () => {
    const { track } = engine.state.peek()
    const { positionMs, durationMs } = engine.time()
    if (track) keep(track.id, positionMs, durationMs).catch(ignore)
  }
  const timer = setInterval(() => engine.state.peek().status === 'playing' && keepNow(), everyMs)
  const stopStatus = effect(() => {
    if (engine.state.value.status === 'paused') keepNow()
  })
  const stopLeft = engine.on('left', ({ trackId, positionMs, durationMs }) => {
    keep(trackId, positionMs, durationMs).catch(ignore)
    if (offer.peek()?.trackId === trackId) offer.value = null
  })
  addEventListener('pagehide', keepNow)
  return () => {
    clearInterval(timer)
    stopStatus()
    stopLeft()
    removeEventListener('pagehide', keepNow)
  }
}

/** Shows where one stopped, for a track that begins at its beginning. */
export async function offerPlace(trackId: string): Promise<void> {
  offer.value = null
  try {
    const positionMs = (await known()).get(trackId)
    if (positionMs !== undefined) offer.value = { trackId, positionMs }
  } catch {
    // It begins at the beginning.
  }
}
