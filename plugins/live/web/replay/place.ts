import { type Signal, useSignal } from '@preact/signals'
import { useMemo, useRef } from 'preact/hooks'
import type { Seek } from '../player/Player.tsx'

/** Where the page's player is, for what stands beside it. */
export interface PlayerPlace {
  /** Milliseconds of the recording. */
  atMs: Signal<number>
  /** `isPlaying`: and plays from there. */
  seek(ms: number, isPlaying?: boolean): void
  /** For the player: takes its position, and how to go to one. */
  onPosition(ms: number): void
  onSeeker(seek: Seek): void
}

export function usePlayerPlace(): PlayerPlace {
  const atMs = useSignal(0)
  const seeker = useRef<Seek | null>(null)
  return useMemo(
    () => ({
      atMs,
      seek: (ms: number, isPlaying?: boolean) => {
        atMs.value = ms
        seeker.current?.(ms, isPlaying)
      },
      onPosition: (ms: number) => {
        atMs.value = ms
      },
      onSeeker: (seek: Seek) => {
        seeker.current = seek
      },
    }),
    [atMs],
  )
}
