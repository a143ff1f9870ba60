import type { ShowStats, ShowTotals } from '../contract.ts'
import type { LiveContext } from '../settings.ts'
import type { Stream } from '../streams.ts'
import { curveOf, dueOf, retentionOf } from './curve.ts'
import { readFigures } from './figure-book.ts'
import { type AudienceRow, audiencesOf, listSteps, replaysOf } from './figures-store.ts'
import { bucketMs } from './replay-figures.ts'
import { nobody, type Step } from './show-figures.ts'

const mostMinutes = 240
/** How late the newest step is written at most. */
const writtenMs = 10_000

/** Everything known of a show's audience; `stream` is the one the show is called by. */
export async function statsOf(ctx: LiveContext, stream: Stream, nowMs = Date.now()): Promise<ShowStats> {
  const { db } = ctx
  const [steps, audiences, replays] = [
    await listSteps(db, stream.id),
    await audiencesOf(db, [stream.id]),
    await replaysOf(db, [stream.id]),
  ]
  const audience = audiences.get(stream.id)
  const { startedAt, from, until } = timesOf(stream, nowMs)
  const minutes = Math.min(mostMinutes, Math.floor((until - from) / 60_000))
  const curve = curveOf(steps, from, stream.endedAt ? until : knownUntil(steps, until))
  const due = audience?.due ?? dueOf(steps, until, minutes)
  const time = {
    streamId: stream.id,
    channelId: stream.channelId,
    fromAt: curve.fromAt,
    untilAt: new Date(until).toISOString(),
    stepS: curve.stepS,
  }
  const { people, peak, watchS, stays, kinds } = audience ?? nobody()
  const replay = replays.get(stream.id)
  return {
    streamId: stream.id,
    title: stream.title,
    startedAt,
    endedAt: stream.endedAt,
    ...curve,
    people,
    peak,
    watchS,
    retention: retentionOf(stays, due),
    devices: byCount(kinds.devices),
    browsers: byCount(kinds.browsers),
    countries: byCount(kinds.countries),
    figures: await readFigures(ctx, time),
    replay: { people: replay?.people ?? 0, bucketS: bucketMs / 1000, viewers: replay?.buckets ?? [] },
  }
}

export async function totalsOf({ db }: LiveContext, streams: readonly Stream[]): Promise<ShowTotals[]> {
  const ids = streams.map(({ id }) => id)
  const [audiences, replays] = [await audiencesOf(db, ids), await replaysOf(db, ids)]
  return streams.map((stream) => {
    const { people, peak, watchS }: Pick<AudienceRow, 'people' | 'peak' | 'watchS'> =
      audiences.get(stream.id) ?? nobody()
    const { id, title, endedAt, durationMs } = stream
    const { startedAt } = timesOf(stream, Date.now())
    const replayPeople = replays.get(id)?.people ?? 0
    return { streamId: id, title, startedAt, endedAt, durationMs, people, peak, watchS, replayPeople }
  })
}

/** Each step is written when it is over: of the one that runs nothing is known, which is not that nobody watches. */
function knownUntil(steps: readonly Step[], nowMs: number): number {
  const ends = steps.map(({ at, stepS }) => Date.parse(at) + stepS * 1000)
  return Math.min(nowMs, Math.max(nowMs - writtenMs, ...ends))
}

function timesOf({ startedAt, createdAt, endedAt }: Stream, nowMs: number) {
  const began = startedAt ?? createdAt
  return { startedAt: began, from: Date.parse(began), until: endedAt ? Date.parse(endedAt) : nowMs }
}

const byCount = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
