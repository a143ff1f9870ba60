import { effect } from '@preact/signals'
import type { Playable, Player } from './types.ts'

/** What lock screens and headsets show of a track. */
export interface SessionFacts {
  title: string
  artist: string
  album: string
  artwork: { src: string; sizes: string; type: string }[]
}

const stepSeconds = 10

/** Ties a player to the system's own buttons, where there are any; `facts` are asked for at each track. */
export function connectMediaSession(player: Player, facts: (track: Playable) => SessionFacts): () => void {
  const session = navigator.mediaSession
  if (!session) return () => {}
  const seekTo = (ms: number) => {
    player.seek(Math.min(Math.max(ms, 0), player.time().durationMs))
    tellPosition(session, player)
  }
  const step = (by: number) => seekTo(player.time().positionMs + by * 1000)
  const handlers: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
    play: () => player.play(),
    pause: () => player.pause(),
    stop: () => player.stop(),
    nexttrack: () => player.next(),
    previoustrack: () => player.previous(),
    seekbackward: ({ seekOffset }) => step(-(seekOffset ?? stepSeconds)),
    seekforward: ({ seekOffset }) => step(seekOffset ?? stepSeconds),
    seekto: ({ seekTime }) => seekTo((seekTime ?? 0) * 1000),
  }
  const actions = Object.entries(handlers) as [MediaSessionAction, MediaSessionActionHandler][]
  for (const [action, handler] of actions) handle(session, action, handler)
  let shown: string | undefined
  const stopTrack = effect(() => {
    const { track } = player.state.value
    if (track?.id === shown) return
    shown = track?.id
    session.metadata = track && new MediaMetadata(facts(track))
  })
  const stopStatus = effect(() => {
    const { status } = player.state.value
    const isOn = status === 'playing' || status === 'loading' || status === 'stalled'
    session.playbackState = status === 'idle' || status === 'ended' ? 'none' : isOn ? 'playing' : 'paused'
    void player.settings.value.speed
    tellPosition(session, player)
  })
  return () => {
    stopTrack()
    stopStatus()
    for (const [action] of actions) handle(session, action, null)
    session.metadata = null
    session.playbackState = 'none'
  }
}

/** The system counts on by itself: it is told only where that would go wrong. */
function tellPosition(session: MediaSession, player: Player): void {
  const { positionMs, durationMs } = player.time()
  const isKnown = durationMs > 0
  session.setPositionState(
    isKnown
      ? {
          duration: durationMs / 1000,
          position: Math.min(positionMs, durationMs) / 1000,
          playbackRate: player.settings.value.speed,
        }
      : undefined,
  )
}

/** A browser that does not know an action throws. */
function handle(
  session: MediaSession,
  action: MediaSessionAction,
  handler: MediaSessionActionHandler | null,
) {
  try {
    session.setActionHandler(action, handler)
  } catch {
    // The other buttons work.
  }
}
