import type { Deck } from './deck.ts'

/**
 * Fades one deck in and the other out over what is left of it, from the moment that the new one sounds; `begun` is told
 * how many seconds that takes. Nothing happens when `isStill` says no by then.
 */
export function crossWhenHeard(
  deck: Deck,
  old: Deck,
  isStill: () => boolean,
  begun: (seconds: number) => void,
): void {
  deck.fade(0)
  const begin = () => {
    if (!isStill()) return
    const place = old.feed?.place()
    const left = place ? Math.max(place.duration - place.seconds, 0.05) / old.speed : 0.05
    deck.cross('in', left)
    old.cross('out', left)
    begun(left + 0.05)
  }
  deck.element.addEventListener('playing', begin, { once: true })
}
