import { useEffect, useState } from 'preact/hooks'
import type { StreamPlayer } from './stream-player.ts'

/** The first that are asked for are made within a second, most of them. */
const againMs = 1_000
const laterMs = 3_000
/** A picture from further away tells of something else; of long streams, a fiftieth of their line. */
const nearMs = 90_000
const nearShare = 0.02

/** The date of the picture that stands for a moment; null where there is none near. */
export function nearestStill(dates: readonly number[], atMs: number, spanMs: number): number | null {
  const date = dates.findLast((one) => one <= atMs) ?? dates[0]
  if (date === undefined) return null
  return Math.abs(date - atMs) <= Math.max(nearMs, spanMs * nearShare) ? date : null
}

/**
 * Pictures of what was seen of a running stream, by dates: what is there already is listed, and more is made, only
 * while somebody points at the line.
 */
export function useLiveStills(
  { source, playback }: StreamPlayer,
  isPointed: boolean,
): (atMs: number, spanMs: number) => string | null {
  const dvr = source.isLive && playback.hasVideo ? playback.dvr : null
  const folder = dvr?.replace(/[^/]+$/, '') ?? null
  const [known, setKnown] = useState<{ folder: string; dates: number[] } | null>(null)
  useEffect(() => {
    if (!isPointed || folder === null) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const left = new AbortController()
    const ask = async (thenMs: number) => {
      try {
        const answer = await fetch(`${folder}stills.json`, { signal: left.signal })
        if (answer.ok) setKnown({ folder, dates: ((await answer.json()) as { dates: number[] }).dates })
      } catch {
        // The time alone says where it is, too.
      }
      if (!left.signal.aborted) timer = setTimeout(() => void ask(laterMs), thenMs)
    }
    void ask(againMs)
    return () => {
      left.abort()
      clearTimeout(timer)
    }
  }, [folder, isPointed])
  return (atMs, spanMs) => {
    const date = known?.folder === folder ? nearestStill(known?.dates ?? [], atMs, spanMs) : null
    return date === null ? null : `${folder}still-${date}.jpg`
  }
}
