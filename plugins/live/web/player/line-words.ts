import { formatClock, formatDate, type Translate } from '#web'
import type { Chapter } from '../../contract.ts'
import type { Line } from './player-state.ts'
import type { playerTexts } from './texts.ts'

type T = Translate<(typeof playerTexts)['en']>

/** Nearer to the end than this is live. */
const liveWithinMs = 2_500

/** `-3:20` behind live, `Live` at the edge; of a recording the time from its beginning. */
export function shortWords(t: T, { toMs }: Pick<Line, 'toMs'>, atMs: number, isLive: boolean): string {
  if (!isLive) return formatClock(atMs)
  return toMs - atMs < liveWithinMs ? t('live') : `-${formatClock(toMs - atMs)}`
}

/** The same with the time of day; and the chapter. */
export function longWords(t: T, line: Pick<Line, 'toMs'>, atMs: number, isLive: boolean): string {
  if (!isLive) return t('seekAt', { at: formatClock(atMs), of: formatClock(line.toMs) })
  if (line.toMs - atMs < liveWithinMs) return t('live')
  return t('behindAt', {
    behind: formatClock(line.toMs - atMs),
    at: formatDate(new Date(atMs).toISOString(), 'time'),
  })
}

/** The chapter that runs at a position; null before the first one. */
export function chapterAt(chapters: readonly Chapter[], atMs: number): Chapter | null {
  return chapters.findLast((chapter) => chapter.atMs <= atMs) ?? null
}

/** A chapter that has only just begun is left for the one before. */
const justBegunMs = 2_000

/** Where the next chapter begins, or this one or the one before it; null where there is none. */
export function chapterBeside(
  chapters: readonly Chapter[],
  atMs: number,
  to: 'before' | 'next',
): number | null {
  if (to === 'next') return chapters.find((chapter) => chapter.atMs > atMs)?.atMs ?? null
  if (chapters.length === 0) return null
  return chapterAt(chapters, atMs - justBegunMs)?.atMs ?? 0
}
