import { signal } from '@preact/signals'

/** Tracks that are to be put into a playlist, while one is being chosen. */
export const picking = signal<{ trackIds: string[]; title: string } | null>(null)
