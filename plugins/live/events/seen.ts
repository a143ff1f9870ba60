import { type Asking, viewerOf } from '../access/viewer.ts'
import { withChannels } from '../channels.ts'
import type { PlannedSet as SetView } from '../contract.ts'
import type { Desk } from '../desk.ts'
import type { PlannedSet } from './events.ts'
import { guardedOf, presentSet } from './present.ts'
import { remindedAmong } from './reminders.ts'

/** Sets as this caller sees them, in a few queries however many they are. */
export async function setsFor(desk: Desk, call: Asking, sets: readonly PlannedSet[]): Promise<SetView[]> {
  const { db } = desk.ctx
  const found = await withChannels(db, sets)
  const subjects = found.map(([set, channel]) => ({ channel, stream: guardedOf(set) }))
  const viewer = await viewerOf(desk, call, subjects)
  const ids = sets.map(({ id }) => id)
  const reminded = new Set(call.account ? await remindedAmong(db, call.account.id, ids) : [])
  return found.map(([set, channel]) => presentSet(desk, set, { channel, viewer, reminded }))
}

export async function setFor(desk: Desk, call: Asking, set: PlannedSet): Promise<SetView> {
  const [view] = await setsFor(desk, call, [set])
  if (!view) throw new Error('A set has no channel.')
  return view
}
