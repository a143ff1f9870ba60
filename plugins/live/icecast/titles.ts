import { type Db, newId } from '#sdk'
import { channelRoom, type SongTitle } from '../contract.ts'
import type { FromIngest } from '../media/types.ts'
import type { LiveContext } from '../settings.ts'

interface TitleRow {
  id: string
  streamId: string
  atMs: number
  title: string
}

const table = 'live_titles'
/** Two days of a title a minute. */
const mostOfStream = 3_000

/** Keeps what a publisher says is played and tells the channel's pages. */
export async function keepTitle(
  { db, realtime }: Pick<LiveContext, 'db' | 'realtime'>,
  of: { slug: string },
  { streamId, title, atMs }: Extract<FromIngest, { type: 'title' }>,
): Promise<void> {
  await insertTitle(db, streamId, { atMs, title })
  realtime.publish(channelRoom, { slug: of.slug }, 'title', { streamId, title, atMs })
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
