import { admin, notFound } from '#contract'
import { isoTime, problem } from '../sdk/index.ts'
import { isMoreThanMember } from './account-routes.ts'
import { requireRecent } from './begin-session.ts'
import {
  findInvitation,
  type InvitationRow,
  insertInvitation,
  invitationById,
  listInvitations,
  removeInvitation,
} from './invitations.ts'
import type { IdentityParts } from './parts.ts'
import { knownRoles } from './role-changes.ts'
import { invitationMail } from './staff-mails.ts'
import { type Actor, requireAbove } from './standing.ts'

const dayMs = 24 * 3_600_000

/** Inviting people by links. */
export function invitationRoutes(parts: IdentityParts): void {
  const { db, router, now } = parts
  router.handle(admin.listInvitations, async ({ query }) => {
    const { items, next } = await listInvitations(db, query)
    return { items: items.map((row) => presentInvitation(row, now())), next }
  })
  router.handle(admin.createInvitation, async ({ body }, call) => {
    if (isMoreThanMember(body.role)) await requireRecent(parts, call)
    return createInvitation(parts, call.me, { ...body, language: call.language })
  })
  router.handle(admin.removeInvitation, ({ params }, call) => revokeInvitation(parts, call.me, params.id))
  router.handle(admin.lookAtInvitation, async ({ body }) => {
    const row = await findInvitation(db, body.token)
    const isGood = row !== null && stateOf(row, now()) === 'open'
    return { isGood, role: isGood ? row.role : null, invitedBy: isGood ? row.createdByName : null }
  })
}

interface InvitationWish {
  role: string
  note: string
  maxUses: number
  expiresInDays: number | null
  email?: string | undefined
  /** Of the mail. */
  language: string
}

/** Makes an invitation to a role that gives nothing the actor does not have; its address is known only now. */
export async function createInvitation(
  parts: IdentityParts,
  actor: Actor,
  { role, note, maxUses, expiresInDays, email, language }: InvitationWish,
): Promise<admin.Invitation & { url: string }> {
  const { db, site, now } = parts
  knownRoles(parts, [role])
  requireAbove(parts, actor, [role])
  const expiresAt = expiresInDays === null ? null : isoTime(new Date(now().getTime() + expiresInDays * dayMs))
  const by = { createdBy: actor?.id ?? null, createdByName: actor?.username ?? null }
  return db.tx(async (tx) => {
    const { row, token } = await insertInvitation(tx, { role, note, maxUses, expiresAt, ...by })
    // Behind the hash: it never reaches a log or another site.
    const url = `${site.url}/register#invitation=${token}`
    if (email)
      await parts.mailer.send(
        tx,
        invitationMail(parts, { email, language }, { url, invitedBy: by.createdByName }),
      )
    const detail = { id: row.id, role, maxUses, expiresAt, isMailed: email !== undefined }
    await parts.audit.record(tx, { action: 'invitation.created', actor, detail })
    return { ...presentInvitation(row, now()), url }
  })
}

/** Takes an invitation back. */
export async function revokeInvitation(parts: IdentityParts, actor: Actor, id: string): Promise<void> {
  await parts.db.tx(async (tx) => {
    const row = await invitationById(tx, id)
    if (!row) throw problem(notFound, 'There is no such invitation.')
    requireAbove(parts, actor, [row.role])
    await removeInvitation(tx, id)
    await parts.audit.record(tx, { action: 'invitation.removed', actor, detail: { id, role: row.role } })
  })
}

export function presentInvitation(row: InvitationRow, now: Date): admin.Invitation {
  const { id, role, note, maxUses, uses, expiresAt, createdAt, createdByName } = row
  return {
    id,
    role,
    note,
    maxUses,
    uses,
    expiresAt,
    createdAt,
    createdBy: createdByName,
    state: stateOf(row, now),
  }
}

function stateOf({ uses, maxUses, expiresAt }: InvitationRow, now: Date): admin.Invitation['state'] {
  if (uses >= maxUses) return 'used-up'
  return expiresAt !== null && expiresAt <= isoTime(now) ? 'expired' : 'open'
}
