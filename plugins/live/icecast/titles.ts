import { type Db, isoTime, newId } from '#sdk'
import { accessOf } from '../access/rights.ts'
import { findChannel } from '../channels.ts'
import { channelRoom, type PlayedTitle, type SongTitle } from '../contract.ts'
import type { FromIngest } from '../media/types.ts'
import type { LiveContext } from '../settings.ts'
import { findStream } from '../streams.ts'

interface TitleRow {
  id: string
  streamId: string
  atMs: number
  title: string
}

const table = 'live_titles'
/** Two days of a title a minute. */
const mostOfStream = 3_000

/**
 * Keeps what a publisher says is played and tells the channel's pages: by name what everybody may hear, else only that
 * there is something, for those to ask who may.
 */
export async function keepTitle(
  { db, realtime }: Pick<LiveContext, 'db' | 'realtime'>,
  { slug }: { slug: string },
  { streamId, title, atMs }: Extract<FromIngest, { type: 'title' }>,
): Promise<void> {
  await insertTitle(db, streamId, { atMs, title })
  const [channel, stream] = [await findChannel(db, slug), await findStream(db, streamId)]
  const isOpen = channel !== null && accessOf(channel, stream) === 'public'
  if (isOpen) realtime.publish(channelRoom, { slug }, 'title', { streamId, title, atMs, at: isoTime() })
  else realtime.publish(channelRoom, { slug }, 'titles', { streamId })
}

/** Nothing is kept beyond what a very long stream needs. */
export async function insertTitle(db: Db, streamId: string, { atMs, title }: SongTitle): Promise<void> {
  await db.tx(async (db) => {
    const [row] = await db<TitleRow>(table).where({ streamId }).count({ count: '*' })
    if (Number(row?.count ?? 0) < mostOfStream) await db(table).insert({ id: newId(), streamId, atMs, title })
  })
}

/** What was played in each of the streams, by position; streams without titles have an empty list. */
export async function titlesOf(db: Db, streamIds: string[]): Promise<Map<string, SongTitle[]>> {
  const titles = new Map<string, SongTitle[]>(streamIds.map((id) => [id, []]))
  if (streamIds.length === 0) return titles
  const rows = await db<TitleRow>(table).whereIn('streamId', streamIds).orderBy(['atMs', 'id'])
  for (const { streamId, atMs, title } of rows) titles.get(streamId)?.push({ atMs, title })
  return titles
}

const lastTitles = 30
/** Ids are UUIDv7: their first 48 bits are when they were made, in milliseconds (RFC 9562, 5.7). */
const timeOf = (id: string): Date => new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16))

/** The last songs of a stream, newest first. */
export async function lastTitlesOf(db: Db, streamId: string): Promise<PlayedTitle[]> {
  const rows: TitleRow[] = await db<TitleRow>(table)
    .where({ streamId })
    .orderBy('id', 'desc')
    .limit(lastTitles)
  return rows.map(({ id, atMs, title }) => ({ atMs, title, at: isoTime(timeOf(id)) }))
}
