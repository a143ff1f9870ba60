import type { Chapter, ChapterCause, ClockPoint } from '../contract.ts'

/** No two chapters that nobody named are nearer, nor is one that somebody did, the beginning or the end. */
const apartMs = 30_000
/** What an encoder needs to connect again is no interruption. */
const shortestBreakMs = 5_000
/** Of a director who never stops changing cameras fewer changes are chapters, so that they stay a list to read. */
const mostMade = 40

/** A change of the main camera, at a position of the recording. */
export interface CameraPlace {
  atMs: number
  camera: number
  /** Null where nobody named it. */
  title: string | null
}

export interface MadeFrom {
  clock: readonly ClockPoint[]
  cameras: readonly CameraPlace[]
  /** Chapters by song titles and by hand. */
  named: readonly Chapter[]
  durationMs: number
}

/** Chapters of what happened by itself, where none is near: ends of interruptions first, then changes of the camera. */
export function madeChapters({ clock, cameras, named, durationMs }: MadeFrom): Chapter[] {
  const taken = [0, durationMs, ...named.map(({ atMs }) => atMs)]
  const isWithin = ({ atMs }: Chapter) => atMs > 0 && atMs < durationMs
  const candidates = [...endsOfBreaks(clock), ...cameras.map(changeTo)].filter(isWithin)
  let made = thinned(candidates, taken, apartMs)
  for (let apart = apartMs * 2; made.length > mostMade; apart *= 2) made = thinned(candidates, taken, apart)
  return made.sort((a, b) => a.atMs - b.atMs)
}

/** The first of those that are too near to each other stays. */
function thinned(candidates: readonly Chapter[], taken: readonly number[], apart: number): Chapter[] {
  const places = [...taken]
  return candidates.filter(({ atMs }) => {
    const isFree = places.every((place) => Math.abs(place - atMs) >= apart)
    if (isFree) places.push(atMs)
    return isFree
  })
}

function endsOfBreaks(clock: readonly ClockPoint[]): Chapter[] {
  return clock.flatMap(({ atMs, date }, i) => {
    const before = clock[i - 1]
    if (!before) return []
    const missingMs = Date.parse(date) - Date.parse(before.date) - (atMs - before.atMs)
    if (missingMs < shortestBreakMs) return []
    return [named(atMs, 'After an interruption', { kind: 'interruption' })]
  })
}

function changeTo({ atMs, camera, title }: CameraPlace): Chapter {
  return named(atMs, `Switch to ${title ?? `camera ${camera}`}`, { kind: 'camera', camera, title })
}

const named = (atMs: number, title: string, cause: ChapterCause): Chapter => ({
  atMs: Math.round(atMs),
  title,
  cause,
})
