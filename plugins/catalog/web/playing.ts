import { type PlayFrom, player } from '#web'
import type { Release, Track } from '../contract.ts'

/** Tracks that can be heard now. */
export const playable = (tracks: readonly Track[]): Track[] =>
  tracks.filter(({ playback }) => playback !== null)

export const fromRelease = ({ id, title, href }: Pick<Release, 'id' | 'title' | 'href'>): PlayFrom => ({
  id: `release:${id}`,
  title,
  href,
})

/** Whether this track is the one in the player, and whether it sounds. */
export function stateOf(trackId: string): 'playing' | 'loading' | 'paused' | null {
  const state = player.value?.state.value
  if (!state || state.trackId !== trackId) return null
  if (state.status === 'playing' || state.status === 'loading') return state.status
  return 'paused'
}

/** Plays the list from this track on; the one that is in the player already goes on or stops. */
export function toggle(tracks: readonly Track[], track: Track, from: PlayFrom | null): void {
  const now = stateOf(track.id)
  if (now === 'playing' || now === 'loading') player.value?.pause()
  else if (now === 'paused') player.value?.resume()
  else begin({ tracks, track, from }, 0)
}

/** Goes to that place of the track: of the one in the player, or begins it there. */
export function playAt(
  what: { tracks: readonly Track[]; track: Track; from: PlayFrom | null },
  ms: number,
): void {
  if (stateOf(what.track.id)) player.value?.seek(ms)
  else begin(what, ms)
}

function begin(
  { tracks, track, from }: { tracks: readonly Track[]; track: Track; from: PlayFrom | null },
  ms: number,
): void {
  const heard = playable(tracks)
  const at = heard.findIndex(({ id }) => id === track.id)
  player.value?.play(heard, from, at, ms)
}
