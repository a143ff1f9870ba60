import type { ComponentChildren } from 'preact'
import type { Tone } from './badge.tsx'

interface MeterProps {
  /** What is measured. */
  label: string
  /** The value in a word; colour alone says nothing. */
  word: string
  value: number
  max: number
  tone: Extract<Tone, 'ok' | 'warn' | 'bad'>
  /** A sentence about it. */
  children?: ComponentChildren
}

/** How much of something there is: a bar with its value in words, read out when it changes. */
export function Meter({ label, word, value, max, tone, children }: MeterProps) {
  return (
    <div class={`meter meter-${tone}`}>
      <i aria-hidden="true" style={{ '--share': String(value / max) }} />
      <p role="status">
        {label}: <b>{word}</b>
        {children && <> {children}</>}
      </p>
    </div>
  )
}
