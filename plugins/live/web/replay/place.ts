import { type Signal, useSignal } from '@preact/signals'
import { useMemo, useRef } from 'preact/hooks'

/** Where the page's player is, for what stands beside it. */
export interface PlayerPlace {
  /** Milliseconds of the recording. */
  atMs: Signal<number>
  seek(ms: number): void
  /** For the player: takes its position, and how to go to one. */
  onPosition(ms: number): void
  onSeeker(seek: (ms: number) => void): void
}

export function usePlayerPlace(): PlayerPlace {
  const atMs = useSignal(0)
  const seeker = useRef<((ms: number) => void) | null>(null)
  return useMemo(
    () => ({
      atMs,
      seek: (ms: number) => {
        atMs.value = ms
        seeker.current?.(ms)
      },
      onPosition: (ms: number) => {
        atMs.value = ms
      },
      onSeeker: (seek: (ms: number) => void) => {
        seeker.current = seek
      },
    }),
    [atMs],
  )
}
