import type { FromIngest, SentOn } from '../media/types.ts'
import { Forwarders } from './forwarders.ts'
import { Program } from './program.ts'
import { Source } from './source.ts'

interface Channel {
  forwarders: Forwarders
  program: Program
  sources: Set<Source>
  /** The news of how it goes are this stream's. */
  streamId: string
}

/** What is sent on of every channel, in the ingest process. */
export class Programs {
  readonly #send: (message: FromIngest) => void
  readonly #sources = new Map<string, Source>()
  readonly #channels = new Map<string, Channel>()

  constructor(send: (message: FromIngest) => void) {
    this.#send = send
  }

  /** What a stream's media is told to. */
  sourceOf(streamId: string): Source {
    const known = this.#sources.get(streamId)
    if (known) return known
    const made = new Source(streamId)
    this.#sources.set(streamId, made)
    return made
  }

  /** Begins, changes or ends what is sent on of a channel. */
  set(sentOn: SentOn): void {
    const { channelId, streamIds, targets } = sentOn
    const channel = this.#channels.get(channelId) ?? this.#begin(channelId, sentOn)
    channel.streamId = sentOn.picture ?? streamIds[0] ?? channel.streamId
    // One whose session is over has no source: it must not come back by being named.
    const sources = streamIds.flatMap((id) => this.#sources.get(id) ?? [])
    this.#listen(channel, targets.length > 0 ? sources : [])
    channel.program.follow(sentOn)
    channel.forwarders.set(targets)
    if (targets.length === 0) this.#channels.delete(channelId)
  }

  /** The stream is over. */
  drop(streamId: string): void {
    const source = this.#sources.get(streamId)
    this.#sources.delete(streamId)
    source?.interrupt()
    for (const { sources } of this.#channels.values()) if (source) sources.delete(source)
    if (source) source.listening = null
  }

  close(): void {
    for (const { forwarders } of this.#channels.values()) forwarders.close()
    this.#channels.clear()
    this.#sources.clear()
  }

  #begin(channelId: string, { streamIds, picture }: SentOn): Channel {
    const forwarders = new Forwarders((states) => {
      const { streamId } = channel
      this.#send({ type: 'simulcast', streamId, channelId, states })
    })
    const streamId = picture ?? streamIds[0] ?? ''
    const channel = { forwarders, program: new Program(forwarders), sources: new Set<Source>(), streamId }
    this.#channels.set(channelId, channel)
    return channel
  }

  #listen(channel: Channel, sources: readonly Source[]): void {
    for (const source of channel.sources) {
      if (sources.includes(source)) continue
      channel.program.interrupt(source)
      source.listening = null
    }
    channel.sources = new Set(sources)
    for (const source of sources) source.listening = channel.program
  }
}
