import { signal } from '@preact/signals'
import type { PlayerState } from '#web'

/** A thing to hand on, while its sheet is open. */
export interface Shared {
  kind: 'track' | 'release'
  /** Path of its page. */
  href: string
  title: string
  /** Last part of its embed's address; null where only some may find it. */
  embedKey: string | null
  trackId: string | null
}
export const shared = signal<Shared | null>(null)
export const isHelpOpen = signal(false)
/** As other plugins see the player. */
export const facadeState = signal<PlayerState>({ status: 'idle', trackId: null, from: null })

export const queueKey = 'veza-queue'

/** Keys that mean something else just now: a text is typed, a dialog is open, somebody took it, or it is a shortcut. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
    return true
  const at = event.target instanceof Element ? event.target : null
  return !!at?.closest(
    'input, textarea, select, [contenteditable]:not([contenteditable=false]), dialog, [role=menu]',
  )
}
