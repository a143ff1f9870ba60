import { createWriteStream } from 'node:fs'
import { appendFile, mkdir, rename, rm, stat } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readMeta } from '../media/stream-files.ts'

/** Far above what a segment of 12 seconds needs. */
const mostBytes = 256 * 1024 * 1024
const mostAtOnce = 256
const missedForMs = 2_000
const growingMs = 1_000
const endedMs = 30_000

/** Asks the machine that holds a stream for one of its files. */
export type AskFile = (streamId: string, name: string, range?: string) => Promise<IncomingMessage>

/** Files of streams that lie on other machines: each is fetched once, and the longest unused go first. */
export class RemoteFiles {
  readonly #folder: string
  readonly #ask: AskFile
  readonly #limitBytes: () => number
  /** Path -> size, the longest unused first. */
  readonly #kept = new Map<string, number>()
  readonly #fetching = new Map<string, Promise<boolean>>()
  readonly #missed = new Map<string, number>()
  readonly #indexes = new Map<string, Index>()
  #totalBytes = 0

  constructor(folder: string, ask: AskFile, limitBytes: () => number) {
    this.#folder = folder
    this.#ask = ask
    this.#limitBytes = limitBytes
  }

  /** Where a stream's files are put, as in its own folder. */
  folderOf(streamId: string): string {
    return join(this.#folder, streamId)
  }

  get totalBytes(): number {
    return this.#totalBytes
  }

  /** Whether the file is here now. Who asks for the same one meanwhile waits for the same answer. */
  async bring(streamId: string, name: string): Promise<boolean> {
    const path = join(this.folderOf(streamId), name)
    const size = this.#kept.get(path)
    if (size !== undefined) {
      this.#kept.delete(path)
      this.#kept.set(path, size)
      return true
    }
    if ((this.#missed.get(path) ?? 0) > Date.now()) return false
    const running = this.#fetching.get(path)
    if (running) return running
    if (this.#fetching.size >= mostAtOnce) return false
    const fetching = this.#fetch(path, streamId, name).finally(() => this.#fetching.delete(path))
    this.#fetching.set(path, fetching)
    return fetching
  }

  /** Brings what the stream's playlists are made from up to date; what is here serves while its machine is away. */
  async refresh(streamId: string): Promise<void> {
    const index = this.#indexes.get(streamId) ?? new Index(this.folderOf(streamId))
    this.#indexes.set(streamId, index)
    await index.refresh((name, range) => this.#ask(streamId, name, range))
  }

  /** What its playlists are made from has changed there: it is asked for anew. */
  outdate(streamId: string): void {
    this.#indexes.get(streamId)?.outdate()
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #fetch(path: string, streamId: string, name: string): Promise<boolean> {
    const size = await this.#download(path, await this.#ask(streamId, name))
    if (size === null) {
      if (this.#missed.size > 10_000) this.#missed.clear()
      this.#missed.set(path, Date.now() + missedForMs)
      return false
    }
    this.#kept.set(path, size)
    this.#totalBytes += size
    await this.#makeRoom()
    return true
  }

  async #download(path: string, answer: IncomingMessage): Promise<number | null> {
    if (answer.statusCode !== 200) {
      answer.resume()
      return null
    }
    const temporary = `${path}.part`
    await mkdir(dirname(path), { recursive: true })
    try {
      await pipeline(answer, atMost(mostBytes), createWriteStream(temporary))
      await rename(temporary, path)
      return (await stat(path)).size
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  async #makeRoom(): Promise<void> {
    const limit = this.#limitBytes()
    for (const [path, size] of this.#kept) {
      if (this.#totalBytes <= limit) return
      this.#kept.delete(path)
      this.#totalBytes -= size
      // Who is being sent it keeps it open.
      await rm(path, { force: true })
    }
  }
}

/** The index and the settings of one stream's folder, copied as they grow. */
class Index {
  readonly #folder: string
  #sizeBytes = 0
  #freshUntil = 0
  #running: Promise<void> | null = null

  constructor(folder: string) {
    this.#folder = folder
  }

  async refresh(ask: (name: string, range?: string) => Promise<IncomingMessage>): Promise<void> {
    if (Date.now() < this.#freshUntil) return
    this.#running ??= this.#copy(ask)
      // Its machine is away: what was copied stays good.
      .catch(() => undefined)
      .finally(() => {
        this.#running = null
      })
    await this.#running
  }

  outdate(): void {
    this.#freshUntil = 0
  }

  async #copy(ask: (name: string, range?: string) => Promise<IncomingMessage>): Promise<void> {
    this.#freshUntil = Date.now() + growingMs
    await mkdir(this.#folder, { recursive: true })
    await this.#grow(await ask('index.jsonl', `bytes=${this.#sizeBytes}-`))
    await this.#replace('stream.json', await ask('stream.json'))
    await this.#replace('cut.json', await ask('cut.json'))
    const meta = await readMeta(this.#folder)
    if (meta?.endedAt) this.#freshUntil = Date.now() + endedMs
  }

  /** A file that is gone there goes here, too. */
  async #replace(name: string, answer: IncomingMessage): Promise<void> {
    const path = join(this.#folder, name)
    if (answer.statusCode !== 200) {
      answer.resume()
      if (answer.statusCode === 404) await rm(path, { force: true })
      return
    }
    await pipeline(answer, atMost(mostBytes), createWriteStream(`${path}.part`))
    await rename(`${path}.part`, path)
  }

  /** Appends whole lines only: a torn one may be written anew. */
  async #grow(answer: IncomingMessage): Promise<void> {
    if (answer.statusCode !== 206 && answer.statusCode !== 200) return void answer.resume()
    const chunks: Buffer[] = []
    for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk)
    const added = Buffer.concat(chunks)
    const end = added.lastIndexOf(0x0a) + 1
    if (end === 0) return
    await appendFile(join(this.#folder, 'index.jsonl'), added.subarray(0, end))
    this.#sizeBytes += end
  }
}

function atMost(bytes: number): Transform {
  let size = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      done(size > bytes ? new RangeError('the file is too large') : null, chunk)
    },
  })
}
