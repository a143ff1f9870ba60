import { useEffect } from 'preact/hooks'
import type { StreamPlayer } from './stream-player.ts'

interface Shown {
  title: string
  artist: string
  poster: string | null
}

const jumpS = 10

/** Title and keys on lock screens, headsets and keyboards. */
export function useMediaSession(player: StreamPlayer, { title, artist, poster }: Shown, isOn: boolean): void {
  useEffect(() => {
    if (!isOn || !('mediaSession' in navigator)) return undefined
    const session = navigator.mediaSession
    const artwork = poster ? [{ src: new URL(poster, location.href).href }] : []
    session.metadata = new MediaMetadata({ title, artist, artwork })
    const seeking = player.source.isLive ? null : player
    const handlers: [MediaSessionAction, (() => void) | null][] = [
      ['play', () => void player.play()],
      ['pause', () => player.toggle()],
      ['seekbackward', seeking && (() => seeking.seekBy(-jumpS))],
      ['seekforward', seeking && (() => seeking.seekBy(jumpS))],
    ]
    for (const [action, handler] of handlers) session.setActionHandler(action, handler)
    return () => {
      session.metadata = null
      for (const [action] of handlers) session.setActionHandler(action, null)
    }
  }, [player, title, artist, poster, isOn])
}
