import * as assert from 'uvu/assert'
import { findBarriers, type Visitor } from '../kit/browser.ts'
import { eventually } from '../kit/wait.ts'

/** What the page's video does at this moment. */
export interface Screen {
  atS: number
  bufferedToS: number
  durationS: number
  /** How much the grey of the picture varies: near 0 for a black or plain one. */
  contrast: number
  /** Bytes of sound decoded so far. */
  soundBytes: number
}

/** Looks at the video of the page, without touching it; null while there is none or it shows nothing yet. */
export function lookAt({ page }: Visitor): Promise<Screen | null> {
  return page.evaluate(() => {
    const video = document.querySelector('video')
    if (!video || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null
    const [width, height] = [64, 36]
    const canvas = Object.assign(document.createElement('canvas'), { width, height })
    const brush = canvas.getContext('2d')
    brush?.drawImage(video, 0, 0, width, height)
    const pixels = brush?.getImageData(0, 0, width, height).data ?? []
    const greys = Array.from(
      { length: width * height },
      (_none, at) => ((pixels[4 * at] ?? 0) + (pixels[4 * at + 1] ?? 0) + (pixels[4 * at + 2] ?? 0)) / 3,
    )
    const mean = greys.reduce((sum, grey) => sum + grey, 0) / greys.length
    const contrast = Math.sqrt(greys.reduce((sum, grey) => sum + (grey - mean) ** 2, 0) / greys.length)
    const { buffered, currentTime, duration } = video
    const bufferedToS = buffered.length > 0 ? buffered.end(buffered.length - 1) : 0
    const decoded = video as HTMLVideoElement & { webkitAudioDecodedByteCount?: number }
    const soundBytes = decoded.webkitAudioDecodedByteCount ?? 0
    return { atS: currentTime, bufferedToS, durationS: duration, contrast, soundBytes }
  })
}

/** Waits until the video has played on past `atS`; what it shows then. */
export function playsPast(visitor: Visitor, atS: number): Promise<Screen> {
  return eventually(`${visitor.name} to see the video play past ${atS.toFixed(1)} s`, async () => {
    const screen = await lookAt(visitor)
    return screen && screen.atS > atS ? screen : null
  })
}

/** What is before the visitor fits the window and can be read by all; a picture of it is taken. */
export async function canBeRead(visitor: Visitor, name: string): Promise<void> {
  await visitor.shoot(name)
  const overflow = await visitor.page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return scrollWidth - clientWidth
  })
  assert.equal([overflow, ...(await findBarriers(visitor.page))], [0], name)
}
