import { longestClipMs, shortestClipMs } from '../../contract.ts'

/** The ends of a clip to be, and between which they may move; all in the same milliseconds. */
export interface Ends {
  from: number
  until: number
}

/** The last half minute before where the viewer is, or what there is of it. */
export function endsAt(at: number, within: Ends): Ends {
  const until = Math.min(Math.max(at, within.from + shortestClipMs), within.until)
  return { from: Math.max(within.from, until - longestClipMs / 2), until }
}

/** As a slider counts: from the earliest that may be chosen, in steps, the last of which may be a shorter one. */
export const stepMs = 100
export const reachOf = ({ from, until }: Ends): number => Math.ceil((until - from) / stepMs) * stepMs
export const placeOf = (ms: number, within: Ends): number => Math.round((ms - within.from) / stepMs) * stepMs

/** One end moved by hand: the other comes along where the clip would be too short or too long. */
export function moved(ends: Ends, end: 'from' | 'until', to: number, within: Ends): Ends {
  const inside = (value: number) => Math.min(Math.max(value, within.from), within.until)
  if (end === 'from') {
    const from = Math.min(inside(to), within.until - shortestClipMs)
    return {
      from,
      until: inside(Math.min(Math.max(ends.until, from + shortestClipMs), from + longestClipMs)),
    }
  }
  const until = Math.max(inside(to), within.from + shortestClipMs)
  return { from: inside(Math.max(Math.min(ends.from, until - shortestClipMs), until - longestClipMs)), until }
}
