import type { Viewer } from '../access/viewer.ts'
import type { MaybePictured } from '../cameras/present.ts'
import type { Channel } from '../channels.ts'
import type { Chapter, ClockPoint, Replay, SongTitle } from '../contract.ts'
import type { Desk } from '../desk.ts'
import { titlesOf } from '../icecast/titles.ts'
import { canPublish } from '../policy.ts'
import { openTo, presentReplay } from '../present.ts'
import type { Stream } from '../streams.ts'
import { cameraPlacesOf, chaptersOf, type Mark, marksOf, placesOf } from './chapters.ts'
import { madeChapters } from './made-chapters.ts'
import { findRecordings, type RecordingRow } from './recordings.ts'
import { replayChat } from './replay-chat.ts'
import { presentStoryboard } from './storyboard/present.ts'

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
    const places = { marks: marks.get(stream.showId) ?? [], songs: songs.get(stream.id) ?? [] }
    const to = openTo(channel, stream, viewer)
    return {
      ...replay,
      clock,
      trim: trimOf(row),
      storyboard: to && presentStoryboard(desk, stream.id, row?.storyboardJson ?? null, to),
      chapters: replay.isLocked ? [] : shownChapters(stream, row, places),
      chat: replay.isLocked ? null : replayChat(desk.ctx, channel),
      download: mayDownload(desk, { channel, stream }, viewer)
        ? `/api/v1/live/replays/${stream.id}/download`
        : null,
    }
  })
}

/** By hand and by songs; where nobody wrote their own, also by what happened, where none of those is near. */
function shownChapters(
  stream: Stream,
  row: RecordingRow | undefined,
  { marks, songs }: { marks: readonly Mark[]; songs: readonly SongTitle[] },
): Chapter[] {
  const { durationMs } = stream
  const clock = clockOfRow(stream, row)
  const startsMs = row?.startsMs ?? 0
  const own = placesOf(marks, clock)
  if (row?.hasOwnChapters) return chaptersOf(own, durationMs)
  const played = songs.map(({ atMs, title }) => ({ atMs: atMs - startsMs, title }))
  const named = chaptersOf([...played, ...own], durationMs)
  const made = madeChapters({ clock, cameras: cameraPlacesOf(marks, clock), named, durationMs })
  return [...named, ...made].sort((a, b) => a.atMs - b.atMs)
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
  if (canPublish(viewer.account, channel)) return true
  return desk.ctx.settings.get().downloads === 'watchers' && viewer.mayWatch(channel, stream)
}
