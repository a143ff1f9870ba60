import { type Health, healthRoom } from './contract.ts'
import { notesOf } from './health.ts'
import { settledWithin } from './media/timing.ts'
import type { StreamHealth, WarningCode } from './media/types.ts'
import type { LiveContext } from './settings.ts'
import { type PeakMeter, SoundLevels } from './sound-levels.ts'
import { quantile } from './stats/quantile.ts'
import type { Stream } from './streams.ts'
import { warningsOf } from './turned-away.ts'
import type { Viewers } from './viewers.ts'

const peakEveryMs = 5_000
/** Pages of many streams ask every few seconds, and each measurement starts a program. */
const peakOfAskedEveryMs = 25_000
const peakWithinMs = 3_000

interface Chart {
  health: StreamHealth | null
  warnings: Map<WarningCode, string>
}

/** How long media of a stream takes from its coming in to where viewers can fetch it, in ms; null where it is not known. */
export type WayMeter = (streamId: string) => number | null

/** The last measurements of each stream, in the memory of the process that hears the ingest. */
export class HealthDesk {
  readonly #ctx: LiveContext
  readonly #viewers: Viewers
  readonly #levels: SoundLevels
  readonly #wayOf: WayMeter
  readonly #charts = new Map<string, Chart>()

  constructor(ctx: LiveContext, viewers: Viewers, peakOf: PeakMeter, wayOf: WayMeter = () => null) {
    this.#ctx = ctx
    this.#viewers = viewers
    this.#levels = new SoundLevels(peakOf, (streamId, err) =>
      ctx.log.warn({ err, streamId }, 'the audio level could not be measured'),
    )
    this.#wayOf = wayOf
  }

  /** A new measurement; tells the DJs who look at the page. */
  measured(stream: Stream, slug: string, health: StreamHealth): void {
    const chart = this.#chart(stream.id)
    chart.health = health
    if (stream.status === 'live' && this.#ctx.realtime.presence(healthRoom, { slug }).connections > 0)
      void this.#levels.measure(stream.id, peakEveryMs)
    this.tell(stream, slug)
  }

  /** Told at once: it may be the last that is heard of this publisher. */
  warned(stream: Stream, slug: string, { code, detail = '' }: { code: WarningCode; detail?: string }): void {
    this.#chart(stream.id).warnings.set(code, detail)
    this.tell(stream, slug)
  }

  tell(stream: Stream, slug: string): void {
    this.#ctx.realtime.publish(healthRoom, { slug }, 'health', this.view(stream))
  }

  /** A publisher came (back): what was wrong with the last connection says nothing about this one. */
  reset(streamId: string): void {
    this.#charts.delete(streamId)
    this.#levels.forget(streamId)
  }

  /** What a DJ is shown; without measurements where another process hears the ingest. */
  view(stream: Stream): Health {
    const chart = this.#charts.get(stream.id)
    const health = chart?.health ?? null
    const status = stream.status === 'live' || stream.status === 'interrupted' ? stream.status : 'waiting'
    const connectedS = health ? (Date.now() - Date.parse(health.connectedAt)) / 1000 : 0
    const audioPeakDb = this.#levels.of(stream.id)
    const warnings = chart?.warnings ?? warningsOf(stream)
    return {
      streamId: stream.id,
      status,
      startedAt: stream.startedAt,
      viewers: this.#viewers.count(stream.id),
      bitrateKbps: health?.bitrateKbps ?? 0,
      fps: health?.fps ?? 0,
      width: health?.width ?? 0,
      height: health?.height ?? 0,
      videoCodec: health?.videoCodec ?? null,
      audioCodec: health?.audioCodec ?? null,
      keyFrameIntervalMs: health?.keyFrameIntervalMs ?? 0,
      droppedFrames: health?.droppedFrames ?? 0,
      lagMs: health?.lagMs ?? 0,
      ...this.#delays(stream.id, health),
      audioPeakDb,
      encoder: health?.encoder ?? '',
      notes: notesOf({ status, health, audioPeakDb, warnings, connectedS }),
    }
  }

  /** `view` for somebody who asks now and then: how loud it is is measured for them. */
  async asked(stream: Stream): Promise<Health> {
    if (stream.status === 'live')
      await settledWithin(this.#levels.measure(stream.id, peakOfAskedEveryMs), peakWithinMs)
    return this.view(stream)
  }

  #delays(streamId: string, health: StreamHealth | null): Pick<Health, 'delayMs' | 'viewerDelayMs'> {
    const wayMs = health ? this.#wayOf(streamId) : null
    if (!health || wayMs === null) return { delayMs: null, viewerDelayMs: null }
    const delayMs = Math.round(health.lagMs + wayMs)
    const behind = this.#viewers.present([streamId]).flatMap(({ delayMs }) => delayMs ?? [])
    const middle = quantile(behind, 0.5)
    return { delayMs, viewerDelayMs: middle === null ? null : delayMs + middle }
  }

  #chart(streamId: string): Chart {
    const known = this.#charts.get(streamId)
    if (known) return known
    const chart: Chart = { health: null, warnings: new Map() }
    this.#charts.set(streamId, chart)
    return chart
  }
}
