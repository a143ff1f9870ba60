import { notFound } from '#contract'
import { problem } from '#sdk'
import type { Chat } from './chat.ts'
import { pinMessage, roomChannel, unpinMessage } from './contract.ts'
import { getMessage } from './messages.ts'
import { tellUnpinned } from './paid.ts'
import { unpin } from './paid-messages.ts'
import { assertCanModerate } from './policy.ts'
import { clearNotice, getRoomById, type Room, setNotice } from './rooms.ts'

/** What moderators and hosts keep above the others. */
export function registerPinRoutes(chat: Chat): void {
  const { router, db, audit } = chat.ctx

  router.handle(pinMessage, async ({ params }, call) => {
    const message = await getMessage(db, params.id)
    const room = await getRoomById(db, message.roomId)
    await assertCanModerate(chat, call.me, room)
    if (message.text === null) throw problem(notFound)
    await db.tx(async (db) => {
      await setNotice(db, room.id, message.id)
      const detail = { room: room.slug, authorId: message.authorId }
      await audit.record(db, { action: 'chat.message-pinned', actor: call.me, subject: message.id, detail })
    })
    tellNotice(chat, room, message.id)
  })

  router.handle(unpinMessage, async ({ params }, call) => {
    const message = await getMessage(db, params.id)
    const room = await getRoomById(db, message.roomId)
    await assertCanModerate(chat, call.me, room)
    const changed = await db.tx(async (db) => {
      const [paid, notice] = [await unpin(db, message.id), await clearNotice(db, room.id, message.id)]
      if (!paid && !notice) return { paid, notice }
      const detail = { room: room.slug, authorId: message.authorId }
      await audit.record(db, { action: 'chat.message-unpinned', actor: call.me, subject: message.id, detail })
      return { paid, notice }
    })
    if (changed.paid) tellUnpinned(chat, room, message)
    if (changed.notice) tellNotice(chat, room, null)
  })
}

/** By its id alone: who was not there when it was said asks the room, which knows who may read it. */
function tellNotice(chat: Chat, { slug }: Room, id: string | null): void {
  chat.rooms.forget(slug)
  chat.ctx.realtime.publish(roomChannel, { slug }, 'notice', { id })
}
