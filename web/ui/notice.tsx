import type { ComponentChildren } from 'preact'
import type { Tone } from './badge.tsx'

/** A tinted sentence that says how things stand: `Everything is well.` */
export function Notice({ tone = 'plain', children }: { tone?: Tone; children: ComponentChildren }) {
  return <div class={`notice notice-${tone}`}>{children}</div>
}
