import { Slug } from '#contract'
import type { Db } from '#sdk'
import { isInForce } from './bans.ts'
import { type Chat, findBan, getRoom } from './chat.ts'
import { type ChatApi, messagePosted, type PaidMessage, roomChannel } from './contract.ts'
import type { MessageRow } from './messages.ts'
import { findPaidMessage, forgetPayment, insertPaidMessage, updatePaidAmount } from './paid-messages.ts'
import { canModerate } from './policy.ts'
import { presentMessages, presentPaid } from './present.ts'
import { findRoom, getRoomById, type Room } from './rooms.ts'

/** What other plugins may do here: say what was paid for, and take the mark of it back. */
export function chatApi(chat: Chat): ChatApi {
  return {
    cannotShow: async (accountId, slug) => {
      const room = Slug.safeParse(slug).success ? await chat.rooms.get(slug) : null
      if (!room) return 'no-room'
      if (await findBan(chat, room.id, accountId)) return 'banned'
      const { live } = chat.ctx.needs
      const isOut = room.channelId && live && !(await live.mayWatch(accountId, slug))
      return room.isClosed || isOut ? 'closed' : null
    },
    sayPaid: (db, message) => sayPaid(chat, db, message),
    changePaid: (db, tipId, amountMinor) => changePaid(chat, db, { tipId, amountMinor }),
    takeBackPaid: (db, tipId) => takeBackPaid(chat, db, tipId),
    canModerate: async (account, slug) => canModerate(chat, account, await getRoom(chat, slug)),
  }
}

async function sayPaid(chat: Chat, db: Db, message: PaidMessage): Promise<{ messageId: string } | null> {
  const { tipId, slug, authorId, text, amountMinor, currency, tone, pinnedUntil } = message
  const room = await findRoom(db, slug)
  if (!room || room.isClosed || (await isBanned(db, room.id, authorId))) return null
  const row = await insertPaidMessage(db, {
    roomId: room.id,
    authorId,
    text,
    paidTipId: tipId,
    paidAmountMinor: amountMinor,
    paidCurrency: currency,
    paidTone: tone,
    pinnedUntilAt: pinnedUntil,
  })
  if (!row) {
    const first = await findPaidMessage(db, tipId)
    return first && { messageId: first.id }
  }
  await chat.ctx.events.emit(db, messagePosted, { messageId: row.id, roomId: room.id })
  db.afterCommit(() => void tell(chat, room, row))
  return { messageId: row.id }
}

/** Asked of the database itself: what this process remembers may be two seconds old. */
async function isBanned(db: Db, roomId: string, accountId: string): Promise<boolean> {
  const ban = await db('chat_bans').where({ roomId, accountId }).first()
  return ban !== undefined && isInForce(ban)
}

async function changePaid(
  chat: Chat,
  db: Db,
  { tipId, amountMinor }: { tipId: string; amountMinor: number },
): Promise<void> {
  if (!(await updatePaidAmount(db, tipId, amountMinor))) return
  const row = await findPaidMessage(db, tipId)
  if (row) await tellPaid(chat, db, row)
}

async function takeBackPaid(chat: Chat, db: Db, tipId: string): Promise<void> {
  const row = await findPaidMessage(db, tipId)
  if (!row || !(await forgetPayment(db, tipId))) return
  await tellPaid(chat, db, { ...row, paidTone: null })
}

/** The room hears what its message counts for, once that is committed. */
async function tellPaid(chat: Chat, db: Db, row: MessageRow): Promise<void> {
  const { slug } = await getRoomById(db, row.roomId)
  const news = { id: row.id, paid: presentPaid(row) }
  db.afterCommit(() => chat.ctx.realtime.publish(roomChannel, { slug }, 'paid', news))
}

/** Who is in the room hears of it; who misses it finds it there when coming back. */
async function tell(chat: Chat, room: Room, row: MessageRow): Promise<void> {
  const { realtime, log } = chat.ctx
  try {
    const [message] = await presentMessages(chat, room, [row])
    if (message) realtime.publish(roomChannel, { slug: room.slug }, 'said', message)
  } catch (error) {
    log.warn({ err: error, messageId: row.id }, 'a paid message could not be told to its room')
  }
}

/** Tells the room that a message is pinned no more. */
export function tellUnpinned(chat: Chat, room: Room, row: MessageRow): void {
  const paid = presentPaid({ ...row, pinnedUntilAt: null })
  chat.ctx.realtime.publish(roomChannel, { slug: room.slug }, 'paid', { id: row.id, paid })
}
