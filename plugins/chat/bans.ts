import { type Db, isoTime } from '#sdk'

/** A row of chat_bans; `untilAt` null lasts until it is lifted. */
export interface Ban {
  roomId: string
  accountId: string
  reason: string
  byId: string
  untilAt: string | null
  createdAt: string
}

/** Bans an account from a room, or changes the ban it has. */
export async function setBan(db: Db, ban: Omit<Ban, 'createdAt'>): Promise<void> {
  await db('chat_bans')
    .insert({ ...ban, createdAt: isoTime() })
    .onConflict(['room_id', 'account_id'])
    .merge()
}

/** Ends a ban. False where there was none. */
export async function removeBan(db: Db, roomId: string, accountId: string): Promise<boolean> {
  const count: number = await db('chat_bans').where({ roomId, accountId: accountId.toLowerCase() }).delete()
  return count > 0
}

/** Forgets every ban of an account that is gone. */
export async function removeBansOf(db: Db, accountId: string): Promise<void> {
  await db('chat_bans').where({ accountId }).delete()
}

/** The bans of a room that still hold, newest first. */
export async function listBans(db: Db, roomId: string): Promise<Ban[]> {
  const rows: Ban[] = await db('chat_bans').where({ roomId }).orderBy('createdAt', 'desc')
  return rows.filter((ban) => isInForce(ban))
}

/** Whether the ban still holds at `now` (ms). */
export function isInForce(ban: Pick<Ban, 'untilAt'>, now = Date.now()): boolean {
  return ban.untilAt === null || Date.parse(ban.untilAt) > now
}
