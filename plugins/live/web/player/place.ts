import type { Reach } from './moments.ts'

/** Where a moment of a running stream is played from. */
export type Place = 'edge' | 'live' | 'dvr'

export interface Whereabouts {
  /** What the live playlist holds. */
  live: Reach
  /** How far behind its end a viewer at the edge is. */
  targetMs: number
  hasDvr: boolean
  /** The playlist of all that is kept is playing. */
  isInDvr: boolean
}

/** Nearer to the edge than this is the edge. */
const edgeMs = 1_500
/** What is about to leave the live playlist is no place to go to: it would be gone while it loads. */
export const marginMs = 6_000

/**
 * The live playlist as long as it holds the moment safely; who is in the long one stays there up to the edge, so that
 * going to and fro changes nothing.
 */
export function placeOf(atMs: number, { live, targetMs, hasDvr, isInDvr }: Whereabouts): Place {
  if (atMs >= live.toMs - targetMs - edgeMs) return 'edge'
  if (!hasDvr) return 'live'
  return isInDvr || atMs < live.fromMs + marginMs ? 'dvr' : 'live'
}
