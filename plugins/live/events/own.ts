import type { Account, Call } from '#sdk'
import type { Channel } from '../channels.ts'
import type { Desk } from '../desk.ts'
import { ownChannelById } from '../own-channel.ts'
import { getSet, type PlannedSet } from './events.ts'

export interface Editable {
  set: PlannedSet
  channel: Channel
}

/** A set with its channel, for who may change it. */
export async function editable({ ctx: { db } }: Desk, call: Call, id: string): Promise<Editable> {
  const set = await getSet(db, id)
  return { set, channel: await ownChannelById(db, set.channelId, call.me) }
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
