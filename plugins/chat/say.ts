import { invalidInput } from '#contract'
import { type Account, type ProblemError, problem } from '#sdk'
import { type Chat, findBan, getRoom } from './chat.ts'
import {
  banned,
  type Message,
  messagePosted,
  normaliseText,
  roomChannel,
  roomClosed,
  slowDown,
} from './contract.ts'
import { findByClientId, insertMessage, lastSaidAt } from './messages.ts'
import { assertMayEnter, canModerate } from './policy.ts'
import { presentMessages } from './present.ts'
import type { Room } from './rooms.ts'

interface Sent {
  text: string
  clientId?: string | undefined
}

/** Stores what somebody says and tells the room. The same clientId again answers the first message. */
export async function say(chat: Chat, account: Account, slug: string, sent: Sent): Promise<Message> {
  const room = await getRoom(chat, slug)
  await assertMayEnter(chat, account, room)
  if (!sent.clientId) return sayOnce(chat, account, room, sent)
  const key = `${room.id}/${account.id}/${sent.clientId}`
  const running = chat.sending.get(key)
  if (running) return running
  const work = sayOnce(chat, account, room, sent).finally(() => chat.sending.delete(key))
  chat.sending.set(key, work)
  return work
}

async function sayOnce(chat: Chat, account: Account, room: Room, sent: Sent): Promise<Message> {
  const text = textOf(sent)
  const clientId = sent.clientId ?? null
  const key = { roomId: room.id, authorId: account.id, clientId }
  const refusal = await findRefusal(chat, account, room)
  if (refusal) {
    // A resend of what was stored before is no new message: nothing to refuse.
    const first = await findByClientId(chat.ctx.db, key)
    if (!first) throw refusal
    return presentOne(chat, room, first)
  }
  const { row, isNew } = await chat.ctx.db.tx(async (db) => {
    const stored = await insertMessage(db, { ...key, text })
    if (stored.isNew) {
      await chat.ctx.events.emit(db, messagePosted, { messageId: stored.row.id, roomId: room.id })
    }
    return stored
  })
  const message = await presentOne(chat, room, row)
  if (isNew) chat.ctx.realtime.publish(roomChannel, { slug: room.slug }, 'said', message)
  return message
}

function textOf(sent: Sent): string {
  const text = normaliseText(sent.text)
  if (text) return text
  throw problem(invalidInput, undefined, {
    errors: [{ pointer: '/text', message: 'Write something first.' }],
  })
}

async function presentOne(chat: Chat, room: Room, row: Parameters<typeof presentMessages>[2][number]) {
  const [message] = await presentMessages(chat, room, [row])
  return message!
}

/** Why this account may not write just now; null where it may. */
async function findRefusal(chat: Chat, account: Account, room: Room): Promise<ProblemError | null> {
  const ban = await findBan(chat, room.id, account.id)
  if (ban) return problem(banned, ban.reason || undefined)
  const key = `${room.id}/${account.id}`
  const now = Date.now()
  const waitMs = chat.pace.take(key, chat.ctx.settings.get().perTenSeconds, now)
  if (waitMs > 0) return problem(slowDown, undefined, { retryAfterS: Math.ceil(waitMs / 1000) })
  if (!room.isClosed && room.slowModeS === 0) return null
  if (await canModerate(chat, account, room)) return null
  if (room.isClosed) return problem(roomClosed)
  const look = () => lastSaidAt(chat.ctx.db, room.id, account.id)
  const turnMs = await chat.pace.turn(key, room.slowModeS * 1000, now, look)
  return turnMs > 0 ? problem(slowDown, undefined, { retryAfterS: Math.ceil(turnMs / 1000) }) : null
}
