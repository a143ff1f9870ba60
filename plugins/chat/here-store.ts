import type { Db } from '#sdk'

/** Says how many people this process sees in a room. */
export async function setHere(
  db: Db,
  here: { roomId: string; processId: string; people: number; seenAt: string },
): Promise<void> {
  await db('chat_here').insert(here).onConflict(['room_id', 'process_id']).merge()
}

/** Takes back what a process said of one room, or of all. */
export async function removeHere(db: Db, of: { processId: string; roomId?: string }): Promise<void> {
  await db('chat_here').where(of).delete()
}

/** People in a room over all processes that confirmed their count since then. */
export async function sumHere(db: Db, roomId: string, since: string): Promise<number> {
  const row: { people: number | string | null } | undefined = await db('chat_here')
    .where({ roomId })
    .where('seenAt', '>=', since)
    .sum({ people: 'people' })
    .first()
  return Number(row?.people ?? 0)
}

/** Forgets processes that ended without saying so. */
export async function removeStaleHere(db: Db, before: string): Promise<void> {
  await db('chat_here').where('seenAt', '<', before).delete()
}
