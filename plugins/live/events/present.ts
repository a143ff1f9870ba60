import { isoTime } from '#sdk'
import { accessOf } from '../access/rights.ts'
import type { Viewer } from '../access/viewer.ts'
import type { Channel } from '../channels.ts'
import type { PlannedSet as SetView } from '../contract.ts'
import { coverOf } from '../covers.ts'
import type { Desk } from '../desk.ts'
import { canPublish } from '../policy.ts'
import type { PlannedSet } from './events.ts'

/** What decides about who may watch a set before it is a stream. */
export const guardedOf = ({ id, access }: PlannedSet) => ({ access, eventId: id })

/** A set whose time went by is over, whether it was played or not. */
export function statusAt(set: Pick<PlannedSet, 'status' | 'untilAt'>, now: string): PlannedSet['status'] {
  return set.status === 'planned' && set.untilAt <= now ? 'over' : set.status
}

export function presentSet(
  desk: Desk,
  set: PlannedSet,
  { channel, viewer, reminded }: { channel: Channel; viewer: Viewer; reminded: ReadonlySet<string> },
): SetView {
  const now = isoTime()
  const { id, title, description, startsAt, endsAt, timeZone, coverKey, streamId } = set
  return {
    id,
    channel: { slug: channel.slug, title: channel.title },
    title,
    description,
    startsAt,
    endsAt,
    now,
    timeZone,
    cover: coverOf(desk.ctx, coverKey),
    access: accessOf(channel, guardedOf(set)),
    hasOwnAccess: set.access !== null,
    isLocked: !viewer.mayWatch(channel, guardedOf(set)),
    status: statusAt(set, now),
    streamId,
    isReminded: reminded.has(id),
    calendar: `/live/${channel.slug}/events/${id}.ics`,
    can: { edit: canPublish(viewer.account, channel) },
  }
}
