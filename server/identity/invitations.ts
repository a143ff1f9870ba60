import { identity } from '#contract'
import type { Db } from '../db/index.ts'
import { isoTime, newId, pageFrom, problem } from '../sdk/index.ts'
import { hashToken, newToken } from './tickets.ts'

export interface InvitationRow {
  id: string
  tokenHash: string
  role: string
  note: string
  maxUses: number
  uses: number
  expiresAt: string | null
  createdBy: string | null
  createdByName: string | null
  createdAt: string
}

/** Keeps an invitation; resolves to its row and the secret of its link, which is not stored. */
export async function insertInvitation(
  db: Db,
  wish: Pick<InvitationRow, 'role' | 'note' | 'maxUses' | 'expiresAt' | 'createdBy' | 'createdByName'>,
): Promise<{ row: InvitationRow; token: string }> {
  const token = newToken()
  const row = { id: newId(), tokenHash: hashToken(token), uses: 0, createdAt: isoTime(), ...wish }
  await db('invitations').insert(row)
  return { row, token }
}

export async function findInvitation(db: Db, token: string): Promise<InvitationRow | null> {
  return (
    (await db<InvitationRow>('invitations')
      .where({ tokenHash: hashToken(token) })
      .first()) ?? null
  )
}

/** Uses an invitation once and resolves to its role; of parallel callers no more than allowed pass. Throws .bad-invitation. */
export async function spendInvitation(db: Db, token: string, now: Date): Promise<string> {
  const rows: { role: string }[] = await db('invitations')
    .where({ tokenHash: hashToken(token) })
    .where('uses', '<', db.ref('max_uses'))
    .where((either) => either.whereNull('expires_at').orWhere('expires_at', '>', isoTime(now)))
    .increment('uses', 1)
    .returning('role')
  const role = rows[0]?.role
  if (role === undefined) throw problem(identity.badInvitation)
  return role
}

export async function listInvitations(
  db: Db,
  page: { after?: string | undefined; limit: number },
): Promise<{ items: InvitationRow[]; next: string | null }> {
  const query = db<InvitationRow>('invitations')
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after) query.where('id', '<', page.after)
  const rows: InvitationRow[] = await query
  return pageFrom(rows, page.limit)
}

export async function removeInvitation(db: Db, id: string): Promise<boolean> {
  return (await db('invitations').where({ id }).delete()) > 0
}

export async function invitationById(db: Db, id: string): Promise<InvitationRow | null> {
  return (await db<InvitationRow>('invitations').where({ id }).first()) ?? null
}

/** Those to a role that is removed. */
export async function removeInvitationsFor(db: Db, role: string): Promise<void> {
  await db('invitations').where({ role }).delete()
}
