import { useEffect, useState } from 'preact/hooks'
import type { ChannelView, Playback } from '../../contract.ts'

/** What a player of the channel needs. */
export interface OnAir {
  id: string
  playback: Playback
  poster: string | null
}

/** A stream's last seconds are still in the players when it ends: nobody loses them. */
const lingerMs = 20_000

function onAirOf({ status, streamId, playback, poster }: ChannelView): OnAir | null {
  return status === 'live' && streamId && playback ? { id: streamId, playback, poster } : null
}

/** The stream to show: the one on air, or the one that has just ended until its player has come to the end. */
export function useLastStream(channel: ChannelView): {
  stream: OnAir | null
  /** It was on while this page was open. */
  hasEnded: boolean
  onEnded(): void
} {
  const onAir = onAirOf(channel)
  const [last, setLast] = useState<OnAir | null>(onAir)
  const [wasOn, setWasOn] = useState(onAir !== null)
  const [endedId, setEnded] = useState<string | null>(null)
  const id = onAir?.id ?? null
  // biome-ignore lint/correctness/useExhaustiveDependencies: told by id; addresses change without meaning
  useEffect(() => {
    if (onAir) {
      setLast(onAir)
      setWasOn(true)
      return undefined
    }
    const timer = setTimeout(() => setLast(null), lingerMs)
    return () => clearTimeout(timer)
  }, [id])
  const lingering = last && last.id !== endedId ? last : null
  return { stream: onAir ?? lingering, hasEnded: wasOn && !onAir, onEnded: () => setEnded(last?.id ?? id) }
}
