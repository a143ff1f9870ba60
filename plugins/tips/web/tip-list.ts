import type { Tip } from '../contract.ts'

const mostShown = 100

/** With the tip in its place, newest first. */
export function withTip(items: readonly Tip[], tip: Tip): Tip[] {
  const others = items.filter(({ id }) => id !== tip.id)
  return [...others, tip].sort((a, b) => (a.id > b.id ? -1 : 1)).slice(0, mostShown)
}
