import Hls, { type ErrorData, type Fragment, type Level, type LevelDetails } from 'hls.js'
import { firstGuess, hlsSettings, targetS } from './hls-settings.ts'
import { readDelay, sparesData } from './kept.ts'
import { momentAt, positionOf, type Reach, reachOf, type Stretch } from './moments.ts'
import { thriftyCap } from './quality.ts'
import {
  askedAs,
  backOffMs,
  type From,
  type LinkFigures,
  type LinkNews,
  type MediaLink,
  type Program,
  type Rung,
} from './source.ts'
import { tellDelay } from './tell-delay.ts'

/** From this try on the viewer is told; before it, the buffer most often hides it. */
const tellFrom = 2
const maxRecoveries = 3
/** Whoever played for so long after a recovery has another trouble. */
const wellAfterMs = 30_000

/** A media element fed by hls.js. */
export class HlsLink implements MediaLink {
  readonly #media: HTMLMediaElement
  readonly #program: Program
  readonly #news: LinkNews
  #hls: Hls
  #from: From
  #choice: number | null = null
  #isCheap = false
  #tries = 0
  #recoveries = 0
  #recoveredAt = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Made anew for each playlist that came. */
  #stretches: { of: LevelDetails; list: Stretch[] } | null = null

  constructor(media: HTMLMediaElement, program: Program, from: From, news: LinkNews) {
    this.#media = media
    this.#program = program
    this.#from = from
    this.#news = news
    this.#hls = this.#start()
  }

