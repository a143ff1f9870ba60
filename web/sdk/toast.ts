import { signal } from '@preact/signals'

export interface Toast {
  id: number
  text: string
  tone: 'plain' | 'bad'
  undo: (() => void) | null
}
export interface ToastOptions {
  /** Puts an Undo button beside the text; the note then stays longer. */
  undo?: () => void
  tone?: Toast['tone']
  /** How long it stays, where what it says or undoes wants more time. */
  forMs?: number
}

/** What is shown just now, oldest first; the frame draws it. */
export const toasts = signal<readonly Toast[]>([])
let nextId = 1

/** A short note at the edge of the page, read out by screen readers; gone after 5 s (10 s with undo). */
export function toast(text: string, options: ToastOptions = {}): void {
  const id = nextId++
  const note: Toast = { id, text, tone: options.tone ?? 'plain', undo: options.undo ?? null }
  toasts.value = [...toasts.value.slice(-2), note]
  setTimeout(() => dropToast(id), options.forMs ?? (options.undo ? 10_000 : 5_000))
}

export function dropToast(id: number): void {
  toasts.value = toasts.value.filter((note) => note.id !== id)
}
