import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A real encoder: ffmpeg sends a test picture and a tone in real time. */
export class Publisher {
  readonly #process: ChildProcess
  readonly #ended: Promise<number | null>
  #said = ''

  constructor(url: string, options: { seconds?: number; tcUrl?: string; audioOnly?: boolean } = {}) {
    const { seconds = 60, tcUrl, audioOnly } = options
    const picture = audioOnly ? [] : '-re -f lavfi -i testsrc2=size=320x180:rate=25'.split(' ')
    const video = audioOnly
      ? []
      : '-c:v libx264 -preset ultrafast -tune zerolatency -g 25 -b:v 300k'.split(' ')
    const sound = '-re -f lavfi -i sine=frequency=440:sample_rate=48000'.split(' ')
    const out = ['-c:a', 'aac', '-b:a', '96k', '-ac', '2', '-t', String(seconds), '-f', 'flv']
    const dialled = tcUrl ? ['-rtmp_tcurl', tcUrl] : []
    const args = ['-nostdin', '-loglevel', 'error', ...picture, ...sound, ...video, ...out, ...dialled, url]
    this.#process = spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#said += chunk.toString()
    })
    this.#ended = once(this.#process, 'exit').then(([code]) => code as number | null)
  }

  /** Exit code; not 0 when it was refused. */
  ended(): Promise<number | null> {
    return this.#ended
  }

  get said(): string {
    return this.#said
  }

  /** Says goodbye, as "Stop streaming" does. */
  async stop(): Promise<void> {
    this.#process.kill('SIGINT')
    await this.#ended
  }

  /** Vanishes as a lost line does. */
  async vanish(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#ended
  }
}

/** What a player finds at an address: codec names and the length in seconds. */
export async function probe(url: string): Promise<{ codecs: string[]; durationS: number }> {
  const args = ['-v', 'error', '-show_entries', 'stream=codec_name:format=duration', '-of', 'json', url]
  const { stdout } = await run('ffprobe', args, { timeout: 60_000 })
  const found = JSON.parse(stdout) as { streams: { codec_name: string }[]; format: { duration?: string } }
  const codecs = [...new Set(found.streams.map((stream) => stream.codec_name))].sort()
  return { codecs, durationS: Number(found.format.duration ?? 0) }
}
