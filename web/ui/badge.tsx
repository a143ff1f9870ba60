import type { ComponentChildren } from 'preact'

export type Tone = 'plain' | 'live' | 'ok' | 'warn' | 'bad' | 'brand'

/** A small filled mark for a state: `live`, `12 watching`. */
export function Pill({ tone = 'plain', children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`pill pill-${tone}`}>{children}</span>
}

/** A quiet outlined mark beside a name: a version, `required`. */
export function Badge({ tone = 'plain', children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`badge badge-${tone}`}>{children}</span>
}
