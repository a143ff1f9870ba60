import type { Db } from '#sdk'
import type { Stream } from '../streams.ts'
import { type Pictured, pictured } from './angles.ts'
import { choicesOf } from './cameras.ts'
import type { OpenStreams } from './open-streams.ts'

const table = 'live_streams'

/** Every stream of those shows, oldest first. */
export async function listShows(db: Db, showIds: string[]): Promise<Stream[]> {
  return showIds.length === 0
    ? []
    : db<Stream>(table)
        .whereIn('showId', [...new Set(showIds)])
        .orderBy('id')
}

/**
 * The show that another camera of the channel is in, here or at another machine's ingest; none where the camera would
 * be the only one, as when a DJ takes over from another.
 */
export async function findShow(
  db: Db,
  here: OpenStreams,
  { channelId, camera }: Pick<Stream, 'channelId' | 'camera'>,
): Promise<string | undefined> {
  const beside = here.camerasOf(channelId).find(({ stream }) => stream.camera !== camera)
  if (beside) return beside.stream.showId
  const others: Stream[] = await db<Stream>(table)
    .where({ channelId, stopReason: null })
    .whereNot({ camera })
    .whereNot({ status: 'ended' })
    .orderBy('id')
  // What is known here and not in `camerasOf` is about to end.
  return others.find(({ id }) => !here.get(id))?.showId
}

/** From now on the recordings of this camera stand for the show in lists. */
export async function leadShow(db: Db, showId: string, camera: number): Promise<void> {
  await db(table).where({ showId, camera }).update({ isMain: true })
  await db(table).where({ showId }).whereNot({ camera }).update({ isMain: false })
}

/** Where what stood for a show is gone, or never came, its first camera with something to see stands for it. */
export async function keepShowListed(db: Db, streamId: string): Promise<void> {
  const show: Stream[] = await db<Stream>(table)
    .where('showId', db(table).select('showId').where({ id: streamId }))
    .where({ isRemoved: false })
  if (show.length === 0 || show.some((stream) => stream.isMain && isSeen(stream))) return
  const [first] = show.filter(isSeen).sort((a, b) => a.camera - b.camera)
  if (first) await leadShow(db, first.showId, first.camera)
}

const isSeen = ({ status, durationMs }: Stream) => status !== 'ended' || durationMs > 0

/** Recordings with the other cameras of their shows that ran at the same time. */
export async function withAngles(db: Db, recordings: Stream[]): Promise<Pictured[]> {
  const shows = Map.groupBy(
    await listShows(
      db,
      recordings.map(({ showId }) => showId),
    ),
    ({ showId }) => showId,
  )
  const several = recordings.filter(({ showId }) => (shows.get(showId) ?? []).length > 1)
  const channelIds = [...new Set(several.map(({ channelId }) => channelId))]
  const choices = await choicesOf(db, channelIds)
  return recordings.map((recording) => {
    const choice = choices.get(recording.channelId)
    const others = (shows.get(recording.showId) ?? []).filter((other) => isBeside(recording, other))
    // Who the director listens to now says nothing about then.
    return pictured(recording, others, choice && { ...choice, audioCamera: null })
  })
}

function isBeside(recording: Stream, other: Stream): boolean {
  if (other.camera === recording.camera || other.isRemoved || other.durationMs === 0) return false
  if (other.status !== 'ended' && other.status !== 'interrupted') return false
  const endOf = ({ endedAt }: Stream) => endedAt ?? '9'
  const startOf = ({ startedAt, createdAt }: Stream) => startedAt ?? createdAt
  return startOf(other) <= endOf(recording) && startOf(recording) <= endOf(other)
}

/** The recordings that go with one: the cameras of its show that no other listed recording stands for. */
export async function listHidden(db: Db, recording: Stream): Promise<Stream[]> {
  const show = await listShows(db, [recording.showId])
  const isStoodFor = show.some(
    ({ id, isMain, isRemoved, durationMs }) => id !== recording.id && isMain && !isRemoved && durationMs > 0,
  )
  if (isStoodFor || !recording.isMain) return []
  return show.filter(({ id, isRemoved, status }) => id !== recording.id && !isRemoved && status === 'ended')
}
