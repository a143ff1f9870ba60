import type { SimulcastFault } from '../contract.ts'
import type { AmfObject } from '../ingest/amf.ts'
import { configMessage, sampleMessage } from '../ingest/flv-messages.ts'
import type { Tap } from '../ingest/tap.ts'
import { describeAac } from '../media/aac.ts'
import { describeAvc } from '../media/avc.ts'
import type { Sample, TrackConfig } from '../media/types.ts'
import { type PushTarget, RtmpPush } from './rtmp-push.ts'

/** What is told of a destination. `refused` waits longer: the server does not want this key or this stream. */
export interface ForwardState {
  state: 'connecting' | 'sending' | 'waiting' | 'refused'
  /** Why it does not send, in the words of the server or the system. */
  reason: string | null
  fault: SimulcastFault | null
  /** Since it began to send this time; null while it does not. */
  since: string | null
  /** Frames left out because the line was too slow, since it began to send. */
  droppedFrames: number
}

type Track = Sample['track']

const firstWaitMs = 1_000
const longestWaitMs = 30_000
const refusedWaitMs = 60_000
/** A line behind by this much is given no frames until the next key frame that it has room for. */
const mostPendingBytes = 4 * 1024 * 1024
/** Of a publisher's clock that began anew, the first frame comes this much after the last one sent. */
const seamMs = 40
const steadyMs = 60_000

export interface ForwarderOptions {
  target: PushTarget
  told(state: ForwardState): void
  /** Connects; a test brings its own. */
  open?: (target: PushTarget, events: ConstructorParameters<typeof RtmpPush>[1]) => RtmpPush
}

/**
 * Sends one stream on to one server, frame by frame as it came, and comes back by itself. Each connection begins with
 * the settings and a key frame; times go on over a change of the publisher.
 */
export class Forwarder implements Tap {
  readonly #options: ForwarderOptions
  readonly #configs = new Map<Track, TrackConfig>()
  #push: RtmpPush | null = null
  #timer: NodeJS.Timeout | undefined
  #tries = 0
  #startedAt = 0
  #dropped = 0
  #hasKey = false
  /** The line was too slow; nothing but sound until a key frame. */
  #isBehind = false
  /** Added to the publisher's times; null until the first frame of a publish. */
  #shiftMs: number | null = 0
  #lastMs = -seamMs
  #isClosed = false

  constructor(options: ForwarderOptions) {
    this.#options = options
    this.#connect()
  }

  config(config: TrackConfig): void {
    this.#configs.set(config.track, config)
    if (!this.#push?.isPublishing) return
    this.#sendConfig(config)
    if (config.track === 'video') this.#hasKey = false
  }

  sample(sample: Sample): void {
    const push = this.#push
    if (!push?.isPublishing) return
    if (!this.#fits(sample, push.pendingBytes)) {
      if (this.#isBehind) this.#dropped += 1
      return
    }
    const { type, payload } = sampleMessage(sample)
    push.media(type, this.#timeOf(sample.dtsMs), payload)
  }

  /** Pictures begin at a key frame, sound with them; a line that fell behind goes on with either once it has room. */
  #fits({ track, isKey }: Sample, pendingBytes: number): boolean {
    const isVideo = track === 'video'
    const hasRoom = pendingBytes < mostPendingBytes / 4
    if (pendingBytes > mostPendingBytes) {
      this.#hasKey = false
      this.#isBehind = true
    } else if (isVideo && !this.#hasKey && isKey && hasRoom) this.#hasKey = true
    if (hasRoom && (this.#hasKey || !this.#configs.has('video'))) this.#isBehind = false
    if (isVideo) return this.#hasKey
    return this.#isBehind ? hasRoom : this.#hasKey || !this.#configs.has('video')
  }

  interrupt(): void {
    this.#configs.clear()
    this.#hasKey = false
    this.#shiftMs = null
  }

  /** Another address or key for the same destination, or the same looked up anew. */
  retarget(target: PushTarget): void {
    const before = this.#options.target
    this.#options.target = target
    const isOther = before.hostName !== target.hostName || before.port !== target.port
    if (!isOther && before.app === target.app && before.streamKey === target.streamKey) return
    this.#push?.close()
    this.#tries = 0
    this.#connect()
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#push?.close()
    this.#push = null
  }

  #connect(): void {
    clearTimeout(this.#timer)
    if (this.#isClosed) return
    this.#tell('connecting')
    const open = this.#options.open ?? ((target, events) => new RtmpPush(target, events))
    const push = open(this.#options.target, {
      started: () => {
        if (push === this.#push) this.#begin(push)
      },
      ended: (reason, isRefusal, fault = null) => {
        if (push === this.#push) this.#lost(reason, isRefusal, fault)
      },
    })
    this.#push = push
  }

  #begin(push: RtmpPush): void {
    this.#startedAt = Date.now()
    this.#dropped = 0
    this.#hasKey = false
    this.#isBehind = false
    this.#shiftMs = null
    this.#lastMs = -seamMs
    push.metadata(metadataOf(this.#configs))
    for (const config of this.#configs.values()) this.#sendConfig(config)
    this.#tell('sending')
  }

  #lost(reason: string, isRefusal: boolean, fault: SimulcastFault | null): void {
    this.#push = null
    if (this.#isClosed) return
    if (this.#startedAt > 0 && Date.now() - this.#startedAt > steadyMs) this.#tries = 0
    this.#startedAt = 0
    const waitMs = isRefusal ? refusedWaitMs : Math.min(firstWaitMs * 2 ** this.#tries, longestWaitMs)
    this.#tries += 1
    this.#timer = setTimeout(() => this.#connect(), waitMs)
    this.#tell(isRefusal ? 'refused' : 'waiting', reason, fault)
  }

  #sendConfig(config: TrackConfig): void {
    const { type, payload } = configMessage(config)
    this.#push?.media(type, Math.max(0, this.#lastMs), payload)
  }

  #timeOf(dtsMs: number): number {
    this.#shiftMs ??= this.#lastMs + seamMs - dtsMs
    const timeMs = Math.max(0, Math.round(dtsMs + this.#shiftMs))
    this.#lastMs = Math.max(this.#lastMs, timeMs)
    return timeMs
  }

  #tell(
    state: ForwardState['state'],
    reason: string | null = null,
    fault: SimulcastFault | null = null,
  ): void {
    const since = this.#startedAt > 0 && state === 'sending' ? new Date(this.#startedAt).toISOString() : null
    this.#options.told({ state, reason, fault, since, droppedFrames: this.#dropped })
  }
}

/** What servers like to know beforehand; the settings themselves say the same. */
function metadataOf(configs: ReadonlyMap<Track, TrackConfig>): AmfObject {
  const [video, audio] = [configs.get('video'), configs.get('audio')]
  const picture = video && describeAvc(video.config)
  const sound = audio && describeAac(audio.config)
  return {
    ...(picture && { width: picture.width, height: picture.height, videocodecid: 7 }),
    ...(sound && {
      audiocodecid: 10,
      audiosamplerate: sound.sampleRateHz,
      audiochannels: sound.channels,
      stereo: sound.channels > 1,
    }),
    encoder: 'Veza',
  }
}
