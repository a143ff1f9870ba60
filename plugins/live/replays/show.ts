import type { Viewer } from '../access/viewer.ts'
import type { MaybePictured } from '../cameras/present.ts'
import type { Channel } from '../channels.ts'
import type { ClockPoint, Replay } from '../contract.ts'
import type { Desk } from '../desk.ts'
import { titlesOf } from '../icecast/titles.ts'
import { canEditReplay } from '../policy.ts'
import { presentReplay } from '../present.ts'
import type { Stream } from '../streams.ts'
import { chaptersOf, marksOf, placesOf } from './chapters.ts'
import { findRecordings, type RecordingRow } from './recordings.ts'
import { replayChat } from './replay-chat.ts'

export interface Found {
  channel: Channel
  stream: MaybePictured
}

/** Recordings with what is known of them beside their streams' rows; four queries however many they are. */
export async function showReplays(desk: Desk, found: readonly Found[], viewer: Viewer): Promise<Replay[]> {
  const ids = found.map(({ stream }) => stream.id)
  const shows = [...new Set(found.map(({ stream }) => stream.showId))]
  const { db } = desk.ctx
  const [recordings, marks, songs] = await Promise.all([
    findRecordings(db, ids),
    marksOf(db, shows),
    titlesOf(db, ids),
  ])
  return found.map(({ channel, stream }) => {
    const replay = presentReplay(desk, stream, channel, viewer)
    const row = recordings.get(stream.id)
    const clock = clockOfRow(stream, row)
    const own = placesOf(marks.get(stream.showId) ?? [], clock)
    const startsMs = row?.startsMs ?? 0
    const played = row?.hasOwnChapters ? [] : (songs.get(stream.id) ?? [])
    const places = [...played.map(({ atMs, title }) => ({ atMs: atMs - startsMs, title })), ...own]
    return {
      ...replay,
      clock,
      trim: trimOf(row),
      chapters: chaptersOf(places, stream.durationMs),
      chat: replay.isLocked ? null : replayChat(desk.ctx, channel),
      download: mayDownload(desk, { channel, stream }, viewer)
        ? `/api/v1/live/replays/${stream.id}/download`
        : null,
    }
  })
}

/** Until a recording is finished its dates are taken from when it began. */
export function clockOfRow(stream: Stream, row: RecordingRow | undefined): ClockPoint[] {
  return row ? row.clockJson : [{ atMs: 0, date: stream.startedAt ?? stream.createdAt }]
}

function trimOf(row: RecordingRow | undefined): Replay['trim'] {
  if (row?.trimStartMs == null || row.trimEndMs === null) return null
  return { startMs: row.trimStartMs, endMs: row.trimEndMs, wholeMs: row.wholeMs }
}

/** Only what is complete: a file that grows while it is read has no length to tell. */
export function mayDownload(desk: Desk, { channel, stream }: Found, viewer: Viewer): boolean {
  if (stream.status !== 'ended') return false
  if (canEditReplay(viewer.account, channel)) return true
  return desk.ctx.settings.get().downloads === 'watchers' && viewer.mayWatch(channel, stream)
}
