import { configMessage, sampleMessage } from '../../plugins/live/ingest/flv-messages.ts'
import { defaultLimits } from '../../plugins/live/ingest/limits.ts'
import { LiveSession } from '../../plugins/live/ingest/live-session.ts'
import type { MediaSink } from '../../plugins/live/ingest/rtmp-connection.ts'
import { Budget } from '../../plugins/live/ladder/budget.ts'
import { createReceiver } from '../../plugins/live/media/receiver.ts'
import { isSample, type Sent, type Stage } from '../../plugins/live/media/test-kit.ts'
import type { FromIngest, StreamTarget } from '../../plugins/live/media/types.ts'
import type { SimulcastTarget } from '../../plugins/live/simulcast/forwarders.ts'
import { Programs } from '../../plugins/live/simulcast/programs.ts'
import { type FfmpegStream, streamFfmpeg } from '../../server/ffmpeg/index.ts'

const request = {
  host: 'main.test',
  app: 'live',
  key: 'good',
  query: {},
  address: '192.0.2.7',
  encoder: 'hand',
}

/** One stream of the ingest on a stage, with its ladder and what it is sent on to, without a line to an encoder. */
export class HandSession {
  readonly session: LiveSession
  readonly told: FromIngest[] = []
  /** Encoders of lower renditions. */
  readonly programs: FfmpegStream[] = []
  /** What the publisher's peer was told last. */
  closedWith = ''

  readonly #sentOn = new Programs((message) => this.told.push(message))
  readonly #id: string

  constructor(stage: Stage, target: StreamTarget) {
    this.#id = target.id
    this.session = new LiveSession({
      target,
      limits: defaultLimits,
      receiverFor: (wanted) => createReceiver(wanted, stage.feed),
      send: (message) => this.told.push(message),
      budget: new Budget(4),
      start: async (args, options) => {
        const program = await streamFfmpeg(args, options)
        this.programs.push(program)
        return program
      },
      sentOn: this.#sentOn.sourceOf(target.id),
    })
  }

  /** Where it is sent on to besides, as the only camera of its channel. */
  sendOn(targets: SimulcastTarget[]): void {
    const chosen = { picture: this.#id, sound: this.#id, soundOffsetMs: 0 }
    this.#sentOn.set({ channelId: 'stage', streamIds: [this.#id], targets, ...chosen })
  }

  /** A publisher connects; what it sends goes in there. */
  async connect(): Promise<MediaSink> {
    let sink: MediaSink | undefined
    const say = (words: string) => {
      this.closedWith = words
    }
    const accept = (taken: MediaSink) => {
      sink = taken
    }
    await this.session.attach(
      { isOpen: true, accept, refuse: say, close: (_code, words) => say(words) },
      request,
    )
    if (!sink) throw new Error(`It was not let in: ${this.closedWith}`)
    return sink
  }

  warnings(): string[] {
    return this.told.flatMap((message) => (message.type === 'warning' ? [message.code] : []))
  }
}

/** What the publisher's clock says of a sample that was made at `dtsMs`. */
export type Stamp = (dtsMs: number, track: 'video' | 'audio') => number

/** As RTMP brings it: messages with times of 32 bits, in the order of their making. */
export function send(sink: MediaSink, sent: readonly Sent[], stamp: Stamp = (ms) => ms): void {
  for (const one of sent) {
    const { type, payload } = isSample(one) ? sampleMessage(one) : configMessage(one)
    const ms = isSample(one) ? Math.round(stamp(one.dtsMs, one.track)) : 0
    sink.media(type, ms % 2 ** 32, payload)
  }
}
