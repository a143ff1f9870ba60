import type { Deck } from './deck.ts'

/** What a browser needs at most to let an AudioContext run, where it does without a press. */
const patienceMs = 400
/** After a press only the sound device is waited for: one without a wire takes seconds to wake. */
const deviceMs = 5_000

export const isAwake = (context: AudioContext): boolean =>
  context.state === 'running' || context.state === 'closed'

/** Call it in the click: browsers count that as the listener's wish. `refused` is called where that was none. */
export function startSound(deck: Deck, context: AudioContext, refused: () => void): void {
  if (!isAwake(context)) context.resume().catch(() => {})
  deck.play().catch((error: Error) => {
    if (error.name === 'NotAllowedError') refused()
  })
  if (isAwake(context) || !deck.isRouted) return
  const wasPressed = navigator.userActivation?.hasBeenActive ?? false
  setTimeout(
    () => {
      if (!isAwake(context)) refused()
    },
    wasPressed ? deviceMs : patienceMs,
  )
}
