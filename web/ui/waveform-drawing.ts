import { effect } from '@preact/signals'
import { theme } from '../sdk/theme.ts'
import { barsOf, loadPeaks, type Peaks } from './waveform-peaks.ts'

const barWidth = 3
const step = 5
const flat = 2

/** Bars in the canvas's own text colour, sharp on any screen. */
function draw(canvas: HTMLCanvasElement, peaks: Peaks | null): void {
  const { clientWidth: width, clientHeight: height } = canvas
  const density = devicePixelRatio || 1
  const [wide, high] = [Math.round(width * density), Math.round(height * density)]
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide
    canvas.height = high
  }
  const pen = canvas.getContext('2d')
  const count = Math.floor((width + step - barWidth) / step)
  if (!pen || count < 1) return
  pen.setTransform(wide / width, 0, 0, high / height, 0, 0)
  pen.clearRect(0, 0, width, height)
  pen.fillStyle = getComputedStyle(canvas).color
  // Evenly from edge to edge, so that a place on it is a time.
  const spread = count > 1 ? (width - barWidth) / (count - 1) : 0
  const bars = peaks && peaks.length > 0 ? barsOf(peaks, count) : new Array<number>(count).fill(0)
  pen.beginPath()
  for (const [at, share] of bars.entries()) {
    const tall = Math.max(flat, share * height)
    pen.roundRect(at * spread, (height - tall) / 2, barWidth, tall, Math.min(barWidth / 2, tall / 2))
  }
  pen.fill()
}

/** Runs once when the element comes near the part of the page that is seen. */
function whenNear(node: Element, work: () => void): () => void {
  const watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return
      watch.disconnect()
      work()
    },
    { rootMargin: '200px' },
  )
  watch.observe(node)
  return () => watch.disconnect()
}

/**
 * Keeps all canvases in `root` drawn, until the answer is called: once it comes near, and again when its size or the
 * theme changes. `colour` is that of the played part.
 */
export function keepDrawn(root: HTMLElement, url: string | null, colour: string | undefined): () => void {
  let peaks: Peaks | null = null
  let isWanted = true
  if (colour) root.style.setProperty('--wave-played', colour)
  else root.style.removeProperty('--wave-played')
  const again = () => {
    for (const canvas of root.querySelectorAll('canvas')) draw(canvas, peaks)
  }
  const load = async (address: string) => {
    peaks = await loadPeaks(address)
    if (isWanted) again()
  }
  const size = new ResizeObserver(again)
  size.observe(root)
  const dark = matchMedia('(prefers-color-scheme: dark)')
  dark.addEventListener('change', again)
  const endings = [
    whenNear(root, () => url && void load(url)),
    effect(() => {
      // The page takes on the theme just after it was chosen.
      if (theme.value) requestAnimationFrame(again)
    }),
    () => size.disconnect(),
    () => dark.removeEventListener('change', again),
  ]
  return () => {
    isWanted = false
    for (const end of endings) end()
  }
}
