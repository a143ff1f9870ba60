import type { Timeline } from './timeline.ts'

/** The state of a room and how to change it; `newest` is ahead of the next render. */
export interface Store {
  slug: string
  myId: string | null
  newest: { current: Timeline }
  update(change: (timeline: Timeline) => Timeline): void
}
