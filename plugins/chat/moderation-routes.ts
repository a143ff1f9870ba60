import { notAllowed, notFound } from '#contract'
import { isoTime, problem } from '#sdk'
import { listBans as bansOf, removeBan, setBan } from './bans.ts'
import { type Chat, getRoom } from './chat.ts'
import { banMember, liftBan, listBans, removeMessage, roomChannel, setSlowMode } from './contract.ts'
import { getMessage, removeMessagesOf, removeMessage as removeText } from './messages.ts'
import { assertCanBan, assertCanModerate, canModerate } from './policy.ts'
import { presentRoom } from './present.ts'
import { getRoomById, updateSlowMode } from './rooms.ts'

/** Removals told one by one after a ban; pages loaded later show the rest as removed anyway. */
const maxRemovalsTold = 200

/** What moderators and hosts do, and removing one's own message. */
export function registerModerationRoutes(chat: Chat): void {
  const { router, db } = chat.ctx

  router.handle(removeMessage, async ({ params }, call) => {
    const message = await getMessage(db, params.id)
    const room = await getRoomById(db, message.roomId)
    const isOwn = message.authorId === call.me.id
    if (!isOwn && !(await canModerate(chat, call.me, room))) throw problem(notAllowed)
    const isGone = await db.tx(async (db) => {
      const removed = await removeText(db, message.id, call.me.id)
      if (removed && !isOwn) {
        const detail = { room: room.slug, authorId: message.authorId }
        const entry = { action: 'chat.message-removed', actor: call.me, subject: message.id, detail }
        await chat.ctx.audit.record(db, entry)
      }
      return removed
    })
    if (isGone) chat.ctx.realtime.publish(roomChannel, { slug: room.slug }, 'removed', { id: message.id })
  })

  router.handle(liftBan, async ({ params }, call) => {
    const room = await getRoom(chat, params.slug)
    await assertCanModerate(chat, call.me, room)
    await db.tx(async (db) => {
      if (!(await removeBan(db, room.id, params.accountId))) throw problem(notFound)
      const entry = { action: 'chat.ban-lifted', actor: call.me, subject: params.accountId }
      await chat.ctx.audit.record(db, { ...entry, detail: { room: room.slug } })
    })
    chat.bans.forget(room.id)
  })

  router.handle(listBans, async ({ params }, call) => {
    const room = await getRoom(chat, params.slug)
    await assertCanModerate(chat, call.me, room)
    const bans = await bansOf(db, room.id)
    const names = await chat.names(bans.map((ban) => ban.accountId))
    const items = bans.map(({ accountId, reason, untilAt, createdAt }) => {
      const displayName = names.get(accountId)?.displayName ?? ''
      return { accountId, displayName, reason, until: untilAt, createdAt }
    })
    return { items }
  })

  router.handle(setSlowMode, async ({ params, body }, call) => {
    const room = await getRoom(chat, params.slug)
    await assertCanModerate(chat, call.me, room)
    await db.tx(async (db) => {
      await updateSlowMode(db, room.id, body.slowModeS)
      const entry = { action: 'chat.slow-mode-set', actor: call.me, subject: room.id, detail: body }
      await chat.ctx.audit.record(db, entry)
    })
    chat.rooms.forget(room.slug)
    chat.ctx.realtime.publish(roomChannel, { slug: room.slug }, 'changed', body)
    return presentRoom(chat, call.me, await getRoom(chat, room.slug))
  })

  registerBanRoute(chat)
}

function registerBanRoute(chat: Chat): void {
  const { router, db, realtime, audit } = chat.ctx

  router.handle(banMember, async ({ params, body }, call) => {
    const room = await getRoom(chat, params.slug)
    const accountId = body.accountId.toLowerCase()
    await assertCanModerate(chat, call.me, room)
    await assertCanBan(chat, call.me, accountId, room)
    const { minutes, reason } = body
    const untilAt = minutes === null ? null : isoTime(new Date(Date.now() + minutes * 60_000))
    const removed = await db.tx(async (db) => {
      await setBan(db, { roomId: room.id, accountId, reason, byId: call.me.id, untilAt })
      const entry = { action: 'chat.member-banned', actor: call.me, subject: accountId }
      await audit.record(db, { ...entry, detail: { room: room.slug, minutes, reason } })
      return body.removeMessages ? removeMessagesOf(db, room.id, accountId, call.me.id) : []
    })
    chat.bans.forget(room.id)
    const place = { slug: room.slug }
    for (const id of removed.slice(-maxRemovalsTold)) realtime.publish(roomChannel, place, 'removed', { id })
    realtime.publish(roomChannel, place, 'banned', { accountId })
    realtime.expel(roomChannel, place, accountId)
  })
}
