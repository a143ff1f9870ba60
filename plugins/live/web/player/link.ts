import Hls, { type ErrorData, type HlsConfig } from 'hls.js'
import { NativeLink } from './native-link.ts'
import { backOffMs, type LinkNews, type MediaLink, type Source } from './source.ts'

/** Media source extensions first: browsers that have both measure the delay only this way. */
export async function openLink(video: HTMLVideoElement, source: Source, news: LinkNews): Promise<MediaLink> {
  if (Hls.isSupported()) return new HlsLink(video, source, news)
  if (video.canPlayType('application/vnd.apple.mpegurl')) return new NativeLink(video, source, news)
  news.trouble('unplayable')
  return { playingDate: () => null, edgeS: () => null, retry: () => {}, close: () => {} }
}

const settings: Partial<HlsConfig> = {
  // Two segments from the end: one to play, one on its way. A stall moves it back by itself.
  liveSyncDurationCount: 2,
  liveDurationInfinity: true,
  backBufferLength: 30,
  maxBufferLength: 30,
}
/** From this try on the viewer is told; before it, the buffer most often hides it. */
const tellFrom = 2
const maxRecoveries = 3

class HlsLink implements MediaLink {
  readonly #video: HTMLVideoElement
  readonly #source: Source
  readonly #news: LinkNews
  #hls: Hls
  #tries = 0
  #recoveries = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(video: HTMLVideoElement, source: Source, news: LinkNews) {
    this.#video = video
    this.#source = source
    this.#news = news
    this.#hls = this.#start()
  }

  playingDate(): Date | null {
    return this.#hls.playingDate
  }

  edgeS(): number | null {
    return this.#hls.liveSyncPosition ?? null
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
    const hls = new Hls(settings)
    hls.on(Hls.Events.ERROR, (_event, data) => this.#failed(data))
    hls.on(Hls.Events.FRAG_BUFFERED, () => {
      this.#tries = 0
      this.#recoveries = 0
      this.#news.well()
    })
    hls.on(Hls.Events.LEVEL_LOADED, (_event, { networkDetails }) => {
      const date = networkDetails instanceof XMLHttpRequest && networkDetails.getResponseHeader('date')
      if (date) this.#news.serverTime(Date.parse(date))
    })
    hls.loadSource(this.#source.url)
    hls.attachMedia(this.#video)
    return hls
  }

  #restart(): void {
    const { currentTime } = this.#video
    this.#hls.destroy()
    this.#hls = this.#start()
    // A recording goes on where it was; live begins at its edge.
    if (!this.#source.isLive && currentTime > 0) this.#hls.startLoad(currentTime)
    void this.#video.play().catch(() => undefined)
  }

  #failed({ fatal, type, details, response }: ErrorData): void {
    if (!fatal) return
    const status = response?.code ?? 0
    if (status === 403) this.#news.trouble('expired')
    else if (status === 404 && !this.#source.isLive) this.#news.trouble('gone')
    else if (type === Hls.ErrorTypes.NETWORK_ERROR) this.#again(details)
    else this.#recover(details)
  }

  #recover(details: ErrorData['details']): void {
    const isCodec = details === 'manifestIncompatibleCodecsError' || details === 'bufferAddCodecError'
    this.#recoveries += 1
    if (isCodec || this.#recoveries > maxRecoveries) this.#news.trouble('unplayable')
    else if (this.#recoveries === 1) this.#hls.recoverMediaError()
    else this.#restart()
  }

  #again(details: ErrorData['details']): void {
    clearTimeout(this.#timer)
    if (this.#tries >= tellFrom) this.#news.trouble('network')
    this.#timer = setTimeout(() => {
      if (details.startsWith('manifest')) this.#hls.loadSource(this.#source.url)
      else this.#hls.startLoad()
    }, backOffMs(this.#tries))
    this.#tries += 1
  }
}
