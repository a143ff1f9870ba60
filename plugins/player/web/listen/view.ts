import { signal } from '@preact/signals'

export type Panel = 'queue' | 'lyrics' | 'sound'
/** The now-playing view over the page, with one of its panels; null while it is closed. */
export const view = signal<Panel | null>(null)
