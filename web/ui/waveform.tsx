import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { formatClock } from '../sdk/format.ts'
import { useTexts } from '../sdk/texts.ts'
import { uiTexts } from './texts.ts'
import { keepDrawn } from './waveform-drawing.ts'

type Moving = number | (() => number)
interface WaveformProps {
  /** Peaks as `.dat` of audiowaveform; null: flat bars. */
  url: string | null
  /** Names it for who does not see it: `Seek in Low Tide`. */
  label: string
  durationMs: number
  /** Up to here it was played; a function is asked for each frame, so that the page need not be drawn again. */
  positionMs?: Moving
  /** Up to here it is loaded. */
  bufferedMs?: Moving
  /** With it the waveform is a slider: click, drag, arrow keys. */
  onSeek?(ms: number): void
  /** Of the played part; the page’s tint where there is none. */
  colour?: string | undefined
}

const now = (value: Moving | undefined): number => (typeof value === 'function' ? value() : (value ?? 0))
const steps: Record<string, number> = {
  ArrowLeft: -5000,
  ArrowDown: -5000,
  ArrowRight: 5000,
  ArrowUp: 5000,
  PageDown: -30_000,
  PageUp: 30_000,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}

/** A recording as bars of its loudness: a picture, or with `onSeek` the way to any place in it. */
export function Waveform(props: WaveformProps) {
  const { url, label, durationMs, positionMs, bufferedMs, onSeek, colour } = props
  const t = useTexts(uiTexts)
  const root = useRef<HTMLDivElement>(null)
  const second = useMoving(root, props)
  const [pointed, setPointed] = useState<number | null>(null)
  const isPlayed = positionMs !== undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: the canvas of the played part comes and goes
  useEffect(() => (root.current ? keepDrawn(root.current, url, colour) : undefined), [url, colour, isPlayed])
  const layers = (
    <span class="wave-layers" aria-hidden="true">
      <canvas />
      {isPlayed && <canvas class="wave-played" />}
      {bufferedMs !== undefined && <i class="wave-loaded" />}
    </span>
  )
  if (!onSeek) {
    return (
      <div ref={root} class="wave" role="img" aria-label={label}>
        {layers}
      </div>
    )
  }
  const at = (event: PointerEvent) => {
    const box = root.current?.getBoundingClientRect()
    if (!box || box.width === 0) return 0
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * durationMs
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = steps[event.key]
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    // Not also a shortcut of the page.
    event.stopPropagation()
    onSeek(Math.min(durationMs, Math.max(0, now(positionMs) + by)))
  }
  return (
    <div
      ref={root}
      class="wave is-slider"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.round(durationMs / 1000)}
      aria-valuenow={second}
      aria-valuetext={t('ofTime', { at: formatClock(second * 1000), all: formatClock(durationMs) })}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button === 0) event.currentTarget.setPointerCapture(event.pointerId)
        setPointed(at(event))
      }}
      onPointerMove={(event) => setPointed(at(event))}
      onPointerUp={(event) => {
        if (event.button === 0) onSeek(at(event))
        if (event.pointerType !== 'mouse') setPointed(null)
      }}
      onPointerCancel={() => setPointed(null)}
      onPointerLeave={() => setPointed(null)}
    >
      {layers}
      {pointed !== null && (
        <span class="wave-pointed" style={{ '--at': String(pointed / durationMs) }} aria-hidden="true">
          {formatClock(pointed)}
        </span>
      )}
    </div>
  )
}

function place(root: HTMLElement, { positionMs, bufferedMs, durationMs }: WaveformProps): void {
  const share = (value: Moving | undefined) =>
    String(durationMs > 0 ? Math.min(1, Math.max(0, now(value) / durationMs)) : 0)
  root.style.setProperty('--played', share(positionMs))
  root.style.setProperty('--loaded', share(bufferedMs))
}

/** Moves the played and loaded parts without drawing anew; answers the second, for screen readers. */
function useMoving(root: { current: HTMLElement | null }, props: WaveformProps): number {
  const [second, setSecond] = useState(0)
  useLayoutEffect(() => {
    let frame = 0
    const go = () => {
      const { positionMs, bufferedMs } = props
      if (root.current) place(root.current, props)
      setSecond(Math.floor(now(positionMs) / 1000))
      const isMoving = typeof positionMs === 'function' || typeof bufferedMs === 'function'
      if (isMoving) frame = requestAnimationFrame(go)
    }
    go()
    return () => cancelAnimationFrame(frame)
  })
  return second
}
