import { applyUpdate, Doc, encodeStateAsUpdate } from 'yjs'
import { type Db, problem } from '#sdk'
import { historyFull, positionsOf, tracksOf } from './contract.ts'
import type { OpenDocument } from './open-documents.ts'

const mostUpdates = 100
const mostUpdateBytes = 512 * 1024
const mostSnapshotBytes = 8 * 1024 * 1024

/** What is stored, as of that version. */
export async function readDocument(db: Db, playlistId: string, version: number): Promise<OpenDocument> {
  const snapshot: { version: number; data: Uint8Array } | undefined = await db('playlists_documents')
    .where({ playlistId })
    .first()
  const updates: { version: number; data: Uint8Array }[] = await db('playlists_updates')
    .where({ playlistId })
    .where('version', '>', snapshot?.version ?? 0)
    .where('version', '<=', version)
    .orderBy('version')
  const doc = new Doc()
  tracksOf(doc)
  positionsOf(doc)
  doc.transact(() => {
    if (snapshot) applyUpdate(doc, snapshot.data)
    for (const { data } of updates) applyUpdate(doc, data)
  })
  const bytes = updates.reduce((sum, { data }) => sum + data.length, 0)
  return { playlistId, version, doc, updates: updates.length, bytes }
}

/** Appends one update, which the document has already; now and then all are made one. Throws playlists.history-full. */
export async function appendUpdate(
  db: Db,
  document: OpenDocument,
  update: Uint8Array,
  version: number,
): Promise<OpenDocument> {
  const { playlistId } = document
  const next = {
    ...document,
    version,
    updates: document.updates + 1,
    bytes: document.bytes + update.length,
  }
  if (next.updates < mostUpdates && next.bytes < mostUpdateBytes) {
    await db('playlists_updates').insert({ playlistId, version, data: Buffer.from(update) })
    return next
  }
  await writeSnapshot(db, playlistId, next.doc, version)
  return { ...next, updates: 0, bytes: 0 }
}

/** The whole document as of a version; the updates before it go. */
export async function writeSnapshot(db: Db, playlistId: string, doc: Doc, version: number): Promise<void> {
  const data = Buffer.from(encodeStateAsUpdate(doc))
  if (data.length > mostSnapshotBytes) throw problem(historyFull)
  await db('playlists_documents').insert({ playlistId, version, data }).onConflict('playlist_id').merge()
  await db('playlists_updates').where({ playlistId }).where('version', '<=', version).delete()
}
