import { conflict } from '#contract'
import { problem } from '#sdk'
import { type Chat, getRoom } from './chat.ts'
import {
  createRoom,
  getRoom as getRoomRoute,
  listHistory,
  listMessages,
  listRooms,
  postMessage,
} from './contract.ts'
import { hiddenIn } from './hidden.ts'
import { listHistory as pageOfHistory, listMessages as pageOfMessages } from './messages.ts'
import { assertMayEnter, assertMayRead, readable } from './policy.ts'
import { presentMessages, presentRoom, presentRooms } from './present.ts'
import { generalRoom, insertRoom, listPublicRooms } from './rooms.ts'
import { say } from './say.ts'

/** Reading and writing. */
export function registerRoutes(chat: Chat): void {
  const { router, db, audit, needs } = chat.ctx

  router.handle(listRooms, async (_input, call) => {
    assertMayRead(chat, call.account)
    await getRoom(chat, generalRoom.slug)
    return { items: await presentRooms(chat, call.account, await listPublicRooms(db)) }
  })

  router.handle(getRoomRoute, async ({ params }, call) => {
    assertMayRead(chat, call.account)
    return presentRoom(chat, call.account, await getRoom(chat, params.slug))
  })

  router.handle(listMessages, async ({ params, query }, call) => {
    assertMayRead(chat, call.account)
    const room = await getRoom(chat, params.slug)
    await assertMayEnter(chat, call.account, room)
    const hidden = await hiddenIn(chat, call.account, room)
    const page = await pageOfMessages(db, room.id, query)
    const open = await readable(chat, call.account, { room, rows: page.items })
    const seen = open.filter(({ authorId }) => !hidden.has(authorId))
    return { ...page, items: await presentMessages(chat, room, seen) }
  })

  router.handle(listHistory, async ({ params, query }, call) => {
    assertMayRead(chat, call.account)
    const room = await getRoom(chat, params.slug)
    await assertMayEnter(chat, call.account, room)
    const hidden = await hiddenIn(chat, call.account, room)
    const { items, next } = await pageOfHistory(db, room.id, query)
    const open = await readable(chat, call.account, { room, rows: items })
    const seen = open.filter(({ authorId }) => !hidden.has(authorId))
    return { items: await presentMessages(chat, room, seen), next }
  })

  router.handle(postMessage, ({ params, body }, call) => say(chat, call.me, params.slug, body))

  router.handle(createRoom, async ({ body }, call) => {
    const channel = (await needs.live?.channelBySlug(body.slug)) ?? null
    const room = await db.tx(async (db) => {
      const made = channel ? null : await insertRoom(db, { ...body, kind: 'room', channelId: null })
      if (!made) throw problem(conflict, 'Another room or channel has this address.')
      await audit.record(db, { action: 'chat.room-made', actor: call.me, subject: made.id })
      return made
    })
    chat.rooms.forget(room.slug)
    return presentRoom(chat, call.me, room)
  })
}
