import type { Doc, Map as SharedMap } from 'yjs'
import { noPosition, positionsBetween } from './order.ts'

/**
 * A playlist as a Yjs document: two maps by the id of the place, `tracks` (id of the track, set once) and `positions`
 * (order key, order.ts). To move is to set one key of one map: of two moves at once one wins, nothing is doubled, and
 * a removal wins over a move. Who added what, and when, is not in it: the server alone can vouch for that.
 */
export const tracksOf = (doc: Doc): SharedMap<string> => doc.getMap<string>('tracks')
export const positionsOf = (doc: Doc): SharedMap<string> => doc.getMap<string>('positions')

/** Longer keys come of thousands of moves to one place; then all are made anew. */
const longKey = 80

export interface Place {
  id: string
  trackId: string
}

/** The places in their order. */
export function placesOf(doc: Doc): Place[] {
  return ordered(doc).map(({ id, trackId }) => ({ id, trackId }))
}

interface Placed extends Place {
  position: string
}

function ordered(doc: Doc): Placed[] {
  const positions = positionsOf(doc)
  const all = [...tracksOf(doc)].map(([id, trackId]) => ({
    id,
    trackId,
    position: positions.get(id) ?? noPosition,
  }))
  return all.sort((a, b) => compare(a.position, b.position) || compare(a.id, b.id))
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Adds places before the one numbered `at`; part of the caller's `doc.transact`. */
export function insertPlaces(doc: Doc, places: readonly Place[], at: number): void {
  const present = ordered(doc)
  for (const { id, trackId } of places) tracksOf(doc).set(id, trackId)
  arrange(
    doc,
    present,
    places.map(({ id }) => id),
    at,
  )
}

/** Moves places, in the order they have, before the one numbered `to` of the rest. */
export function movePlaces(doc: Doc, ids: readonly string[], to: number): void {
  const wanted = new Set(ids)
  const present = ordered(doc)
  const moved = present.filter(({ id }) => wanted.has(id)).map(({ id }) => id)
  arrange(
    doc,
    present.filter(({ id }) => !wanted.has(id)),
    moved,
    to,
  )
}

export function removePlaces(doc: Doc, ids: readonly string[]): void {
  for (const id of ids) {
    tracksOf(doc).delete(id)
    positionsOf(doc).delete(id)
  }
}

function arrange(doc: Doc, rest: readonly Placed[], ids: readonly string[], wish: number): void {
  const at = Math.max(0, Math.min(wish, rest.length))
  const before = at > 0 ? (rest[at - 1]?.position ?? null) : null
  // Those behind with the same key (two inserted there at once) get new ones, too, or nothing would fit between.
  let end = at
  while (end < rest.length && before !== null && (rest[end]?.position ?? '') <= before) end++
  const after = rest[end]?.position ?? null
  const all = [...ids, ...rest.slice(at, end).map(({ id }) => id)]
  const keys = positionsBetween(before, after, all.length)
  if (keys.some((key) => key.length > longKey)) renumber(doc, rest, ids, at)
  else for (const [index, id] of all.entries()) positionsOf(doc).set(id, keys[index] ?? noPosition)
}

function renumber(doc: Doc, rest: readonly Placed[], ids: readonly string[], at: number): void {
  const order = rest.map(({ id }) => id)
  order.splice(at, 0, ...ids)
  const keys = positionsBetween(null, null, order.length)
  for (const [index, id] of order.entries()) positionsOf(doc).set(id, keys[index] ?? noPosition)
}
