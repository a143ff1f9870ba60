import { encodeStateAsUpdate, encodeStateVector } from 'yjs'
import { notFound } from '#contract'
import { problem } from '#sdk'
import * as contract from './contract.ts'
import type { Desk } from './desk.ts'
import { readDocument } from './documents.ts'
import { lockPlaylist } from './playlists.ts'

/** What a browser lacks of the document, and what it has. Held meanwhile: a snapshot and the updates after it belong together. */
export async function syncOf(desk: Desk, id: string, vector: string): Promise<contract.Synced> {
  const { doc, version } = await desk.ctx.db.tx(async (db) => {
    const row = await lockPlaylist(db, id)
    if (!row) throw problem(notFound)
    if (row.rulesJson) throw problem(contract.isSmart)
    return readDocument(db, id, row.version)
  })
  try {
    const update = encodeStateAsUpdate(doc, Buffer.from(vector, 'base64'))
    return { update: base64(update), vector: base64(encodeStateVector(doc)), version }
  } catch {
    throw problem(contract.badUpdate)
  }
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
