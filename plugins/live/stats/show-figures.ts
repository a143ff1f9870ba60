import type { Member } from '../nodes/members.ts'
import { quantile } from './quantile.ts'

export const stepS = 10
const minuteS = 60
/** Longest stay that is told apart. */
const mostMinutes = 720
/** Who was away longer than this is counted as somebody new. */
const forgottenMs = 3_600_000

/** How many came with what. */
export interface KindCounts {
  devices: Record<string, number>
  browsers: Record<string, number>
  countries: Record<string, number>
}

/** All that is known of a show's audience but its curve. */
export interface Audience {
  people: number
  peak: number
  watchS: number
  /** How many stayed one minute, two, … */
  stays: number[]
  kinds: KindCounts
}

/** Ten seconds of a show. */
export interface Step {
  at: string
  stepS: number
  viewers: number
  /** Who came for the first time. */
  people: number
  joins: number
  leaves: number
  delayMs: number | null
  delayP95Ms: number | null
}

interface Guest {
  sinceMs: number
  reached: number
  isHere: boolean
  seenMs: number
}

export const noKinds = (): KindCounts => ({ devices: {}, browsers: {}, countries: {} })
export const nobody = (): Audience => ({ people: 0, peak: 0, watchS: 0, stays: [], kinds: noKinds() })

/**
 * Keeps the figures of one show from who is present every ten seconds. Viewers count as gone only after twelve, so
 * none comes and goes in between. Ids live here only, in memory.
 */
export class ShowFigures {
  readonly audience: Audience
  readonly #guests = new Map<string, Guest>()
  /** Who came before this was counted already, by this process's last run or by another. */
  readonly #countedUntilMs: number

  /** `before`: what was kept until then. */
  constructor(before?: { audience: Audience; untilMs: number }) {
    this.audience = before?.audience ?? nobody()
    this.#countedUntilMs = before?.untilMs ?? 0
  }

  get isEmpty(): boolean {
    for (const guest of this.#guests.values()) if (guest.isHere) return false
    return true
  }

  /** `wayMs`: how old the newest is that viewers can have. */
  sample(nowMs: number, present: readonly Member[], wayMs = 0): Step {
    let people = 0
    let joins = 0
    const here = new Set<string>()
    for (const member of present) {
      here.add(member.key)
      const known = this.#guests.get(member.key)
      const isCounted = member.sinceS * 1000 <= this.#countedUntilMs
      if (!known && !isCounted) {
        people++
        addKind(this.audience.kinds, member)
      }
      if (known ? !known.isHere : !isCounted) joins++
      this.#stay(known ?? this.#welcome(member), nowMs)
    }
    const leaves = this.#leave(here, nowMs)
    this.audience.people += people
    this.audience.peak = Math.max(this.audience.peak, present.length)
    this.audience.watchS += present.length * stepS
    const at = new Date(Math.floor(nowMs / 1000 / stepS) * stepS * 1000).toISOString()
    return { at, stepS, viewers: present.length, people, joins, leaves, ...delays(present, wayMs) }
  }

  #welcome(member: Member): Guest {
    const sinceMs = member.sinceS * 1000
    const reached = Math.max(0, Math.floor((this.#countedUntilMs - sinceMs) / (minuteS * 1000)))
    const isCounted = sinceMs <= this.#countedUntilMs
    const guest = { sinceMs, reached: isCounted ? reached : 0, isHere: true, seenMs: 0 }
    this.#guests.set(member.key, guest)
    return guest
  }

  #stay(guest: Guest, nowMs: number): void {
    guest.isHere = true
    guest.seenMs = nowMs
    const minutes = Math.min(mostMinutes, Math.floor((nowMs - guest.sinceMs) / (minuteS * 1000)))
    const { stays } = this.audience
    for (; guest.reached < minutes; guest.reached++) stays[guest.reached] = (stays[guest.reached] ?? 0) + 1
  }

  #leave(here: ReadonlySet<string>, nowMs: number): number {
    let leaves = 0
    for (const [key, guest] of this.#guests) {
      if (here.has(key)) continue
      if (guest.isHere) leaves++
      guest.isHere = false
      if (nowMs - guest.seenMs > forgottenMs) this.#guests.delete(key)
    }
    return leaves
  }
}

export function addKind(
  kinds: KindCounts,
  { device, browser, country }: Omit<Member, 'key' | 'sinceS' | 'delayMs'>,
) {
  kinds.devices[device] = (kinds.devices[device] ?? 0) + 1
  kinds.browsers[browser] = (kinds.browsers[browser] ?? 0) + 1
  if (country) kinds.countries[country] = (kinds.countries[country] ?? 0) + 1
}

function delays(present: readonly Member[], wayMs: number): Pick<Step, 'delayMs' | 'delayP95Ms'> {
  const known = present.flatMap(({ delayMs }) => (delayMs === null ? [] : [Math.round(delayMs + wayMs)]))
  return { delayMs: quantile(known, 0.5), delayP95Ms: quantile(known, 0.95) }
}
