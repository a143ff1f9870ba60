import type { Db } from '#sdk'
import type { Access } from '../contract.ts'
import { type PlannedSet, setsAround } from './events.ts'

export const earlyMs = 30 * 60_000

interface Guard {
  access: Access | null
  eventId: string | null
  /** Its recording is called as the set was announced. */
  title?: string
}
const none: Guard = { access: null, eventId: null }

/**
 * The planned set that a new stream is, and who may watch it for that: known with the row itself, so that nobody sees
 * the first seconds of what is not theirs. Further cameras of a show are what its first stream is.
 */
export async function guardOf(
  db: Db,
  { channelId, showId }: { channelId: string; showId: string },
  at = new Date(),
): Promise<Guard> {
  const first: Guard | undefined = await db('live_streams').where({ id: showId }).first('access', 'event_id')
  if (first) return first
  const set = await setAt(db, channelId, at)
  return set ? { access: set.access, eventId: set.id, title: set.title } : none
}

/** The planned set that what begins at this time is: half an hour before it begins, until it ends. */
export async function setAt(db: Db, channelId: string, at: Date): Promise<PlannedSet | null> {
  return nearest(await setsAround(db, channelId, { at, earlyMs }), at)
}

/** Of those that fit: what was not played yet, then what is under way by its own times, then what begins nearest. */
export function nearest(sets: readonly PlannedSet[], at: Date): PlannedSet | null {
  const rank = (set: PlannedSet) => {
    const startsInMs = Date.parse(set.startsAt) - at.getTime()
    const isUnderWay = startsInMs <= 0 && set.endsAt !== null
    return [set.status === 'over' ? 1 : 0, isUnderWay ? 0 : Math.abs(startsInMs)] as const
  }
  const [best] = [...sets].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)]
    return left[0] - right[0] || left[1] - right[1]
  })
  return best ?? null
}
