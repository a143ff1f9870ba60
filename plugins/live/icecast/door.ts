import type { IngestLimits } from '../ingest/limits.ts'
import type { Listener } from '../ingest/listener.ts'
import type { FromIngest } from '../media/types.ts'
import type { StartProgram } from './decoder.ts'
import { SourceConnection, type SourceEvents } from './source-connection.ts'

export interface DoorEvents extends Omit<SourceEvents, 'trouble'> {
  say(message: FromIngest): void
}

/** The port of Icecast sources. One that is taken disturbs nothing else: it is told once and tried again. */
export class IcecastDoor {
  readonly #listener: Listener
  readonly #limits: IngestLimits
  readonly #events: DoorEvents
  #retry: NodeJS.Timeout | undefined
  #isTold = false
  #isStopped = false

  constructor(listener: Listener, limits: IngestLimits, events: DoorEvents) {
    this.#listener = listener
    this.#limits = limits
    this.#events = events
  }

  /** `ffmpeg` is the program that decodes; looked for, with the first source, where it is not given. */
  async listen(address: { host: string; port: number }, ffmpeg?: string): Promise<void> {
    const trouble = (words: string) =>
      this.#events.say({
        type: 'log',
        level: 'warn',
        message: 'the decoder of an Icecast source ended',
        fields: { words },
      })
    const options = { limits: this.#limits, events: { ...this.#events, trouble }, start: programOf(ffmpeg) }
    try {
      const port = await this.#listener.listen(
        address,
        (socket, from) => void new SourceConnection(socket, from, options),
      )
      this.#events.say({ type: 'icecast-listening', port })
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
      if (!this.#isTold) this.#events.say({ type: 'icecast-failed', code, port: address.port })
      this.#isTold = true
      if (!this.#isStopped)
        this.#retry = setTimeout(() => void this.listen(address, ffmpeg), this.#limits.listenAgainMs)
    }
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#retry)
  }
}

/** Loaded when first needed: most servers never decode anything in this process. */
function programOf(path: string | undefined): StartProgram {
  return async (args, options) => {
    const { streamFfmpeg } = await import('#ffmpeg')
    return streamFfmpeg(args, { ...options, program: path })
  }
}
