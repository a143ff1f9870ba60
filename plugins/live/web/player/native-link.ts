import { backOffMs, type LinkNews, type MediaLink, type Source } from './source.ts'

/** Safari's own: the date of the first picture, where the playlist gives one. */
interface DatedVideo {
  getStartDate?(): Date
}

/** For browsers that play HLS themselves (iPhones without managed media source). */
export class NativeLink implements MediaLink {
  readonly #video: HTMLVideoElement
  readonly #source: Source
  readonly #stop = new AbortController()
  #tries = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(video: HTMLVideoElement, source: Source, news: LinkNews) {
    this.#video = video
    this.#source = source
    const { signal } = this.#stop
    video.addEventListener(
      'playing',
      () => {
        this.#tries = 0
        news.well()
      },
      { signal },
    )
    video.addEventListener('error', () => this.#failed(news), { signal })
    video.src = source.url
  }

  playingDate(): Date | null {
    const start = (this.#video as DatedVideo).getStartDate?.().getTime() ?? Number.NaN
    return Number.isFinite(start) ? new Date(start + this.#video.currentTime * 1000) : null
  }

  edgeS(): number | null {
    const { seekable } = this.#video
    return seekable.length > 0 ? seekable.end(seekable.length - 1) : null
  }

  retry(): void {
    clearTimeout(this.#timer)
    this.#tries = 0
    this.#again()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#stop.abort()
    this.#video.removeAttribute('src')
    this.#video.load()
  }

  #failed(news: LinkNews): void {
    const isFormat = this.#video.error?.code === MediaError.MEDIA_ERR_DECODE
    clearTimeout(this.#timer)
    if (isFormat && this.#tries > 2) {
      news.trouble('unplayable')
      return
    }
    if (this.#tries >= 2) news.trouble('network')
    this.#timer = setTimeout(() => this.#again(), backOffMs(this.#tries))
    this.#tries += 1
  }

  #again(): void {
    const at = this.#source.isLive ? 0 : this.#video.currentTime
    this.#video.src = this.#source.url
    if (at > 0)
      this.#video.addEventListener(
        'loadedmetadata',
        () => {
          this.#video.currentTime = at
        },
        { once: true, signal: this.#stop.signal },
      )
    void this.#video.play().catch(() => undefined)
  }
}
