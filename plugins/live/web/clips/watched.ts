import { signal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'

/** What the page's player of a running stream shows now, for what is done with that moment. */
export interface Watched {
  streamId: string
  /** Date of the moment, in milliseconds since 1970, by the stream's clock. */
  atMs: number
  seek(atMs: number, isPlaying?: boolean): void
}

export const watched = signal<Watched | null>(null)

/** For the player: tells of its moments, as long as it is on the page. */
export function useWatched(streamId: string | null) {
  const newest = useRef(streamId)
  newest.current = streamId
  // biome-ignore lint/correctness/useExhaustiveDependencies: another stream's moment is none of this one's
  useEffect(
    () => () => {
      watched.value = null
    },
    [streamId],
  )
  return useMemo(() => {
    let seek: Watched['seek'] = () => {}
    return {
      onSeeker: (given: Watched['seek']) => {
        seek = given
      },
      onPosition: (atMs: number) => {
        if (!newest.current) return
        watched.value = { streamId: newest.current, atMs, seek: (ms, isPlaying) => seek(ms, isPlaying) }
      },
    }
  }, [])
}
