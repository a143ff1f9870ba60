import { type Db, isoTime, type Log, type Member } from '#sdk'
import { removeHere, setHere, sumHere } from './here-store.ts'

const tellEveryMs = 1000
/** A process that was silent this long is gone; it confirms its counts three times as often. */
export const forgottenMs = 30_000

interface Seat {
  /** Connections by account, or by themselves for guests. */
  people: Map<string, number>
  timer: NodeJS.Timeout | null
}

/** Counts the people of each room: an account once, each guest connection once, over all processes. */
export interface Here {
  joined(slug: string, member: Member): void
  left(slug: string, member: Member): void
  close(): Promise<void>
}

/** `tell` publishes a room's count: after a change, and at most each second. */
export function createHere(
  site: { db: Db; log: Log; processId: string; roomIdOf(slug: string): Promise<string> },
  tell: (slug: string, people: number) => void,
): Here {
  const seats = new Map<string, Seat>()
  const count = async (slug: string) => {
    const seat = seats.get(slug)
    if (!seat) return
    seat.timer = null
    const roomId = await site.roomIdOf(slug)
    const place = { roomId, processId: site.processId }
    if (seat.people.size === 0) seats.delete(slug)
    if (seat.people.size === 0) await removeHere(site.db, place)
    else await setHere(site.db, { ...place, people: seat.people.size, seenAt: isoTime() })
    const since = isoTime(new Date(Date.now() - forgottenMs))
    tell(slug, await sumHere(site.db, roomId, since))
  }
  const countLater = (slug: string) => {
    const seat = seats.get(slug)
    if (!seat || seat.timer) return
    const work = () => count(slug).catch((error) => site.log.warn({ err: error }, 'A room was not counted.'))
    seat.timer = setTimeout(work, tellEveryMs)
    seat.timer.unref()
  }
  const confirm = setInterval(() => {
    for (const slug of seats.keys()) countLater(slug)
  }, forgottenMs / 3)
  confirm.unref()
  return {
    joined(slug, member) {
      const seat = seats.get(slug) ?? { people: new Map(), timer: null }
      seats.set(slug, seat)
      const person = personOf(member)
      seat.people.set(person, (seat.people.get(person) ?? 0) + 1)
      countLater(slug)
    },
    left(slug, member) {
      const people = seats.get(slug)?.people
      const person = personOf(member)
      const connections = (people?.get(person) ?? 1) - 1
      if (connections > 0) people?.set(person, connections)
      else people?.delete(person)
      countLater(slug)
    },
    async close() {
      clearInterval(confirm)
      for (const seat of seats.values()) if (seat.timer) clearTimeout(seat.timer)
      seats.clear()
      await removeHere(site.db, { processId: site.processId })
    },
  }
}

const personOf = (member: Member) => member.account?.id ?? member.connectionId
