import { notFound } from '#contract'
import { type Db, isoTime, newId, problem } from '#sdk'

/** A row of chat_rooms. A stream's room has the address of its channel. */
export interface Room {
  id: string
  slug: string
  title: string
  kind: 'room' | 'stream'
  channelId: string | null
  slowModeS: number
  isClosed: boolean
  /** What hosts and moderators pinned. */
  pinnedMessageId: string | null
  createdAt: string
}

/** The room every site has from the start. */
export const generalRoom = { slug: 'general', title: 'General', kind: 'room', channelId: null } as const

/** The room at this address, or null. */
export async function findRoom(db: Db, slug: string): Promise<Room | null> {
  return (await db('chat_rooms').where({ slug }).first()) ?? null
}

/** The room with this id; throws not-found. */
export async function getRoomById(db: Db, id: string): Promise<Room> {
  const room: Room | undefined = await db('chat_rooms').where({ id }).first()
  if (!room) throw problem(notFound)
  return room
}

/** All rooms that are no stream's, by title. */
export async function listPublicRooms(db: Db): Promise<Room[]> {
  return db('chat_rooms').where({ kind: 'room' }).orderBy('title').orderBy('id')
}

/** Makes the room; null where its address or its channel already has one. */
export async function insertRoom(
  db: Db,
  room: Pick<Room, 'slug' | 'title' | 'kind' | 'channelId'>,
): Promise<Room | null> {
  const rows: Room[] = await db('chat_rooms')
    .insert({ id: newId(), ...room, slowModeS: 0, isClosed: false, createdAt: isoTime() })
    .onConflict()
    .ignore()
    .returning('*')
  return rows[0] ?? null
}

/** The room at this address, made where there is none; safe in a race. */
export async function ensureRoom(
  db: Db,
  room: Pick<Room, 'slug' | 'title' | 'kind' | 'channelId'>,
): Promise<Room> {
  const found = (await findRoom(db, room.slug)) ?? (await insertRoom(db, room))
  if (found) return found
  const other = await findRoom(db, room.slug)
  if (!other) throw problem(notFound)
  return other
}

/** Keeps a stream's room titled as its channel. */
export async function retitleStreamRoom(db: Db, channelId: string, title: string): Promise<void> {
  await db('chat_rooms').where({ channelId }).update({ title })
}

/** Sets slow mode; 0 is off. */
export async function updateSlowMode(db: Db, id: string, slowModeS: number): Promise<void> {
  await db('chat_rooms').where({ id }).update({ slowModeS })
}

/** Pins a message in place of the one before. */
export async function setNotice(db: Db, id: string, pinnedMessageId: string): Promise<void> {
  await db('chat_rooms').where({ id }).update({ pinnedMessageId })
}

/** Ends the pin of that message. False where another one is pinned, or none. */
export async function clearNotice(db: Db, id: string, pinnedMessageId: string): Promise<boolean> {
  const count: number = await db('chat_rooms')
    .where({ id, pinnedMessageId })
    .update({ pinnedMessageId: null })
  return count > 0
}