  momentMs(): number | null {
    const known = momentAt(this.#list(), this.#media.currentTime)
    return known ?? this.#hls.playingDate?.getTime() ?? null
  }

  positionOf(atMs: number): number | null {
    return positionOf(this.#list(), atMs)
  }

  reach(): Reach | null {
    return reachOf(this.#list())
  }

  edgeS(): number | null {
    return this.#hls.liveSyncPosition
  }

  targetMs(): number {
    return (this.#hls.targetLatency ?? targetS.steady) * 1000
  }

  rungs(): Rung[] {
    return rungsOf(this.#hls.levels)
  }

  choose(index: number | null, isCheap = false): void {
    this.#choice = index
    this.#isCheap = isCheap
    this.#obey(false)
  }

  figures(): LinkFigures {
    const { bandwidthEstimate, currentLevel, latestLevelDetails } = this.#hls
    return {
      bitsPerSecond: Number.isFinite(bandwidthEstimate) ? bandwidthEstimate : null,
      rung: this.rungs().find(({ index }) => index === currentLevel) ?? null,
      hasParts: (latestLevelDetails?.partTarget ?? 0) > 0,
    }
  }

  suspend(): void {
    this.#hls.stopLoad()
  }

  resume(): void {
    if (!this.#hls.loadingEnabled) this.#hls.startLoad(this.#media.currentTime)
  }

  retry(): void {
    clearTimeout(this.#timer)
    this.#tries = 0
    this.#recoveries = 0
    this.#restart()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#hls.destroy()
  }

  #start(): Hls {
    const { kind } = this.#program
    const startPosition = this.#from && 'atS' in this.#from ? this.#from.atS : -1
    const hls = new Hls({
      ...hlsSettings(kind, readDelay()),
      abrEwmaDefaultEstimate: firstGuess(),
      startPosition,
      xhrSetup: (xhr, url) => tellDelay(xhr, url, hls.latency),
    })
    const { Events } = Hls
    hls.on(Events.ERROR, (_event, data) => this.#failed(data))
    hls.on(Events.FRAG_BUFFERED, () => {
      // What was loaded corrects where it begins.
      this.#stretches = null
      this.#tries = 0
      this.#news.well()
    })
    hls.on(Events.MANIFEST_PARSED, () => {
      this.#obey(true)
      this.#news.changed()
    })
    hls.on(Events.LEVEL_LOADED, (_event, { networkDetails }) => {
      const date = networkDetails instanceof XMLHttpRequest && networkDetails.getResponseHeader('date')
      if (date) this.#news.serverTime(Date.parse(date))
    })
    hls.on(Events.LEVEL_UPDATED, (_event, { details }) => this.#updated(hls, details))
    hls.loadSource(askedAs(this.#program))
    hls.attachMedia(this.#media)
    return hls
  }

  #updated(hls: Hls, details: LevelDetails): void {
    const { kind } = this.#program
    const from = this.#from
    this.#from = null
    if (kind === 'live' && details.partTarget > 0 && hls.config.liveSyncDuration === undefined)
      hls.targetLatency = Math.max(details.partHoldBack, targetS[readDelay()])
    // Only now dates can be told; nothing was loaded yet.
    const position = from && 'atMs' in from ? positionOf(stretchesOf(details), from.atMs) : null
    if (position !== null) hls.startLoad(position)
    this.#news.changed()
  }

  #list(): readonly Stretch[] {
    const details = this.#hls.latestLevelDetails
    if (!details) return []
    if (this.#stretches?.of !== details) this.#stretches = { of: details, list: stretchesOf(details) }
    return this.#stretches.list
  }

  /** Before the first load the choice is where it begins, later it comes with the next segment. */
  #obey(isFirst: boolean): void {
    const hls = this.#hls
    const cheapest = this.rungs().reduce<Rung | null>(
      (least, rung) => (least && least.bitsPerSecond <= rung.bitsPerSecond ? least : rung),
      null,
    )
    const cap = this.#isCheap ? (cheapest?.index ?? null) : sparesData() ? thriftyCap(this.rungs()) : null
    hls.autoLevelCapping = cap ?? -1
    const wanted = this.#isCheap ? null : this.#choice
    if (isFirst && wanted === null) return
    if (isFirst) hls.loadLevel = wanted ?? -1
    else if (wanted !== null && wanted !== hls.currentLevel) hls.nextLevel = wanted
    else hls.loadLevel = wanted ?? -1
  }

  /** From the same place: a recording and what is behind go on where they were, live begins at its edge. */
  #restart(): void {
    const { currentTime } = this.#media
    const { kind } = this.#program
    const moment = this.momentMs()
    if (kind === 'recording') this.#from = { atS: currentTime }
    else if (kind !== 'live' && moment !== null) this.#from = { atMs: moment }
    this.#goOn(() => {
      this.#hls.destroy()
      this.#stretches = null
      this.#hls = this.#start()
    })
  }

  #failed({ fatal, type, details, response }: ErrorData): void {
    if (details === Hls.ErrorDetails.BUFFER_STALLED_ERROR) this.#news.stalled()
    const status = response?.code ?? 0
    // Fatal or not: hls.js would ask for a list another 60 times, though no try helps.
    if (status === 403) {
      this.#hls.stopLoad()
      this.#news.trouble('expired')
    } else if (!fatal) return
    else if (status === 404 && this.#program.kind === 'recording') this.#news.trouble('gone')
    else if (type === Hls.ErrorTypes.NETWORK_ERROR) this.#again(details)
    else this.#recover(details)
  }

  #recover(details: ErrorData['details']): void {
    const isCodec = details === 'manifestIncompatibleCodecsError' || details === 'bufferAddCodecError'
    const now = performance.now()
    // That something was loaded says nothing: an element may refuse all of it, as Firefox without a sound device does.
    this.#recoveries = now - this.#recoveredAt > wellAfterMs ? 1 : this.#recoveries + 1
    this.#recoveredAt = now
    if (isCodec || this.#recoveries > maxRecoveries) this.#news.trouble('unplayable')
    else if (this.#recoveries > 1) this.#restart()
    else this.#goOn(() => this.#hls.recoverMediaError())
  }

  /** What gives an element new media stops it without a word. */
  #goOn(change: () => void): void {
    const { paused } = this.#media
    change()
    if (!paused) void this.#media.play().catch(() => undefined)
  }

  #again(details: ErrorData['details']): void {
    clearTimeout(this.#timer)
    if (this.#tries >= tellFrom) this.#news.trouble('network')
    this.#timer = setTimeout(() => {
      if (details.startsWith('manifest')) this.#hls.loadSource(askedAs(this.#program))
      else this.#hls.startLoad()
    }, backOffMs(this.#tries))
    this.#tries += 1
  }
}

function stretchesOf({ fragments, fragmentHint }: LevelDetails): Stretch[] {
  const all: (Fragment | null | undefined)[] = [...fragments, fragmentHint]
  return all.flatMap((fragment) => {
    if (!fragment || fragment.programDateTime === null) return []
    return [{ startS: fragment.start, durationS: fragment.duration, atMs: fragment.programDateTime }]
  })
}

/** The source is the one that is named so, or else the largest. */
function rungsOf(levels: readonly Level[]): Rung[] {
  const pictures = levels.flatMap(({ width, height, bitrate, name }, index) =>
    height > 0 ? [{ index, width, height, bitsPerSecond: bitrate, name }] : [],
  )
  const named = pictures.find(({ name }) => name?.toLowerCase() === 'source')
  const largest = [...pictures].sort((a, b) => b.height - a.height || b.bitsPerSecond - a.bitsPerSecond)[0]
  const source = named ?? largest
  return pictures.map(({ name: _name, ...rung }) => ({ ...rung, isSource: rung.index === source?.index }))
}
