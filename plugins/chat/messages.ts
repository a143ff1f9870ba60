import { notFound } from '#contract'
import { type Db, isoTime, newId, problem } from '#sdk'

/** A row of chat_messages; `text` is null once deleted. */
export interface MessageRow {
  id: string
  roomId: string
  authorId: string
  text: string | null
  clientId: string | null
  createdAt: string
  deletedAt: string | null
  deletedBy: string | null
  /** The five of a paid message; `paidTone` is null for one that is none, or was paid back. */
  paidTipId: string | null
  paidAmountMinor: number | null
  paidCurrency: string | null
  paidTone: number | null
  pinnedUntilAt: string | null
}

const unpaid = {
  paidTipId: null,
  paidAmountMinor: null,
  paidCurrency: null,
  paidTone: null,
  pinnedUntilAt: null,
}

/** One page, oldest first. `before` and `after` are the cursors further out, null where nothing is there. */
export interface MessagePage {
  items: MessageRow[]
  before: string | null
  after: string | null
}

/** Stores a message. With a clientId that was used before, answers the first one and `isNew` false. */
export async function insertMessage(
  db: Db,
  message: { roomId: string; authorId: string; text: string; clientId: string | null },
): Promise<{ row: MessageRow; isNew: boolean }> {
  const row = { ...message, id: newId(), createdAt: isoTime(), deletedAt: null, deletedBy: null, ...unpaid }
  const stored: { id: string }[] = await db('chat_messages')
    .insert(row)
    .onConflict(['room_id', 'author_id', 'client_id'])
    .ignore()
    .returning('id')
  if (stored.length > 0) return { row, isNew: true }
  const first = await findByClientId(db, message)
  if (!first) throw problem(notFound)
  return { row: first, isNew: false }
}

/** What this author sent under this clientId, or null. */
export async function findByClientId(
  db: Db,
  key: { roomId: string; authorId: string; clientId: string | null },
): Promise<MessageRow | null> {
  if (key.clientId === null) return null
  const { roomId, authorId, clientId } = key
  return (await db('chat_messages').where({ roomId, authorId, clientId }).first()) ?? null
}

/** The message with this id; throws not-found. */
export async function getMessage(db: Db, id: string): Promise<MessageRow> {
  const row: MessageRow | undefined = await db('chat_messages').where({ id: id.toLowerCase() }).first()
  if (!row) throw problem(notFound)
  return row
}

/** Those of the messages that are still there. */
export async function listByIds(db: Db, ids: readonly string[]): Promise<MessageRow[]> {
  return ids.length === 0 ? [] : db('chat_messages').whereIn('id', ids).whereNotNull('text')
}

/** A page of a room: the newest, or the one next to a cursor. */
export async function listMessages(
  db: Db,
  roomId: string,
  at: { before?: string | undefined; after?: string | undefined; limit: number },
): Promise<MessagePage> {
  const query = db('chat_messages').where({ roomId })
  if (at.before) query.where('id', '<', at.before.toLowerCase())
  if (at.after) query.where('id', '>', at.after.toLowerCase())
  const rows: MessageRow[] = await query.orderBy('id', at.after ? 'asc' : 'desc').limit(at.limit + 1)
  const hasMore = rows.length > at.limit
  const items = rows.slice(0, at.limit)
  if (!at.after) items.reverse()
  const first = items.at(0)?.id ?? null
  const last = items.at(-1)?.id ?? null
  if (at.after) return { items, before: first, after: hasMore || at.before ? last : null }
  return { items, before: hasMore ? first : null, after: at.before ? last : null }
}

/** What was said from one date to another and is still there, oldest first; `next` is the cursor of the next page. */
export async function listHistory(
  db: Db,
  roomId: string,
  at: { from: string; until: string; after?: string | undefined; limit: number },
): Promise<{ items: MessageRow[]; next: string | null }> {
  // Ids begin with their time, and rooms are indexed by them.
  const query = db('chat_messages')
    .where({ roomId })
    .whereNull('deletedAt')
    .where('id', '>=', firstIdAt(at.from))
    .where('id', '<', firstIdAt(at.until))
  if (at.after) query.where('id', '>', at.after.toLowerCase())
  const rows: MessageRow[] = await query.orderBy('id').limit(at.limit + 1)
  const items = rows.slice(0, at.limit)
  return { items, next: rows.length > at.limit ? (items.at(-1)?.id ?? null) : null }
}

/** Lower than every UUIDv7 made from that time on (RFC 9562 5.7). */
function firstIdAt(date: string): string {
  const hex = Math.max(0, Date.parse(date)).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`
}

/** Everything an author said that is still there, oldest first, with the address of the room. */
export async function listMessagesOf(
  db: Db,
  authorId: string,
): Promise<{ room: string; text: string; createdAt: string }[]> {
  return db('chat_messages')
    .join('chat_rooms', 'chat_rooms.id', 'chat_messages.room_id')
    .where({ authorId })
    .whereNotNull('text')
    .orderBy('chat_messages.id')
    .select('chat_rooms.slug as room', 'chat_messages.text', 'chat_messages.created_at')
}

/** When this author last said something here, in ms since 1970; 0 for never. */
export async function lastSaidAt(db: Db, roomId: string, authorId: string): Promise<number> {
  const row: { last: string | null } | undefined = await db('chat_messages')
    .where({ roomId, authorId })
    .max({ last: 'createdAt' })
    .first()
  return row?.last ? Date.parse(row.last) : 0
}

/** Takes the text away and keeps the place. False where it was gone already. */
export async function removeMessage(db: Db, id: string, deletedBy: string): Promise<boolean> {
  const count: number = await db('chat_messages')
    .where({ id })
    .whereNull('deletedAt')
    .update({ text: null, deletedAt: isoTime(), deletedBy })
  return count > 0
}

/** Takes the text of all messages of an author away; answers their ids, oldest first. */
export async function removeMessagesOf(
  db: Db,
  roomId: string,
  authorId: string,
  deletedBy: string,
): Promise<string[]> {
  const rows: { id: string }[] = await db('chat_messages')
    .where({ roomId, authorId })
    .whereNull('deletedAt')
    .update({ text: null, deletedAt: isoTime(), deletedBy })
    .returning('id')
  return rows.map((row) => row.id).sort()
}
