import { effect } from '@preact/signals'
import type { Player } from '../engine/types.ts'
import { newStartId } from './start-id.ts'

const tab = newStartId(Date.now())

/** One sound at a time: another tab that begins silences this one, and so does a film on this page. */
export function beAlone(engine: Player): () => void {
  const others = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('veza-player')
  let wasPlaying = false
  const stop = effect(() => {
    const isPlaying = engine.state.value.status === 'playing'
    if (isPlaying && !wasPlaying) others?.postMessage(tab)
    wasPlaying = isPlaying
  })
  const hush = () => {
    if (['playing', 'loading', 'stalled'].includes(engine.state.peek().status)) engine.pause()
  }
  const onMessage = ({ data }: MessageEvent) => {
    if (data !== tab) hush()
  }
  const onFilm = ({ target }: Event) => {
    if (target instanceof HTMLVideoElement && !target.muted) hush()
  }
  others?.addEventListener('message', onMessage)
  document.addEventListener('play', onFilm, true)
  return () => {
    stop()
    others?.close()
    document.removeEventListener('play', onFilm, true)
  }
}
