import { Doc } from 'yjs'
import { type Db, newId } from '#sdk'
import { insertPlaces, placesOf, positionsOf } from './contract.ts'
import type { Desk } from './desk.ts'
import { writeSnapshot } from './documents.ts'
import { firstTracks, insertItems } from './items.ts'
import { insertPlaylist, type NewPlaylist, type PlaylistRow, updatePlaylist } from './playlists.ts'

/** A playlist with its tracks, those that are gone left out; part of the caller's transaction. */
export async function makePlaylist(
  desk: Desk,
  db: Db,
  wish: NewPlaylist,
  trackIds: readonly string[],
): Promise<PlaylistRow> {
  const row = await insertPlaylist(db, wish)
  if (trackIds.length === 0) return row
  const there = await desk.catalog.existing(db, [...new Set(trackIds)])
  const doc = new Doc()
  const places = trackIds.filter((id) => there.has(id)).map((trackId) => ({ id: newId(), trackId }))
  doc.transact(() => insertPlaces(doc, places, 0))
  await writeSnapshot(db, row.id, doc, 1)
  const placed = placesOf(doc).map((place) => ({ ...place, position: positionsOf(doc).get(place.id) ?? '' }))
  await insertItems(db, row.id, placed, wish.ownerId)
  const sample = await firstTracks(db, row.id)
  return updatePlaylist(db, row.id, { version: 1, trackCount: placed.length, sample })
}
