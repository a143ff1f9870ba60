import { type Health, healthRoom } from './contract.ts'
import { notesOf } from './health.ts'
import type { StreamHealth, WarningCode } from './media/types.ts'
import type { LiveContext } from './settings.ts'
import { quantile } from './stats/quantile.ts'
import type { Stream } from './streams.ts'
import type { Viewers } from './viewers.ts'

const peakEveryMs = 5_000

interface Chart {
  health: StreamHealth | null
  warnings: Map<WarningCode, string>
  audioPeakDb: number | null
  peakAskedAt: number
}

/** Measures the loudest sample of a stream's newest audio in dBFS; null where it cannot be told. */
export type PeakMeter = (streamId: string) => Promise<number | null>

/** How long media of a stream takes from its coming in to where viewers can fetch it, in ms; null where it is not known. */
export type WayMeter = (streamId: string) => number | null

/** The last measurements of each stream, in the memory of the process that hears the ingest. */
export class HealthDesk {
  readonly #ctx: LiveContext
  readonly #viewers: Viewers
  readonly #peakOf: PeakMeter
  readonly #wayOf: WayMeter
  readonly #charts = new Map<string, Chart>()

  constructor(ctx: LiveContext, viewers: Viewers, peakOf: PeakMeter, wayOf: WayMeter = () => null) {
    this.#ctx = ctx
    this.#viewers = viewers
    this.#peakOf = peakOf
    this.#wayOf = wayOf
  }

  /** A new measurement; tells the DJs who look at the page. */
  measured(stream: Stream, slug: string, health: StreamHealth): void {
    const chart = this.#chart(stream.id)
    chart.health = health
    if (this.#ctx.realtime.presence(healthRoom, { slug }).connections > 0) this.#measurePeak(stream, chart)
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
  }

  /** What a DJ is shown; without measurements where another process hears the ingest. */
  view(stream: Stream): Health {
    const chart = this.#charts.get(stream.id)
    const health = chart?.health ?? null
    const status = stream.status === 'live' || stream.status === 'interrupted' ? stream.status : 'waiting'
    const connectedS = health ? (Date.now() - Date.parse(health.connectedAt)) / 1000 : 0
    const audioPeakDb = chart?.audioPeakDb ?? null
    const warnings = chart?.warnings ?? new Map<WarningCode, string>()
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

  #delays(streamId: string, health: StreamHealth | null): Pick<Health, 'delayMs' | 'viewerDelayMs'> {
    const wayMs = health ? this.#wayOf(streamId) : null
    if (!health || wayMs === null) return { delayMs: null, viewerDelayMs: null }
    const delayMs = Math.round(health.lagMs + wayMs)
    const behind = this.#viewers.present([streamId]).flatMap(({ delayMs }) => delayMs ?? [])
    const middle = quantile(behind, 0.5)
    return { delayMs, viewerDelayMs: middle === null ? null : delayMs + middle }
  }

  #measurePeak(stream: Stream, chart: Chart): void {
    const now = Date.now()
    if (stream.status !== 'live' || now - chart.peakAskedAt < peakEveryMs) return
    chart.peakAskedAt = now
    this.#peakOf(stream.id)
      .then((peak) => {
        chart.audioPeakDb = peak
      })
      .catch((error: unknown) => {
        this.#ctx.log.warn({ err: error, streamId: stream.id }, 'the audio level could not be measured')
      })
  }

  #chart(streamId: string): Chart {
    const known = this.#charts.get(streamId)
    if (known) return known
    const chart: Chart = { health: null, warnings: new Map(), audioPeakDb: null, peakAskedAt: 0 }
    this.#charts.set(streamId, chart)
    return chart
  }
}
