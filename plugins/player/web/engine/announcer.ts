import { signal } from '@preact/signals'
import type { PlayerEvents, PlayerState, TrackFault } from './types.ts'

const stillState: PlayerState = {
  status: 'idle',
  track: null,
  sounding: null,
  gainDb: 0,
  fault: null,
  isOnline: true,
  sleep: null,
}

/** What the page is told: the state as a signal, and events. */
export class Announcer {
  readonly state = signal(stillState)
  readonly #listeners = new Map<keyof PlayerEvents, Set<(data: never) => void>>()

  /** A new value only where something is another one: a look at the clock renders nothing. */
  tell(change: Partial<PlayerState>): void {
    const before = this.state.value
    const isSame = Object.entries(change).every(
      ([key, value]) => JSON.stringify(value) === JSON.stringify(before[key as keyof PlayerState]),
    )
    if (!isSame) this.state.value = { ...before, ...change }
  }

  fail(fault: TrackFault): void {
    this.tell({ fault })
    this.emit('fault', fault)
  }

  on<K extends keyof PlayerEvents>(event: K, listener: (data: PlayerEvents[K]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, listeners.add(listener))
    return () => listeners.delete(listener)
  }

  emit<K extends keyof PlayerEvents>(event: K, data: PlayerEvents[K]): void {
    for (const listener of this.#listeners.get(event) ?? [])
      (listener as (data: PlayerEvents[K]) => void)(data)
  }
}
