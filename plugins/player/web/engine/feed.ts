import type { Playable, PlayerTime, Sounding, Way } from './types.ts'

/** A track at its place in the queue. */
export interface Item {
  key: number
  track: Playable
}

/** What is under the needle, in seconds of music. */
export interface Place {
  item: Item
  seconds: number
  duration: number
  bufferedTo: number
  sounding: Sounding | null
  /** The follower plays on from here without a gap. */
  isFollowed: boolean
}

export const timeOf = ({ seconds, duration, bufferedTo }: Place): PlayerTime => ({
  positionMs: seconds * 1000,
  durationMs: duration * 1000,
  bufferedMs: bufferedTo * 1000,
})

/** Brings tracks into an audio element. */
export interface Feed {
  readonly way: Way
  start(item: Item, seconds: number): void
  /** What goes on without a gap where this one ends; null: nothing. Only `mse` can. */
  follow(item: Item | null): void
  seek(seconds: number): void
  place(): Place | null
  /** Another quality was chosen. */
  refresh(): void
  dispose(): void
}

export type FeedFailed = (item: Item, error: unknown) => void
