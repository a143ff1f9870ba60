import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'

/** The clock in the picture: 40 cells of 32 pixels, 32 bits of milliseconds and 8 of their sum. */
const grid = { columns: 10, rows: 4, cell: 32 }
const size = { width: 320, height: 180 }
const wrap = 2 ** 32

/** Under the clock a strip tells the cameras apart by its grey. */
const greyOf = (camera: number) => 30 + 50 * (camera - 1)

/** One grey frame that says `ms`; large cells, so that they survive any encoder and any smaller rendition. */
function frameOf(ms: number, camera: number): Buffer {
  const frame = Buffer.alloc(size.width * size.height, greyOf(camera))
  const low = Math.floor(ms) % wrap
  const sum = [0, 8, 16, 24].reduce((total, shift) => total + ((low >>> shift) & 255), 0) & 255
  const bit = (at: number) => (at < 32 ? (low >>> at) & 1 : (sum >>> (at - 32)) & 1)
  for (let y = 0; y < grid.rows * grid.cell; y++)
    for (let column = 0; column < grid.columns; column++) {
      const value = bit(Math.floor(y / grid.cell) * grid.columns + column) ? 235 : 16
      frame.fill(value, y * size.width + column * grid.cell, y * size.width + (column + 1) * grid.cell)
    }
  return frame
}

export interface ClockOptions {
  fps?: number
  keyFrameS?: number
  /** Of the sent picture; the cells grow with it. */
  height?: number
}

/** Publishes a picture of this machine's clock, and a tone, to every address at once, each a camera of one moment. */
export class ClockPublisher {
  readonly #encoders: ChildProcess[]
  #isStopped = false

  constructor(urls: readonly string[], { fps = 25, keyFrameS = 2, height = 180 }: ClockOptions = {}) {
    const input = `-f rawvideo -pix_fmt gray -s ${size.width}x${size.height} -r ${fps} -i pipe:0`
    const tone = '-f lavfi -i sine=frequency=440:sample_rate=48000'
    const video = `-vf scale=-2:${height} -pix_fmt yuv420p -c:v libx264 -preset ultrafast -tune zerolatency -g ${fps * keyFrameS}`
    const rest = '-c:a aac -b:a 96k -ac 2 -flush_packets 1 -f flv'
    const args = `-nostdin -loglevel error ${input} ${tone} ${video} ${rest}`.split(' ')
    this.#encoders = urls.map((url) =>
      spawn('ffmpeg', [...args, url], { stdio: ['pipe', 'ignore', 'ignore'] }),
    )
    for (const { stdin } of this.#encoders) stdin?.on('error', () => undefined)
    void this.#run(1000 / fps)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.all(
      this.#encoders.map(async (encoder) => {
        if (encoder.exitCode !== null) return
        encoder.stdin?.end()
        const gone = once(encoder, 'exit')
        setTimeout(() => encoder.kill('SIGKILL'), 10_000).unref()
        await gone
      }),
    )
  }

  async #run(stepMs: number): Promise<void> {
    const startedAt = performance.now()
    for (let count = 0; !this.#isStopped; count++) {
      const waitMs = startedAt + count * stepMs - performance.now()
      if (waitMs > 1) await delay(waitMs)
      const now = Date.now()
      for (const [at, { stdin }] of this.#encoders.entries())
        if (stdin?.writable) stdin.write(frameOf(now, at + 1))
    }
  }
}

/** What a page's video showed when it was looked at: the clock in the picture, and how old it was then. */
export interface ClockSeen {
  clockMs: number
  delayMs: number
  /** Which of the publisher's addresses it came from, from 1. */
  camera: number
}

/** Reads the clock in the video that `selector` finds; null where it shows none (yet). */
export function readClock(page: Page, selector = 'video'): Promise<ClockSeen | null> {
  return page.evaluate(
    ({ selector, grid, wrap }) => {
      const video = document.querySelector<HTMLVideoElement>(selector)
      if (!video || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || !video.videoWidth) return null
      const now = Date.now()
      const [width, height] = [grid.columns * 8, 45]
      const canvas = Object.assign(document.createElement('canvas'), { width, height })
      const brush = canvas.getContext('2d', { willReadFrequently: true })
      brush?.drawImage(video, 0, 0, width, height)
      const pixels = brush?.getImageData(0, 0, width, height).data
      if (!pixels) return null
      let low = 0
      let sum = 0
      // No function of its own: a name would need help that the page does not have.
      for (let at = 0; at < 40; at++) {
        const [x, y] = [(at % grid.columns) * 8 + 4, Math.floor(at / grid.columns) * 8 + 4]
        if ((pixels[4 * (y * width + x)] ?? 0) <= 128) continue
        if (at < 32) low += 2 ** at
        else sum += 2 ** (at - 32)
      }
      const wanted = [0, 8, 16, 24].reduce((total, shift) => total + ((low >>> shift) & 255), 0) & 255
      if (sum !== wanted) return null
      const clockMs = now - (((now % wrap) - low + wrap) % wrap)
      const strip = pixels[4 * ((height - 4) * width + width / 2)] ?? 0
      return { clockMs, delayMs: now - clockMs, camera: Math.round((strip - 30) / 50) + 1 }
    },
    { selector, grid, wrap },
  )
}
