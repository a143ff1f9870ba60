import { Id, notFound } from '#contract'
import { type Db, pageFrom, problem } from '#sdk'
import type { Stream } from '../streams.ts'

/** The first streams of a channel's shows that ever began: what a show is called by. */
function shows(db: Db, channelId: string) {
  return db<Stream>('live_streams')
    .where({ channelId })
    .whereNotNull('startedAt')
    .where((either) => either.whereNull('showId').orWhere('showId', db.ref('id')))
}

export async function newestShow(db: Db, channelId: string): Promise<Stream | null> {
  return (await shows(db, channelId).orderBy('id', 'desc').first()) ?? null
}

/** The show that a stream belongs to; not-found for another channel's. */
export async function findShow(db: Db, channelId: string, streamId: string): Promise<Stream> {
  const id = streamId.toLowerCase()
  if (!Id.safeParse(id).success) throw problem(notFound)
  const stream: Stream | undefined = await db<Stream>('live_streams').where({ channelId, id }).first()
  if (!stream) throw problem(notFound)
  if (stream.showId === null || stream.showId === id) return stream
  const first: Stream | undefined = await db<Stream>('live_streams').where({ id: stream.showId }).first()
  return first ?? stream
}

export async function listShowsOf(
  db: Db,
  channelId: string,
  page: { after?: string | undefined; limit: number },
): Promise<{ items: Stream[]; next: string | null }> {
  const query = shows(db, channelId)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after) query.where('id', '<', page.after)
  const rows: Stream[] = await query
  return pageFrom(rows, page.limit)
}
