import { notAllowed, notFound } from '#contract'
import { type Account, type Db, isoTime, problem } from '#sdk'
import { type Change, changeDocument, type Work } from './change.ts'
import { isSmart, liveChannel, playlistUpdated, unknownTrack } from './contract.ts'
import type { Desk } from './desk.ts'
import { appendUpdate, readDocument } from './documents.ts'
import { isEditor } from './editors.ts'
import { firstTracks, insertItems, removeItems, updatePositions } from './items.ts'
import { lockPlaylist, type PlaylistRow, updatePlaylist } from './playlists.ts'
import { claimReplicas } from './replicas.ts'
import { replicasOf } from './update-shape.ts'

export interface Edited {
  version: number
  room: string
  change: Change
}

const hourMs = 3_600_000
/** Larger updates are fetched by whoever wants them instead of being sent to all. */
const mostSentBytes = 45_000

/**
 * The work of `editPlaylist`. The row is held meanwhile, so that edits of several processes come one after the other
 * and none is lost; what is refused leaves nothing behind.
 */
export async function editDocument(desk: Desk, id: string, by: Account | null, work: Work): Promise<Edited> {
  const replicas = work instanceof Uint8Array ? replicasOf(work) : []
  const edited = await desk.ctx.db.tx(async (db) => {
    const row = await lockPlaylist(db, id)
    // What is in the trash follows what happens to its tracks.
    if (!row || (by && row.trashedAt !== null)) throw problem(notFound)
    await assertMayEdit(db, row, by)
    if (by && replicas.length > 0) await claimReplicas(db, id, replicas, by.id)
    return editRow(desk, db, row, { by, work })
  })
  if (edited.change.update) tell(desk, id, edited)
  return edited
}

async function assertMayEdit(db: Db, row: PlaylistRow, by: Account | null): Promise<void> {
  if (row.rulesJson) throw problem(isSmart)
  if (!by || row.ownerId === by.id) return
  if (!(await isEditor(db, row.id, by.id))) throw problem(notAllowed)
}

async function editRow(
  desk: Desk,
  db: Db,
  row: PlaylistRow,
  { by, work }: { by: Account | null; work: Work },
): Promise<Edited> {
  const { id, version } = row
  const document = desk.documents.take(id, version) ?? (await readDocument(db, id, version))
  const change = changeDocument(document.doc, work)
  if (!change.update) {
    desk.documents.keep(document)
    return { version, room: row.room, change }
  }
  await assertTracksExist(desk, db, change)
  await removeItems(db, id, change.removed)
  await insertItems(db, id, change.added, by?.id ?? null)
  await updatePositions(db, id, change.moved)
  const next = await appendUpdate(db, document, change.update, version + 1)
  await keepRow(desk, db, row, change)
  db.afterCommit(() => desk.documents.keep(next))
  return { version: next.version, room: row.room, change }
}

async function assertTracksExist({ catalog }: Desk, db: Db, { added }: Change): Promise<void> {
  const trackIds = [...new Set(added.map(({ trackId }) => trackId))]
  if (trackIds.length === 0) return
  const there = await catalog.existing(db, trackIds)
  if (trackIds.some((trackId) => !there.has(trackId))) throw problem(unknownTrack)
}

async function keepRow({ ctx }: Desk, db: Db, row: PlaylistRow, change: Change): Promise<void> {
  const now = new Date()
  const before = row.announcedAt ? Date.parse(row.announcedAt) : 0
  const isDue =
    row.visibility !== 'private' &&
    now.getTime() - before >= hourMs &&
    (await db('playlists_follows').where({ playlistId: row.id }).first('id')) !== undefined
  await updatePlaylist(db, row.id, {
    version: row.version + 1,
    trackCount: row.trackCount + change.added.length - change.removed.length,
    sample: await firstTracks(db, row.id),
    changedAt: isoTime(now),
    ...(isDue ? { announcedAt: isoTime(now) } : {}),
  })
  if (isDue) await ctx.events.emit(db, playlistUpdated, { playlistId: row.id })
}

function tell({ ctx }: Desk, id: string, { version, room, change }: Edited): void {
  const isSmall = change.update !== null && change.update.length <= mostSentBytes
  const update = isSmall ? Buffer.from(change.update as Uint8Array).toString('base64') : null
  ctx.realtime.publish(liveChannel, { id, room }, 'edited', { version, update })
}
