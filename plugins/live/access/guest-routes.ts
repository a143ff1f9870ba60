import { type Call, problem } from '#sdk'
import { getChannel } from '../channels.ts'
import * as contract from '../contract.ts'
import type { Desk } from '../desk.ts'
import { ownChannel, ownChannelById } from '../own-channel.ts'
import { present } from '../routes.ts'
import { addGuestByName, type By, inviteByMail, makeTickets } from './guests.ts'
import { loseRight } from './lose.ts'
import { claimCode, getPass, listPasses, type Pass, revokePass } from './passes.ts'

/** The guest list of a channel and its ticket codes, for who may publish there; and the door for who brings one. */
export function handleGuests(desk: Desk): void {
  const { router, db, audit } = desk.ctx

  router.handle(contract.listGuests, async ({ params, query }, call) => {
    const channel = await ownChannel(db, params.slug, call.me)
    const { items, next } = await listPasses(db, channel.id, query)
    return { items: await presentGuests(desk, items), next }
  })
  router.handle(contract.addGuest, async ({ params, body }, call) => {
    const where = { channel: await ownChannel(db, params.slug, call.me), eventId: body.eventId }
    const pass =
      'username' in body
        ? await addGuestByName(desk.ctx, where, body.username, byOf(call))
        : await inviteByMail(desk.ctx, where, body.email, byOf(call))
    if (pass.accountId) desk.forgetViewer(pass.accountId)
    call.status(201)
    const [guest] = await presentGuests(desk, [pass])
    return guest as contract.Guest
  })
  router.handle(contract.createTickets, async ({ params, body }, call) => {
    const where = { channel: await ownChannel(db, params.slug, call.me), eventId: body.eventId }
    const items = await makeTickets(desk.ctx, where, body.count, byOf(call))
    call.status(201)
    return { items }
  })
  router.handle(contract.removeGuest, async ({ params }, call) => {
    const pass = await getPass(db, params.id)
    const channel = await ownChannelById(db, pass.channelId, call.me)
    await db.tx(async (db) => {
      if (!(await revokePass(db, pass.id))) return
      if (pass.accountId) await loseRight(desk, db, pass.accountId)
      const detail = { kind: pass.kind, hint: pass.hint }
      await audit.record(db, { action: 'live.guest-removed', actor: call.me, subject: channel.slug, detail })
    })
  })
  router.handle(contract.claimTicket, async ({ params, body }, call) => {
    const channel = await getChannel(db, params.slug)
    const pass = await db.tx(async (db) => {
      const claimed = await claimCode(db, channel.id, { code: body.code, accountId: call.me.id })
      const detail = { hint: claimed?.hint }
      const entry = { action: 'live.ticket-claimed', actor: call.me, subject: channel.slug, detail }
      if (claimed) await audit.record(db, entry)
      return claimed
    })
    if (!pass)
      throw problem(contract.badCode, undefined, {
        errors: [{ pointer: '/code', message: contract.badCode.title }],
      })
    desk.forgetViewer(call.me.id)
    return present(desk, channel, call)
  })
}

const byOf = (call: Call): By => ({ actor: call.me, language: call.language })

/** With the people behind them, in one question. */
export async function presentGuests(
  { ctx }: Pick<Desk, 'ctx'>,
  passes: readonly Pass[],
): Promise<contract.Guest[]> {
  const people = await ctx.accounts.byIds(passes.flatMap(({ accountId }) => accountId ?? []))
  return passes.map(({ id, kind, eventId, accountId, email, hint, createdAt, claimedAt }) => {
    const person = (accountId && people.get(accountId)) || null
    return { id, kind, eventId, person, email, hint, createdAt, claimedAt }
  })
}
