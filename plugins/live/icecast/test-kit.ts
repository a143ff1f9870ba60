import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { IngestLimits } from '../ingest/limits.ts'
import { TestIngest, until } from '../ingest/test-kit.ts'

/** The test ingest with a port for Icecast sources; the key `good` is let in, and `other-…`. */
export async function icecastIngest(
  limits: Partial<IngestLimits> = {},
): Promise<{ live: TestIngest; port: number }> {
  const live = new TestIngest(limits)
  const icecast = { host: '127.0.0.1', port: 0 }
  await live.ingest.handle({ type: 'listen', rtmp: icecast, icecast, socketPath: '' })
  return { live, port: (await live.wait('icecast-listening')).port }
}

const tone = '-re -f lavfi -i sine=frequency=440:sample_rate=44100'
/** What ffmpeg sends in real time, by what it is: encoder, container and the type that is stated. */
export const kinds = {
  mp3: '-c:a libmp3lame -b:a 128k -f mp3 -content_type audio/mpeg',
  aac: '-c:a aac -b:a 96k -f adts -content_type audio/aac',
  opus: '-c:a libopus -b:a 96k -page_duration 100000 -f ogg -content_type application/ogg',
  vorbis: '-c:a libvorbis -q:a 3 -page_duration 100000 -f ogg -content_type application/ogg',
  flac: '-c:a flac -page_duration 100000 -f ogg -content_type application/ogg',
}

/** A real source: ffmpeg sends a tone until it is stopped. */
export class FfmpegSource {
  readonly process: ChildProcess
  readonly exited: Promise<number | null>
  said = ''

  constructor(url: string, kind: keyof typeof kinds, options = '') {
    const args = `-nostdin -loglevel error ${tone} ${kinds[kind]} ${options} ${url}`
      .split(' ')
      .filter(Boolean)
    this.process = spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'pipe'] })
    this.process.stderr!.on('data', (text) => {
      this.said += text
    })
    this.exited = once(this.process, 'exit').then(([code]) => code)
  }

  async stop(): Promise<void> {
    this.process.kill('SIGKILL')
    await this.exited
  }
}

/** A source by hand. */
export class RawSource {
  readonly socket: Socket
  received = ''
  isClosed = false

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1' })
    this.socket.on('data', (bytes) => {
      this.received += bytes.toString('latin1')
    })
    this.socket.on('error', () => undefined)
    this.socket.on('close', () => {
      this.isClosed = true
    })
  }

  /** A request line and headers, with the credentials of a key where one is given. */
  ask(line: string, headers: Record<string, string> = {}, key?: string): void {
    const login = key === undefined ? {} : { Authorization: `Basic ${btoa(`source:${key}`)}` }
    const all = { Host: 'main.test:8000', ...login, ...headers }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    this.socket.write(`${line}\r\n${lines.join('')}\r\n`)
  }

  async waitFor(text: string): Promise<void> {
    await until(() => this.received.includes(text), `${text} in ${JSON.stringify(this.received)}`)
  }

  async closed(): Promise<void> {
    await until(() => this.isClosed, 'the connection to close')
  }
}

/**
 * A hand-written SOURCE client: what ffmpeg puts out in real time behind a head of ours. It connects once there is
 * something to send, as programs do: one that is silent for long is cut off.
 */
export class PipedSource {
  readonly #encoder: ChildProcess
  #source: RawSource | null = null

  constructor(
    port: number,
    kind: keyof typeof kinds,
    { host, mount, key }: { host: string; mount: string; key: string },
  ) {
    const [options = '', type = ''] = kinds[kind].split(' -content_type ')
    const args = `-nostdin -loglevel error ${tone} ${options} pipe:1`.split(' ')
    this.#encoder = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'ignore'] })
    const sound = this.#encoder.stdout
    sound?.once('readable', () => {
      const source = new RawSource(port)
      this.#source = source
      const headers = { Host: `${host}:${port}`, 'Content-Type': type, 'User-Agent': 'by hand' }
      source.ask(`SOURCE ${mount} HTTP/1.0`, headers, key)
      sound.pipe(source.socket)
      source.socket.on('close', () => this.#encoder.kill('SIGKILL'))
    })
  }

  get received(): string {
    return this.#source?.received ?? ''
  }

  async closed(): Promise<void> {
    await until(() => this.#source?.isClosed ?? false, 'the connection to close')
  }

  stop(): void {
    this.#encoder.kill('SIGKILL')
    this.#source?.socket.destroy()
  }
}
