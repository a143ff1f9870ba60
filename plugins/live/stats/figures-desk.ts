import type { IncomingMessage } from 'node:http'
import type { Desk } from '../desk.ts'
import type { HlsDesk } from '../hls.ts'
import { readRecording } from '../media/recording.ts'
import type { IndexEntry } from '../media/types.ts'
import { nodesOf } from '../nodes/nodes.ts'
import type { WatchShare } from '../nodes/watch-share.ts'
import type { Stream } from '../streams.ts'
import { audiencesOf, saveAudience, saveReplay, saveStep } from './figures-store.ts'
import { ReplayFigures } from './replay-figures.ts'
import { ShowFigures, type Step, stepS } from './show-figures.ts'
import { wayOf } from './way.ts'

/** An hour without a database. */
const mostUnsaved = 360

interface FiguresParts {
  share: WatchShare
  hls: Pick<HlsDesk, 'know' | 'showOf' | 'onReplay' | 'windows'>
  now?: () => number
}

/** A recording whose audience is counted by this process. */
interface Replay {
  figures: ReplayFigures
  entries: Map<number, IndexEntry> | null
}

/** Counts who watches what, and writes it down every ten seconds; of several processes one keeps the live figures. */
export function keepFigures(desk: Desk, parts: FiguresParts): FiguresKeeper {
  const keeper = new FiguresKeeper(desk, parts)
  const { ctx } = desk
  let starting: Promise<void> | undefined
  const start = () => {
    starting ??= parts.share.start().then(() => keeper.start())
    return starting
  }
  ctx.onStart('web', start)
  // The DJ is told of viewers by the process that hears the ingest, which may serve none itself.
  ctx.onStart('ingest', start)
  ctx.onStop(() => keeper.stop())
  parts.hls.onReplay((stream, file, req) => keeper.replayed(stream, file, req))
  return keeper
}

export class FiguresKeeper {
  readonly #desk: Desk
  readonly #parts: FiguresParts
  readonly #now: () => number
  readonly #shows = new Map<string, ShowFigures>()
  readonly #replays = new Map<string, Replay>()
  /** By show, the steps that are not in the database yet. */
  readonly #unsaved = new Map<string, readonly Step[]>()
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()

  constructor(desk: Desk, parts: FiguresParts) {
    this.#desk = desk
    this.#parts = parts
    this.#now = parts.now ?? Date.now
  }

  start(): void {
    this.#timer = setInterval(() => void this.flush(), stepS * 1000).unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    const isStarted = this.#timer !== undefined
    await this.flush()
    this.#desk.viewers.stop()
    if (isStarted) await this.#parts.share.stop()
  }

  /** Somebody fetched a segment of a recording that is over. */
  replayed(stream: Pick<Stream, 'id' | 'hasVideo'>, file: string, req: IncomingMessage): void {
    const [, track, number] = /^([va])(\d{1,9})\.m4s$/.exec(file) ?? []
    if (!number || req.method !== 'GET' || track !== (stream.hasVideo ? 'v' : 'a')) return
    const replay = this.#replays.get(stream.id) ?? {
      figures: new ReplayFigures(() => this.#desk.ctx.settings.get().viewersOfAddress),
      entries: null,
    }
    this.#replays.set(stream.id, replay)
    replay.figures.asked(Number(number), req, this.#now())
  }

  /** Writes down what there is; never rejects: what was missed is in the next. */
  flush(): Promise<void> {
    if (this.#parts.share.isFirst) this.#sampleShows()
    this.#running = this.#running.then(() =>
      this.#flush().catch((error: unknown) => {
        this.#desk.ctx.log.warn({ err: error }, 'the figures of an audience could not be kept')
      }),
    )
    return this.#running
  }

  async #flush(): Promise<void> {
    if (this.#parts.share.isFirst) await this.#flushShows()
    else this.#shows.clear()
    for (const [streamId, replay] of this.#replays) await this.#flushReplay(streamId, replay)
    await this.#parts.share.save()
  }

  async #flushShows(): Promise<void> {
    const { ctx, viewers } = this.#desk
    await Promise.all(viewers.streamIds.map((streamId) => this.#parts.hls.know(streamId)))
    for (const [showId, streamIds] of this.#streamsByShow()) {
      if (this.#shows.has(showId)) continue
      this.#shows.set(showId, await this.#takeUp(showId))
      this.#sample(showId, streamIds)
    }
    for (const [showId, steps] of this.#unsaved) {
      const { audience } = this.#shows.get(showId) ?? {}
      await ctx.db.tx(async (db) => {
        for (const step of steps) await saveStep(db, showId, step)
        if (audience) await saveAudience(db, showId, audience)
      })
      if (this.#unsaved.get(showId) === steps) this.#unsaved.delete(showId)
    }
  }

  #streamsByShow(): Map<string, string[]> {
    const streams = new Map<string, string[]>()
    for (const streamId of this.#desk.viewers.streamIds) {
      const show = this.#parts.hls.showOf(streamId)
      if (show?.isOnAir) streams.set(show.id, [...(streams.get(show.id) ?? []), streamId])
    }
    return streams
  }

  /** Counted at its time, also while the database is away: what could not be written down waits. */
  #sampleShows(): void {
    const streams = this.#streamsByShow()
    for (const showId of this.#shows.keys()) this.#sample(showId, streams.get(showId) ?? [])
  }

  #sample(showId: string, streamIds: readonly string[]): void {
    const present = this.#desk.viewers.present(streamIds)
    const step = this.#shows.get(showId)?.sample(this.#now(), present, this.#wayOf(streamIds))
    if (!step || step.viewers + step.joins + step.leaves === 0) return
    this.#unsaved.set(showId, [...(this.#unsaved.get(showId) ?? []), step].slice(-mostUnsaved))
  }

  #wayOf(streamIds: readonly string[]): number {
    const ways = streamIds.map((streamId) => wayOf(this.#parts.hls.windows?.find(streamId)) ?? 0)
    return Math.max(0, ...ways)
  }

  async #takeUp(showId: string): Promise<ShowFigures> {
    const known = (await audiencesOf(this.#desk.ctx.db, [showId])).get(showId)
    if (!known) return new ShowFigures()
    const { people, peak, watchS, stays, kinds, updatedAt } = known
    return new ShowFigures({
      audience: { people, peak, watchS, stays, kinds },
      untilMs: Date.parse(updatedAt),
    })
  }

  async #flushReplay(streamId: string, replay: Replay): Promise<void> {
    const { figures } = replay
    const hadNews = figures.hasNews
    if (!hadNews && figures.isIdle) return
    replay.entries ??= await this.#entriesOf(streamId)
    figures.settle(replay.entries, this.#now())
    // What was counted stays: the row of this process only ever grows.
    if (figures.isIdle) replay.entries = null
    if (!hadNews) return
    await saveReplay(this.#desk.ctx.db, {
      streamId,
      processId: this.#parts.share.processId,
      ...figures.count,
    })
  }

  async #entriesOf(streamId: string): Promise<Map<number, IndexEntry>> {
    const nodes = nodesOf(this.#desk.ctx)
    await nodes.refresh(streamId)
    const { entries } = await readRecording(nodes.folderOf(streamId))
    const track = entries.some((entry) => entry.track === 'video') ? 'video' : 'audio'
    return new Map(entries.filter((entry) => entry.track === track).map((entry) => [entry.seq, entry]))
  }
}
