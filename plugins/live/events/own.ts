import { notAllowed } from '#contract'
import { type Account, type Call, problem } from '#sdk'
import { type Channel, getChannelById } from '../channels.ts'
import type { Desk } from '../desk.ts'
import { canPublish } from '../policy.ts'
import { getSet, type PlannedSet } from './events.ts'

export interface Editable {
  set: PlannedSet
  channel: Channel
}

/** A set with its channel, for who may change it. */
export async function editable({ ctx: { db } }: Desk, call: Call, id: string): Promise<Editable> {
  const set = await getSet(db, id)
  const channel = await getChannelById(db, set.channelId)
  if (!canPublish(call.me, channel)) throw problem(notAllowed)
  return { set, channel }
}

export function record(
  { ctx: { audit } }: Desk,
  db: Desk['ctx']['db'],
  what: { action: string; actor: Account; channel: Channel; set: Pick<PlannedSet, 'id' | 'title'> },
): Promise<void> {
  const { action, actor, channel, set } = what
  const detail = { eventId: set.id, title: set.title }
  return audit.record(db, { action, actor, subject: channel.slug, detail })
}
