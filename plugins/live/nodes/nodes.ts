import { readdirSync, rmSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { findClip } from '../clips/clips.ts'
import { posterPrefix, recordingPrefix } from '../desk.ts'
import { feedAddress } from '../ingest-link.ts'
import type { LiveWindows } from '../media/live-windows.ts'
import type { LiveContext } from '../settings.ts'
import { DoorKey } from './door-key.ts'
import { FeedRelay } from './feed-relay.ts'
import { NodeClient } from './node-client.ts'
import { type NodeAnswers, NodeDoor, type NodeWork, type PlacedAnswer, type PlacedWork } from './node-door.ts'
import { nodeIdOf } from './node-id.ts'
import { originIdOf, saveOrigin } from './origins.ts'
import { passOn, type Refusals } from './pass-on.ts'
import { RemoteFeed } from './remote-feed.ts'
import { RemoteFiles } from './remote-files.ts'

const seenEveryMs = 60_000
const keptPosters = 2
const toldWithinMs = 5_000
const mostTold = 256 * 1024
const all = new WeakMap<LiveContext, Nodes>()

/** One for each site of the process. */
export function nodesOf(ctx: LiveContext): Nodes {
  const nodes = all.get(ctx) ?? new Nodes(ctx)
  all.set(ctx, nodes)
  return nodes
}

/**
 * Streams that come in at other machines of the installation: their media are followed and fetched from there as long
 * as somebody here wants them. What lies here is given to the others through the door.
 */
export class Nodes {
  readonly #ctx: LiveContext
  readonly #key: DoorKey
  readonly #client: NodeClient
  readonly #files: RemoteFiles
  readonly #feeds = new Map<string, RemoteFeed>()
  /** Streams known to lie at another machine -> which. */
  readonly #elsewhere = new Map<string, string>()
  readonly #work: NodeWork = {}
  readonly #answers: NodeAnswers = {}
  #windows: LiveWindows | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(ctx: LiveContext) {
    this.#ctx = ctx
    this.#key = new DoorKey(ctx.signer)
    this.#client = new NodeClient(ctx, this.#key)
    const folder = join(ctx.appliance.runDir, 'live-elsewhere', String(process.pid), ctx.site.name)
    const ask = (streamId: string, name: string, range?: string) =>
      this.#ask(streamId, `${streamId}/file/${name}`, range ? { headers: { range } } : {})
    this.#files = new RemoteFiles(folder, ask, () => ctx.settings.get().elsewhereMb * 1024 * 1024)
  }

  /** Opens the door for the other machines; the address is told where streams come in. */
  open(): void {
    const ctx = this.#ctx
    const relay = () => ctx.shared('live.relay', async () => new FeedRelay(feedAddress(ctx.appliance)))
    let joined: Promise<FeedRelay> | undefined
    const door = new NodeDoor({
      ctx,
      key: this.#key,
      relay: () => {
        joined ??= relay()
        return joined
      },
      work: this.#work,
      answers: this.#answers,
    })
    ctx.router.bare('live-feed', (req, res, rest) => door.handle(req, res, rest))
    ctx.storage.onMissing('live-posters', (key) => this.#bringPoster(key))
    ctx.storage.onMissing('live-clips', (key) => this.#bringClip(key))
    ctx.onStart('ingest', () => this.#tellAddress())
    ctx.onStop(() => this.#stop())
  }

  /** Where what is followed elsewhere is put. */
  start(windows: LiveWindows): void {
    sweepFolders(join(this.#ctx.appliance.runDir, 'live-elsewhere'))
    this.#windows = windows
  }

  /** Notes where a stream's media lie; true where that is another machine. */
  learn(streamId: string, originId: string | null | undefined): boolean {
    if (!originId || originId === nodeIdOf(this.#ctx)) {
      this.#elsewhere.delete(streamId)
      return false
    }
    this.#elsewhere.set(streamId, originId)
    return true
  }

  isElsewhere(streamId: string): boolean {
    return this.#elsewhere.has(streamId)
  }

  /** Somebody here wants a running stream: it is followed. A promise where the first window is awaited. */
  watch(streamId: string): Promise<void> | undefined {
    const known = this.#feeds.get(streamId)
    known?.touch()
    if (known || !this.#windows || !this.#elsewhere.has(streamId)) return undefined
    const feed = new RemoteFeed(streamId, {
      open: (signal) => this.#ask(streamId, `${streamId}/feed`, { signal, isLong: true }),
      windows: this.#windows,
      log: this.#ctx.log,
      left: () => this.#feeds.delete(streamId),
    })
    this.#feeds.set(streamId, feed)
    return feed.ready()
  }

  /** The stream's folder on this machine, its own or that of copies. */
  folderOf(streamId: string): string {
    if (this.#elsewhere.has(streamId)) return this.#files.folderOf(streamId)
    return this.#ctx.storage.localFolder(recordingPrefix(streamId))
  }

  /** Brings what the playlists of a stream's folder are made from; nothing to do for one of ours. */
  refresh(streamId: string): Promise<void> | undefined {
    return this.#elsewhere.has(streamId) ? this.#files.refresh(streamId) : undefined
  }

  /** The stream's folder on this machine with its index as it is now, wherever that is written. */
  async folderNow({ id, originId }: { id: string; originId: string | null }): Promise<string> {
    if (this.learn(id, originId)) await this.#files.refresh(id)
    return this.folderOf(id)
  }

  /** What its playlists are made from was changed at its machine. */
  outdate(streamId: string): void {
    this.#files.outdate(streamId)
  }

  /** Brings one file of a stream's folder; false where it is nowhere, or its machine is away. */
  async bring(streamId: string, name: string): Promise<boolean> {
    if (!this.#elsewhere.has(streamId)) return false
    return this.#files.bring(streamId, name).catch((error: unknown) => {
      this.#ctx.log.debug({ err: error, streamId }, 'a file of another machine could not be fetched')
      return false
    })
  }

  /**
   * Work on what a stream left on disk, done at the machine where it lies whoever is asked to; rejects while that
   * machine is away. `detail` goes with it: letters, digits and `-._`, fifty at most.
   */
  atItsPlace(job: string, work: PlacedWork): PlacedWork {
    this.#work[job] = work
    return async (streamId, signal, detail) => {
      if (!this.learn(streamId, await originIdOf(this.#ctx.db, streamId)))
        return work(streamId, signal, detail)
      const what = `${streamId}/do/${job}${detail === '' ? '' : `.${detail}`}`
      const answer = await this.#ask(streamId, what, { method: 'POST', signal })
      answer.resume()
      if (answer.statusCode !== 204)
        throw new Error(`The machine of the stream answered ${answer.statusCode}.`)
    }
  }

  /** The same for an answer that is made while it is sent; throws what `refusals` says for a status from there. */
  answerAtItsPlace(name: string, answer: PlacedAnswer, refusals: Refusals): PlacedAnswer {
    this.#answers[name] = answer
    return async (streamId, req, res) => {
      if (!this.learn(streamId, await originIdOf(this.#ctx.db, streamId))) return answer(streamId, req, res)
      await passOn(
        { req, res },
        (options) => this.#ask(streamId, `${streamId}/get/${name}`, options),
        refusals,
      )
    }
  }

  /** What only the machine of a stream knows of it, in JSON; null where it is another one, and away. */
  tellAtItsPlace(name: string, tell: (streamId: string) => Promise<unknown>) {
    this.#answers[name] = async (streamId, _req, res) => {
      const body = JSON.stringify(await tell(streamId))
      res.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(body)
    }
    return async ({ id, originId }: { id: string; originId: string | null }): Promise<unknown> => {
      if (!this.learn(id, originId)) return tell(id)
      const signal = AbortSignal.timeout(toldWithinMs)
      try {
        const answer = await this.#ask(id, `${id}/get/${name}`, { signal })
        const text = await textOf(answer)
        return answer.statusCode === 200 ? JSON.parse(text) : null
      } catch (error) {
        this.#ctx.log.debug({ err: error, streamId: id }, 'the machine of a stream does not tell of it')
        return null
      }
    }
  }

  /** Tells the machine of a stream that somebody here watches it in that height; lost while it is away. */
  async want(streamId: string, height: number): Promise<void> {
    const answer = await this.#ask(streamId, `${streamId}/want/${height}`, { method: 'POST' }).catch(
      () => null,
    )
    answer?.resume()
  }

  async #ask(streamId: string, what: string, options: Parameters<NodeClient['ask']>[2]) {
    const originId = this.#elsewhere.get(streamId)
    if (!originId) throw new Error('The stream is not at another machine.')
    return this.#client.ask(originId, what, options)
  }

  async #bringPoster(key: string): Promise<boolean> {
    const [, streamId = '', name = '', more] = key.split('/')
    const { db, storage } = this.#ctx
    if (more !== undefined || !/^[\w-]{36}$/.test(streamId)) return false
    if (!this.learn(streamId, await originIdOf(db, streamId))) return false
    const answer = await this.#ask(streamId, `${streamId}/poster/${name}`, {}).catch(() => null)
    if (answer?.statusCode !== 200) {
      answer?.resume()
      return false
    }
    await storage.write(key, answer)
    const old: string[] = []
    for await (const file of storage.list(posterPrefix(streamId))) old.push(file.key)
    for (const each of old.sort().slice(0, -keptPosters)) if (each !== key) await storage.remove(each)
    return true
  }

  async #bringClip(key: string): Promise<boolean> {
    const [, clipId = '', name = '', more] = key.split('/')
    const { db, storage } = this.#ctx
    const clip = more === undefined && /^[\w-]{36}$/.test(clipId) ? await findClip(db, clipId) : null
    if (!clip || !this.learn(clip.streamId, await originIdOf(db, clip.streamId))) return false
    const what = `${clip.streamId}/clip/${clipId}.${name}`
    const answer = await this.#ask(clip.streamId, what, {}).catch(() => null)
    if (answer?.statusCode === 200) return storage.write(key, answer).then(() => true)
    answer?.resume()
    return false
  }

  async #tellAddress(): Promise<void> {
    const { db, appliance, log } = this.#ctx
    const tell = () => saveOrigin(db, { id: nodeIdOf(this.#ctx), address: appliance.nodeAddress })
    await tell()
    // On SQLite there is no other machine.
    if (db.dialect === 'sqlite') return
    const again = () =>
      tell().catch((error: unknown) =>
        log.warn({ err: error }, 'the address of this machine could not be told'),
      )
    this.#timer = setInterval(again, seenEveryMs).unref()
  }

  async #stop(): Promise<void> {
    clearInterval(this.#timer)
    for (const feed of [...this.#feeds.values()]) feed.close()
    await this.#files.close()
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of answer.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk
    if (text.length > mostTold) throw new RangeError('the answer is too long')
  }
  return text
}

/** Copies that processes left which are no more. */
function sweepFolders(folder: string): void {
  for (const name of readNames(folder)) {
    if (isAlive(Number(name))) continue
    rmSync(join(folder, name), { recursive: true, force: true })
  }
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
