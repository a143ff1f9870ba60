import { type Signal, signal } from '@preact/signals'

/** What the bar shows of a track before and while it plays; `Track` of the catalogue has all of it. */
export interface PlayableCard {
  id: string
  title: string
  artists: { name: string; role: string; slug: string | null }[]
  durationMs: number
}
/** From where something plays, as "playing from Night Drives"; `id` as `release:…`, `playlist:…`, `radio:…`. */
export interface PlayFrom {
  id: string
  title: string
  href: string | null
}
export interface PlayerState {
  status: 'idle' | 'loading' | 'playing' | 'paused' | 'blocked'
  trackId: string | null
  from: PlayFrom | null
}

/** The one player of the page, as other plugins use it; made by the plugin `player`. */
export interface Player {
  state: Signal<PlayerState>
  /** Replaces the queue and plays at once; `index` is that of the first track. */
  play(tracks: readonly PlayableCard[], from: PlayFrom | null, index?: number, atMs?: number): void
  playNext(tracks: readonly PlayableCard[], from: PlayFrom | null): void
  addLast(tracks: readonly PlayableCard[], from: PlayFrom | null): void
  pause(): void
  resume(): void
  /** Within the present track, in milliseconds. */
  seek(ms: number): void
  /** Where the present track is, in milliseconds; cheap, for drawing. */
  positionMs(): number
  /** Something may be played soon: fetches its beginning. */
  warm(track: PlayableCard): void
}

/** Null where the plugin is off, or until it is loaded. */
export const player: Signal<Player | null> = signal(null)
/** Called once by the plugin that plays. */
export function setPlayer(made: Player): void {
  player.value = made
}
