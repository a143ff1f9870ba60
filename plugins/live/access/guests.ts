import { notFound } from '#contract'
import { type Account, type Db, isoTime, problem } from '#sdk'
import type { Channel } from '../channels.ts'
import * as contract from '../contract.ts'
import { findSet } from '../events/events.ts'
import { canManage } from '../policy.ts'
import type { LiveContext } from '../settings.ts'
import { invitationMail } from './mails.ts'
import { countMailed, insertCodes, insertGuest, type Pass } from './passes.ts'

const dayMs = 86_400_000
/** Of one address, whoever invites it. */
const mostToAddress = 3
/** By one account on all its channels; who sees to all of the label's channels may invite more. */
const mostByOwner = 300

/** Who does it: null for the command line. */
export interface By {
  actor: Account | null
  language: string
}
interface Where {
  channel: Channel
  eventId?: string | undefined
}

/** Somebody with an account, by the name they have here. */
export async function addGuestByName(
  ctx: LiveContext,
  where: Where,
  username: string,
  by: By,
): Promise<Pass> {
  const person = await ctx.accounts.byUsername(username.toLowerCase().replace(/^@/, ''))
  if (!person)
    throw problem(contract.unknownGuest, undefined, {
      errors: [{ pointer: '/username', message: contract.unknownGuest.title }],
    })
  const at = await checked(ctx.db, where)
  return ctx.db.tx(async (db) => {
    const detail = { username: person.username }
    await record(ctx, db, where.channel, { action: 'live.guest-added', by, detail })
    return insertGuest(db, at, person.id)
  })
}

/** A code that only who reads the mail knows; whichever account brings it first has it. */
export async function inviteByMail(ctx: LiveContext, where: Where, email: string, by: By): Promise<Pass> {
  const at = await checked(ctx.db, where)
  await checkMails(ctx.db, where.channel, { email, by })
  return ctx.db.tx(async (db) => {
    const [made] = await insertCodes(db, at, { count: 1, email })
    if (!made) throw new Error('No code was made.')
    await ctx.mailer.send(
      db,
      invitationMail(ctx, where.channel, { email, code: made.code, language: by.language }),
    )
    await record(ctx, db, where.channel, {
      action: 'live.guest-invited',
      by,
      detail: { hint: made.pass.hint },
    })
    return made.pass
  })
}

export async function makeTickets(
  ctx: LiveContext,
  where: Where,
  count: number,
  by: By,
): Promise<{ id: string; code: string }[]> {
  const at = await checked(ctx.db, where)
  return ctx.db.tx(async (db) => {
    const made = await insertCodes(db, at, { count })
    await record(ctx, db, where.channel, { action: 'live.tickets-made', by, detail: { count } })
    return made.map(({ pass, code }) => ({ id: pass.id, code }))
  })
}

async function checked(
  db: Db,
  { channel, eventId }: Where,
): Promise<{ channelId: string; eventId: string | null }> {
  if (eventId === undefined) return { channelId: channel.id, eventId: null }
  const set = await findSet(db, eventId)
  if (set?.channelId !== channel.id) throw problem(notFound, 'There is no such set on this channel.')
  return { channelId: channel.id, eventId }
}

/** Invitations go to whoever is named, so they are few: refuses with `tooManyInvitations`. */
async function checkMails(
  db: Db,
  { ownerId }: Channel,
  { email, by: { actor } }: { email: string; by: By },
): Promise<void> {
  const since = isoTime(new Date(Date.now() - dayMs))
  const { toAddress, byOwner } = await countMailed(db, { email, ownerId }, since)
  const isLimited = actor !== null && !canManage(actor)
  if (toAddress >= mostToAddress || (isLimited && byOwner >= mostByOwner))
    throw problem(contract.tooManyInvitations)
}

const record = (
  { audit }: LiveContext,
  db: Db,
  channel: Channel,
  { action, by, detail }: { action: string; by: By; detail: Record<string, unknown> },
) => audit.record(db, { action, actor: by.actor, subject: channel.slug, detail })
