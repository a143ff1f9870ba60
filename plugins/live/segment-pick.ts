import { join } from 'node:path'
import type { SegmentPaths } from '#ffmpeg'
import { readRecording } from './media/recording.ts'
import { initName, segmentName } from './media/stream-files.ts'
import type { IndexEntry } from './media/types.ts'

/**
 * One segment of a stream's folder that decodes by itself: the newest, or the one in the middle, which tells more of
 * a finished show than its last seconds. Null where there is none.
 */
export async function pickSegment(
  dir: string,
  wanted: { track: 'video' | 'audio'; place: 'newest' | 'middle' },
): Promise<(SegmentPaths & { entry: IndexEntry }) | null> {
  const { track, place } = wanted
  const { entries } = await readRecording(dir)
  const usable = entries.filter((entry) => entry.track === track && entry.isIndependent)
  const entry = place === 'newest' ? usable.at(-1) : usable[Math.floor(usable.length / 2)]
  if (!entry) return null
  return {
    entry,
    initPath: join(dir, initName(track, entry.initId)),
    segmentPath: join(dir, segmentName(track, entry.seq)),
  }
}
