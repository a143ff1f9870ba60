import { createHash, randomBytes } from 'node:crypto'
import { notFound } from '#contract'
import { type Db, isoTime, newId, problem } from '#sdk'
import type { Channel } from './channels.ts'

/** A stream key without the key: only its SHA-256 is kept. */
export interface StreamKeyRow {
  id: string
  channelId: string
  /** The camera it publishes as. */
  camera: number
  keyHash: string
  hint: string
  createdAt: string
  lastUsedAt: string | null
  revokedAt: string | null
}

const table = 'live_stream_keys'

/** 128 random bits as 32 hexadecimal digits. */
export const makeKey = (): string => randomBytes(16).toString('hex')

/** A key is random enough that a plain hash hides it; no salt, so that it can be looked up. */
export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex')

/** All of a key that may be shown or logged. */
export const hintOf = (key: string): string => key.slice(0, 4)

/** Makes a key; the returned text is the only copy. */
export async function insertKey(
  db: Db,
  channelId: string,
  camera = 1,
): Promise<{ row: StreamKeyRow; key: string }> {
  const key = makeKey()
  const row: StreamKeyRow = {
    id: newId(),
    channelId,
    camera,
    keyHash: hashKey(key),
    hint: hintOf(key),
    createdAt: isoTime(),
    lastUsedAt: null,
    revokedAt: null,
  }
  await db(table).insert(row)
  return { row, key }
}

/** Whom a key lets publish, or null for an unknown or revoked one. */
export async function findPublisher(
  db: Db,
  key: string,
): Promise<{ key: StreamKeyRow; channel: Channel } | null> {
  const row: StreamKeyRow | undefined = await db<StreamKeyRow>(table)
    .where({ keyHash: hashKey(key) })
    .first()
  if (!row || row.revokedAt !== null) return null
  const channel: Channel | undefined = await db<Channel>('live_channels').where({ id: row.channelId }).first()
  return channel ? { key: row, channel } : null
}

export async function getKey(db: Db, id: string): Promise<StreamKeyRow> {
  const row: StreamKeyRow | undefined = await db<StreamKeyRow>(table).where({ id }).first()
  if (!row) throw problem(notFound)
  return row
}

/** Keys of a channel (or of all, for the CLI), newest first. */
export async function listKeys(db: Db, channelId: string | null): Promise<StreamKeyRow[]> {
  const query = db<StreamKeyRow>(table).orderBy('id', 'desc')
  return channelId === null ? query : query.where({ channelId })
}

export async function listKeysByHint(db: Db, hint: string): Promise<StreamKeyRow[]> {
  return db<StreamKeyRow>(table).where({ hint, revokedAt: null })
}

export async function touchKey(db: Db, id: string): Promise<void> {
  await db(table).where({ id }).update({ lastUsedAt: isoTime() })
}

/** False when it was revoked before. */
export async function revokeKey(db: Db, id: string): Promise<boolean> {
  const changed: number = await db(table).where({ id, revokedAt: null }).update({ revokedAt: isoTime() })
  return changed > 0
}
