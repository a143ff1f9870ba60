import { type Account, type Db, isoTime, type Log } from '#sdk'
import { lostRightsSince } from './lost-rights.ts'
import { accessOf, type Rights, type Subject, watcherOf } from './rights.ts'

/** A right that was bought, or a session, may end without a word: it is asked for again this often. */
const recheckMs = 30_000
const refusalMs = 1_000
/** How often it is asked who lost a right; one query for all who watch. */
const lostEveryMs = 5_000
/** Clocks of several machines may differ by so much. */
const overlapMs = 60_000
const mostRemembered = 20_000

interface Seen {
  accountId: string | null
  isGood: boolean
  /** What was asked for: another access is another question. */
  what: string
  askedAt: number
}
interface Wanted extends Subject {
  streamId: string
}

interface Parts {
  db: Db
  log: Log
  rights: Pick<Rights, 'mayWatch'>
  now?: () => number
}

/**
 * Remembers who may watch which closed stream, so that a segment costs one look-up in memory. A right that is taken
 * away ends within seconds (`live_lost_rights`), one that runs out or whose session ended within half a minute.
 */
export class WatchDoor {
  readonly #parts: Parts
  readonly #now: () => number
  readonly #seen = new Map<string, Seen>()
  readonly #asking = new Map<string, Promise<boolean>>()
  #lostKnown = new Set<string>()
  #lostAskedAt = 0

  constructor(parts: Parts) {
    this.#parts = parts
    this.#now = parts.now ?? Date.now
  }

  /** `mark` stands for the session or token that the address is bound to. */
  admits(wanted: Wanted, mark: string, caller: () => Promise<Account | null>): boolean | Promise<boolean> {
    this.#lookForLost()
    const seen = this.#seen.get(`${mark} ${wanted.streamId}`)
    if (seen?.what !== whatOf(wanted)) return this.#ask(wanted, mark, caller)
    const ageMs = this.#now() - seen.askedAt
    if (ageMs < (seen.isGood ? recheckMs : refusalMs)) return seen.isGood
    const asked = this.#ask(wanted, mark, caller)
    if (!seen.isGood) return asked
    // The viewer plays on meanwhile, and while the database is away.
    asked.catch(() => {
      seen.askedAt = this.#now()
    })
    return true
  }

  forget(accountId: string): void {
    for (const [key, seen] of this.#seen) if (seen.accountId === accountId) this.#seen.delete(key)
  }

  #ask(wanted: Wanted, mark: string, caller: () => Promise<Account | null>): Promise<boolean> {
    const key = `${mark} ${wanted.streamId}`
    const asking = this.#asking.get(key) ?? this.#find(wanted, key, caller)
    this.#asking.set(key, asking)
    return asking.finally(() => this.#asking.delete(key))
  }

  async #find(wanted: Wanted, key: string, caller: () => Promise<Account | null>): Promise<boolean> {
    const askedAt = this.#now()
    const account = await caller()
    const isGood = account !== null && (await this.#parts.rights.mayWatch(watcherOf(account), wanted))
    if (this.#seen.size >= mostRemembered)
      for (const oldest of this.#seen.keys()) {
        this.#seen.delete(oldest)
        break
      }
    this.#seen.set(key, { accountId: account?.id ?? null, isGood, what: whatOf(wanted), askedAt })
    return isGood
  }

  #lookForLost(): void {
    const now = this.#now()
    if (now - this.#lostAskedAt < lostEveryMs) return
    this.#lostAskedAt = now
    const { db, log } = this.#parts
    lostRightsSince(db, isoTime(new Date(now - overlapMs))).then(
      (lost) => {
        const known = this.#lostKnown
        this.#lostKnown = new Set(lost.map(({ accountId, lostAt }) => `${accountId} ${lostAt}`))
        for (const { accountId, lostAt } of lost)
          if (!known.has(`${accountId} ${lostAt}`)) this.forget(accountId)
      },
      (error: unknown) => log.warn({ err: error }, 'it could not be asked who may no longer watch'),
    )
  }
}

const whatOf = ({ channel, stream }: Subject) => `${accessOf(channel, stream)} ${stream?.eventId ?? ''}`
