import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Page } from 'playwright-core'

const bits = 14
const size = 36
const step = 42
const margin = 16

/** Pictures a second, so that numbers can be told as time. */
export const codedRate = 25

const boxes = Array.from({ length: bits }, (_none, bit) => {
  const isOn = `enable='gte(mod(floor(n/${2 ** bit})\\,2)\\,1)'`
  return `drawbox=x=${margin + bit * step}:y=${margin}:w=${size}:h=${size}:color=white:t=fill:${isOn}`
})
const picture = `color=c=0x202038:size=640x360:rate=${codedRate},${boxes.join(',')}`

const running = new Set<{ kill(signal: NodeJS.Signals): boolean }>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * One encoder sends one picture to several addresses at the same moment, with its number burnt in as white boxes: what
 * two cameras of one event would see, if they looked at the same clock. Ends with a goodbye.
 */
export function publishCoded(targets: readonly string[]): { stop(): Promise<void> } {
  const inputs = [
    '-re',
    '-f',
    'lavfi',
    '-i',
    picture,
    '-re',
    '-f',
    'lavfi',
    '-i',
    'sine=frequency=440:beep_factor=4',
  ]
  const h264 = '-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 50 -b:v 500k'.split(' ')
  const aac = '-c:a aac -b:a 96k -ac 2 -ar 48000 -flags +global_header'.split(' ')
  const out = targets.map((target) => `[f=flv:onfail=ignore]${target}`).join('|')
  const args = ['-nostdin', '-loglevel', 'quiet', ...inputs, '-map', '0:v', '-map', '1:a', ...h264, ...aac]
  const child = spawn('ffmpeg', [...args, '-f', 'tee', out], { stdio: 'ignore' })
  running.add(child)
  const ended = once(child, 'close').then(() => running.delete(child))
  return {
    stop: async () => {
      child.kill('SIGINT')
      await ended
    },
  }
}

export interface Coded {
  /** The number of the picture that is shown. */
  code: number
  /** Where the element's clock is, which the sound follows: a busy machine shows pictures later than that. */
  atS: number
}

/** What is to be read on the page's videos at this moment, the one that is heard first. */
export function readCodes(page: Page): Promise<Coded[]> {
  return page.evaluate(
    ({ bits: count, at, every }) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 60 })
      const brush = canvas.getContext('2d', { willReadFrequently: true })
      const videos = Array.from(document.querySelectorAll<HTMLVideoElement>('.player video'))
      // All clocks at one moment: looking at a picture takes a while.
      const clocks = videos.map((video) => video.currentTime)
      return videos.map((video, index) => {
        brush?.drawImage(video, 0, 0, 640, 360)
        let code = 0
        for (let bit = 0; bit < count; bit += 1) {
          const [red = 0] = brush?.getImageData(at + bit * every, at, 1, 1).data ?? []
          if (red > 128) code += 2 ** bit
        }
        return { code, atS: clocks[index] ?? 0 }
      })
    },
    { bits, at: margin + size / 2, every: step },
  )
}
