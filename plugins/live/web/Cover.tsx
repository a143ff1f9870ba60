import './cover.css'
import { useMemo } from 'preact/hooks'
import { coverShape } from './cover-lines.ts'

/** A cover of its own for every channel, where there is no picture; moves gently where sound has no picture. */
export function Cover({ of, isMoving = false }: { of: string; isMoving?: boolean }) {
  const { hue, sun, lines } = useMemo(() => coverShape(of), [of])
  return (
    <div
      class={`live-cover${isMoving ? ' is-moving' : ''}`}
      style={{ '--hue': String(hue) }}
      aria-hidden="true"
    >
      <svg viewBox="0 0 160 90" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
        <circle cx={sun.x} cy={sun.y} r={sun.r} />
        {lines.map((line, index) => (
          <path key={line} d={line} style={{ '--line': String(index) }} />
        ))}
      </svg>
    </div>
  )
}

/** A picture of the stream, or the cover of its channel; `isEager` where it is the first thing on the page. */
export function Poster({ src, of, isEager = false }: { src: string | null; of: string; isEager?: boolean }) {
  if (!src) return <Cover of={of} />
  return <img class="live-poster" src={src} alt="" loading={isEager ? 'eager' : 'lazy'} decoding="async" />
}
