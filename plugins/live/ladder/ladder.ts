import type { Tap } from '../ingest/tap.ts'
import { describeAvc } from '../media/avc.ts'
import type { RungSink } from '../media/rung.ts'
import type { RungOffer, Sample, TrackConfig } from '../media/types.ts'
import type { Budget } from './budget.ts'
import { Encoder, type StartFfmpeg } from './encoder.ts'
import { ladderOf, type Rung } from './plan.ts'

export interface LadderOptions {
  budget: Budget
  start: StartFfmpeg
  offerRungs(rungs: RungOffer[]): void
  openRung(height: number): RungSink
  log(message: string, detail: string): void
  now?: () => number
}

/** Players ask for a playlist every few seconds; who was not heard for so long watches something else. */
const wantedMs = 20_000
/** After a machine could not keep up, or ffmpeg failed, the source has to do for a while. */
const restMs = 60_000
/** Frames after which the rate of the source is told. */
const measuredFrames = 20

/**
 * The lower renditions of one stream: offered while the machine has room for them, encoded only while somebody wants
 * one, all from one ffmpeg. The source is never touched.
 */
export class Ladder implements Tap {
  readonly #options: LadderOptions
  readonly #now: () => number
  readonly #unhear: () => void
  #config: TrackConfig | null = null
  #rungs: Rung[] = []
  #offered = ''
  #encoder: Encoder | null = null
  #taken = 0
  #wantedAt = Number.NEGATIVE_INFINITY
  #restsUntil = 0
  #times: number[] = []

  constructor(options: LadderOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#unhear = options.budget.onChange(() => this.#offer())
  }

  /** Somebody watches one of them, or would like to. */
  want(height: number): void {
    if (this.#rungs.some((rung) => rung.height === height)) this.#wantedAt = this.#now()
  }

  config(config: TrackConfig): void {
    if (config.track !== 'video' || this.#config?.config.equals(config.config)) return
    this.#end()
    this.#config = { track: 'video', config: Buffer.from(config.config) }
    this.#rungs = []
    this.#times = []
  }

  sample(sample: Sample): void {
    if (sample.track !== 'video' || !this.#config) return
    if (this.#rungs.length === 0 && this.#times.length < measuredFrames) this.#measure(this.#config, sample)
    // After a rest they are offered again.
    if (sample.isKey) this.#offer()
    if (!this.#encoder) {
      if (sample.isKey && this.#isWanted()) this.#begin(this.#config)
    } else if (!this.#isWanted()) this.#end()
    else if (this.#encoder.isBehind) this.#rest('The machine is too slow for it')
    this.#encoder?.sample(sample)
  }

  interrupt(): void {
    this.#encoder?.finish()
    this.#end({ isFinishing: true })
    this.#config = null
    this.#rungs = []
    this.#times = []
  }

  close(): void {
    this.#unhear()
    this.#end()
  }

  #measure({ config }: TrackConfig, { dtsMs }: Sample): void {
    this.#times.push(dtsMs)
    if (this.#times.length < measuredFrames) return
    const spanMs = dtsMs - this.#times[0]!
    const rate = spanMs > 0 ? Math.round(((measuredFrames - 1) * 1000) / spanMs) : 30
    this.#rungs = ladderOf(describeAvc(config), rate)
    this.#offer()
  }

  #isWanted(): boolean {
    const now = this.#now()
    return now - this.#wantedAt < wantedMs && now >= this.#restsUntil
  }

  #begin(config: TrackConfig): void {
    const cores = coresOf(this.#rungs)
    if (this.#rungs.length === 0 || !this.#take(cores)) return
    const { start, openRung } = this.#options
    const encoder: Encoder = new Encoder({
      rungs: this.#rungs,
      config,
      start,
      openRung,
      onEnd: (lastLine) => {
        // One that writes out its last frames is nobody's any more.
        if (encoder === this.#encoder) this.#rest(lastLine || 'ffmpeg ended')
      },
    })
    this.#encoder = encoder
  }

  #take(cores: number): boolean {
    // Ours before the budget tells of it, so that what is offered stays.
    this.#taken = cores
    if (this.#options.budget.take(cores)) return true
    this.#taken = 0
    return false
  }

  #rest(why: string): void {
    this.#restsUntil = this.#now() + restMs
    this.#options.log('The lower qualities of a stream were stopped for a while', why)
    this.#end()
    this.#offer()
  }

  #end({ isFinishing = false } = {}): void {
    const encoder = this.#encoder
    if (!encoder) return
    this.#encoder = null
    if (!isFinishing) encoder.stop()
    const cores = this.#taken
    this.#taken = 0
    this.#options.budget.giveBack(cores)
  }

  /** What fits now, or is running already. */
  #offer(): void {
    const cores = coresOf(this.#rungs)
    const fits = this.#taken > 0 || (this.#options.budget.has(cores) && this.#now() >= this.#restsUntil)
    const offers = fits ? this.#rungs.map(offerOf) : []
    const told = JSON.stringify(offers)
    if (told === this.#offered || (offers.length === 0 && this.#offered === '')) return
    this.#offered = told
    this.#options.offerRungs(offers)
  }
}

const coresOf = (rungs: readonly Rung[]): number => rungs.reduce((sum, { cores }) => sum + cores, 0)

function offerOf({ height, width, bitrate, codec, frameRate }: Rung): RungOffer {
  return { height, width, bitrate, codec, frameRate }
}
