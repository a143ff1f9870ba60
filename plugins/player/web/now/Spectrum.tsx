import { useEffect, useRef } from 'preact/hooks'
import type { Player } from '../engine/types.ts'

const bars = 48
const lowest = 40
const highest = 14_000

/** Loudness by pitch, drawn as it sounds; nothing where the reader wants no motion. */
export function Spectrum({ player }: { player: Player }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return undefined
    let frame = 0
    const go = () => {
      if (canvas.current && player.analyser) draw(canvas.current, player.analyser)
      frame = requestAnimationFrame(go)
    }
    go()
    return () => cancelAnimationFrame(frame)
  }, [player])
  return (
    <div class="now-spectrum" aria-hidden="true">
      <canvas ref={canvas} />
    </div>
  )
}

function draw(canvas: HTMLCanvasElement, analyser: AnalyserNode): void {
  const { clientWidth: width, clientHeight: height } = canvas
  const density = devicePixelRatio || 1
  if (canvas.width !== Math.round(width * density)) {
    canvas.width = Math.round(width * density)
    canvas.height = Math.round(height * density)
  }
  const pen = canvas.getContext('2d')
  if (!pen || width === 0) return
  pen.setTransform(density, 0, 0, density, 0, 0)
  pen.clearRect(0, 0, width, height)
  pen.fillStyle = getComputedStyle(canvas).color
  const step = width / bars
  for (const [at, share] of heights(analyser).entries()) {
    const tall = Math.max(2, share * height)
    pen.fillRect(at * step, height - tall, step * 0.62, tall)
  }
}

/** Equal steps of pitch, each as loud as its loudest part. */
function heights(analyser: AnalyserNode): number[] {
  const bins = new Uint8Array(analyser.frequencyBinCount)
  analyser.getByteFrequencyData(bins)
  const perHertz = analyser.fftSize / analyser.context.sampleRate
  const place = (at: number) => lowest * (highest / lowest) ** (at / bars) * perHertz
  return Array.from({ length: bars }, (_, at) => {
    const from = Math.floor(place(at))
    const to = Math.max(from + 1, Math.floor(place(at + 1)))
    return Math.max(0, ...bins.subarray(from, to)) / 255
  })
}
