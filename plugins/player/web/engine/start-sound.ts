import type { Deck } from './deck.ts'

/** What a browser needs at most to let an AudioContext run, where it does. */
const patienceMs = 400

export const isAwake = (context: AudioContext): boolean =>
  context.state === 'running' || context.state === 'closed'

/** Call it in the click: browsers count that as the listener's wish. `refused` is called where that was none. */
export function startSound(deck: Deck, context: AudioContext, refused: () => void): void {
  if (!isAwake(context)) context.resume().catch(() => {})
  deck.play().catch((error: Error) => {
    if (error.name === 'NotAllowedError') refused()
  })
  if (!isAwake(context) && deck.isRouted)
    setTimeout(() => {
      if (!isAwake(context)) refused()
    }, patienceMs)
}
