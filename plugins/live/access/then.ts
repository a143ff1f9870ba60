import { getChannel } from '../channels.ts'
import type { Desk } from '../desk.ts'
import type { Stream } from '../streams.ts'
import { accessOf, type MayWatch, mayStrangerWatch, type Subject, type Watcher } from './rights.ts'

type Shown = Pick<Stream, 'access' | 'eventId' | 'startedAt' | 'endedAt'>

/**
 * Says of moments of that time whether somebody may watch what was on air then, and between shows what the channel
 * itself says: what was said beside a closed set stays with those who could watch it, whatever is on air now.
 */
export async function mayWatchThen(
  desk: Pick<Desk, 'ctx' | 'rights'>,
  who: () => Promise<Watcher | null>,
  { slug, from, until }: { slug: string; from: string; until: string },
): Promise<(at: string) => boolean> {
  const { db } = desk.ctx
  const channel = await getChannel(db, slug)
  const shown: Shown[] = await db('live_streams')
    .where({ channelId: channel.id })
    .where((either) => either.whereNotNull('access').orWhereNotNull('eventId'))
    .where('startedAt', '<=', until)
    .where((either) => either.whereNull('endedAt').orWhere('endedAt', '>=', from))
    .select('access', 'eventId', 'startedAt', 'endedAt')
  const isOpen = [undefined, ...shown].every((stream) => accessOf(channel, stream) === 'public')
  if (isOpen) return () => true
  const subjects: Subject[] = [{ channel }, ...shown.map((stream) => ({ channel, stream }))]
  const watcher = await who()
  const mayWatch: MayWatch = watcher ? await desk.rights.of(watcher, subjects) : mayStrangerWatch
  return (at) => {
    const then = shown.filter(({ startedAt, endedAt }) => (startedAt ?? '') <= at && at <= (endedAt ?? at))
    return then.length === 0 ? mayWatch(channel) : then.every((stream) => mayWatch(channel, stream))
  }
}
