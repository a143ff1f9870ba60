import type { DeckOptions } from './deck.ts'
import type { Item } from './feed.ts'
import type { FaultKind, Way } from './types.ts'

export interface StageOptions extends Pick<DeckOptions, 'graph' | 'source' | 'choose'> {
  ways: readonly Way[]
  /** Of a track's gain, clip guard included. */
  factor: (item: Item) => number
  crossfadeMs: () => number
  /** Another item sounds, without anybody having asked for it. */
  onMoved: (item: Item) => void
  onEnded: () => void
  onFailed: (item: Item, kind: FaultKind) => void
  /** The needle moved, or the status is another one. */
  onChange: () => void
}
