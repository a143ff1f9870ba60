import type { Tap } from '../ingest/tap.ts'
import type { Sample, TrackConfig } from '../media/types.ts'
import { Forwarder, type ForwardState } from './forwarder.ts'
import type { PushTarget } from './rtmp-push.ts'

/** Where one stream is sent on to, as the web process says it; always all of them. */
export interface SimulcastTarget extends PushTarget {
  id: string
}
export type ToldState = ForwardState & { id: string }

/** The destinations of one stream, in the ingest process. */
export class Forwarders implements Tap {
  readonly #told: (states: ToldState[]) => void
  readonly #open = new Map<string, Forwarder>()
  readonly #states = new Map<string, ForwardState>()
  readonly #configs = new Map<string, TrackConfig>()

  constructor(told: (states: ToldState[]) => void) {
    this.#told = told
  }

  /** Begins, changes and ends what is different from before. */
  set(targets: readonly SimulcastTarget[]): void {
    const wanted = new Set(targets.map(({ id }) => id))
    for (const [id, forwarder] of this.#open) if (!wanted.has(id)) this.#drop(id, forwarder)
    for (const target of targets) {
      const known = this.#open.get(target.id)
      if (known) known.retarget(target)
      else this.#begin(target)
    }
    this.#tell()
  }

  config(config: TrackConfig): void {
    this.#configs.set(config.track, config)
    for (const forwarder of this.#open.values()) forwarder.config(config)
  }

  sample(sample: Sample): void {
    for (const forwarder of this.#open.values()) forwarder.sample(sample)
  }

  interrupt(): void {
    this.#configs.clear()
    for (const forwarder of this.#open.values()) forwarder.interrupt()
  }

  close(): void {
    for (const [id, forwarder] of this.#open) this.#drop(id, forwarder)
  }

  #begin(target: SimulcastTarget): void {
    const { id } = target
    const forwarder = new Forwarder({
      target,
      told: (state) => {
        this.#states.set(id, state)
        this.#tell()
      },
    })
    this.#open.set(id, forwarder)
    for (const config of this.#configs.values()) forwarder.config(config)
  }

  #drop(id: string, forwarder: Forwarder): void {
    forwarder.close()
    this.#open.delete(id)
    this.#states.delete(id)
  }

  #tell(): void {
    this.#told([...this.#states].map(([id, state]) => ({ id, ...state })))
  }
}
