import { connectMediaSession } from '../media-session.ts'
import { createPlayer } from '../player.ts'
import type { Playable, Player, PlayerOptions, PlayerState } from '../types.ts'

export interface Opening extends Omit<PlayerOptions, 'resolve'> {
  tracks: Playable[]
  /** Ids that the server denies. */
  gone?: string[]
}

interface Heard {
  rate: number
  /** Base 64 of 32-bit floats. */
  samples: string
}

/** What reaches the loudspeaker is heard by a recorder beside it. */
const { connect } = AudioNode.prototype
let master: AudioNode | null = null
AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
  if (args[0] instanceof AudioDestinationNode) master = this
  return (connect as (...all: unknown[]) => AudioNode).apply(this, args)
} as typeof connect

export class Rig {
  player!: Player
  recorder: AudioWorkletNode | null = null
  states: PlayerState[] = []
  events: [string, { trackId: string }][] = []
  resolved: string[][] = []
  handlers = new Map<string, MediaSessionActionHandler | null>()

  open({ tracks, gone = [], ...options }: Opening): void {
    this.player?.dispose()
    this.states = []
    this.events = []
    this.resolved = []
    this.recorder = null
    const resolve = async (ids: string[]) => {
      this.resolved.push(ids)
      return tracks
        .filter(({ id }) => ids.includes(id) && !gone.includes(id))
        .map((track) => JSON.parse(JSON.stringify(track).replaceAll('key=expired', 'key=good')))
    }
    this.player = createPlayer({ ...options, settings: { volume: 1, ...options.settings }, resolve })
    this.player.state.subscribe((state) => this.states.push(state))
    for (const event of ['counted', 'left', 'fault'] as const)
      this.player.on(event, (data) => this.events.push([event, data]))
  }

  /** From now on; begins before the first sound, as the engine makes its graph in the call. */
  async record(): Promise<void> {
    const context = master!.context as AudioContext
    await context.audioWorklet.addModule('/recorder.js')
    this.recorder = new AudioWorkletNode(context, 'recorder')
    master!.connect(this.recorder)
  }

  async heard(): Promise<Heard> {
    const { port, context } = this.recorder!
    const parts = await new Promise<Float32Array[]>((resolve) => {
      port.onmessage = ({ data }) => resolve(data)
      port.postMessage(null)
    })
    const bytes = new Uint8Array(parts.length * 512)
    for (const [at, part] of parts.entries()) bytes.set(new Uint8Array(part.buffer), at * 512)
    let text = ''
    for (let at = 0; at < bytes.length; at += 32_768)
      text += String.fromCharCode(...bytes.subarray(at, at + 32_768))
    return { rate: context.sampleRate, samples: btoa(text) }
  }

  until(status: string, trackId?: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const seen = () => this.states.map((state) => `${state.status} ${state.track?.id}`).join(', ')
      setTimeout(() => reject(new Error(`not ${status} ${trackId ?? ''}, but ${seen()}`)), 12_000)
      this.player.state.subscribe((state) => {
        if (state.status === status && (!trackId || state.track?.id === trackId)) resolve()
      })
    })
  }

  untilAt(positionMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`not at ${positionMs} ms`)), 12_000)
      const look = () => (this.player.time().positionMs >= positionMs ? resolve() : setTimeout(look, 5))
      look()
    })
  }

  connectSession(): void {
    navigator.mediaSession.setActionHandler = (action, handler) => void this.handlers.set(action, handler)
    connectMediaSession(this.player, ({ title }) => ({
      title,
      artist: 'Nobody',
      album: 'Tones',
      artwork: [],
    }))
  }

  /** The next `play` of an element is refused, as without a gesture. */
  refuseOnce(): void {
    const { play } = HTMLMediaElement.prototype
    HTMLMediaElement.prototype.play = () => {
      HTMLMediaElement.prototype.play = play
      return Promise.reject(new DOMException('', 'NotAllowedError'))
    }
  }
}

Object.assign(globalThis, { rig: new Rig() })
