import type { RightsChange } from '../contract.ts'
import type { LiveContext } from '../settings.ts'
import { shownMs } from '../shown.ts'

type Listener = (change: RightsChange) => void

const listeners = new WeakMap<LiveContext, Set<Listener>>()
/** By then no process remembers what everybody's page was shown before. */
const tellAfterMs = shownMs + 200

/** Who keeps people in rooms beside streams hears when to ask again; answers how to take that back. */
export function onRights(ctx: LiveContext, listener: Listener): () => void {
  const all = listeners.get(ctx) ?? new Set()
  listeners.set(ctx, all.add(listener))
  return () => all.delete(listener)
}

/** Who may watch may be somebody else from now on. */
export function tellRights(ctx: LiveContext, change: RightsChange): void {
  const tell = () => {
    for (const listener of listeners.get(ctx) ?? []) listener(change)
  }
  setTimeout(tell, tellAfterMs).unref()
}
