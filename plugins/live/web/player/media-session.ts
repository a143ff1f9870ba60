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
    const line = () => player.state.line.peek()
    const handlers: [MediaSessionAction, MediaSessionActionHandler][] = [
      ['play', () => void player.play()],
      ['pause', () => player.toggle()],
      ['seekbackward', ({ seekOffset }) => player.seekBy(-(seekOffset ?? jumpS))],
      ['seekforward', ({ seekOffset }) => player.seekBy(seekOffset ?? jumpS)],
      ['seekto', ({ seekTime }) => player.seekTo((line()?.fromMs ?? 0) + (seekTime ?? 0) * 1000)],
    ]
    for (const [action, handler] of handlers) session.setActionHandler(action, handler)
    return () => {
      session.metadata = null
      for (const [action] of handlers) session.setActionHandler(action, null)
      session.setPositionState?.()
    }
  }, [player, title, artist, poster, isOn])
  useEffect(() => {
    if (!isOn || !('mediaSession' in navigator)) return undefined
    // Seconds from the beginning of what can be played; once a second is enough for a lock screen.
    const timer = setInterval(() => tellPosition(player), 1_000)
    return () => clearInterval(timer)
  }, [player, isOn])
}

function tellPosition(player: StreamPlayer): void {
  const line = player.state.line.peek()
  if (!line || line.toMs <= line.fromMs) return
  const duration = (line.toMs - line.fromMs) / 1000
  const position = Math.min(duration, Math.max(0, (line.atMs - line.fromMs) / 1000))
  navigator.mediaSession.setPositionState?.({ duration, position, playbackRate: 1 })
}
