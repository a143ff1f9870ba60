import { useId } from 'preact/hooks'

interface RangeProps {
  label: string
  hint?: string
  /** The value as it is read out. */
  words: string
  min: number
  max: number
  step?: number
  value: number
  onValue(value: number): void
}

/** A slider with its name above and its value beside. */
export function Range({ label, hint, words, min, max, step = 1, value, onValue }: RangeProps) {
  const id = useId()
  return (
    <div class="now-range">
      <label for={id}>{label}</label>
      <output for={id}>{words}</output>
      <input
        id={id}
        type="range"
        class="player-range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={words}
        style={{ '--share': `${((value - min) / (max - min)) * 100}%` }}
        onInput={(event) => onValue(Number(event.currentTarget.value))}
      />
      {hint && <p class="muted small">{hint}</p>}
    </div>
  )
}
