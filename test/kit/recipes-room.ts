import * as chat from '../../plugins/chat/contract.ts'
import { insertPaidMessage } from '../../plugins/chat/paid-messages.ts'
import { findRoom } from '../../plugins/chat/rooms.ts'
import { isoTime, newId } from '../../server/sdk/index.ts'
import { person } from './factors.ts'
import { byPicture, picture } from './recipe-pictures.ts'
import { byOwner, fresh, type Kitchen, type Recipe, recipe } from './recipes.ts'

const place = { slug: 'general' }

/** A paid message that stands above the others for a minute. */
async function pinned(kitchen: Kitchen): Promise<string> {
  const { db } = kitchen.app.site.database
  const room = await findRoom(db, place.slug)
  const paid = { paidTipId: newId(), paidAmountMinor: 500, paidCurrency: 'EUR', paidTone: 0 }
  const message = await insertPaidMessage(db, {
    roomId: room?.id ?? '',
    authorId: (await person(kitchen)).id,
    text: fresh('paid'),
    ...paid,
    pinnedUntilAt: isoTime(new Date(Date.now() + 60_000)),
  })
  return message?.id ?? ''
}

async function said(kitchen: Kitchen): Promise<string> {
  const { app, owner } = kitchen
  await app.as(owner).call(chat.setSlowMode, { params: place, body: { slowModeS: 0 } })
  const message = { params: place, body: { text: fresh('said') } }
  const author = await person(kitchen)
  return (await app.as(author).call(chat.postMessage, message)).body.id
}

/** Of the chat. */
export const roomRecipes: Recipe[] = [
  recipe(chat.createRoom, ({ owner }) => ({ as: owner, body: { slug: fresh('room'), title: 'Room' } })),
  recipe(chat.setSlowMode, byOwner({ slowModeS: 5 }, place)),
  recipe(chat.removeMessage, async (kitchen) => ({
    as: kitchen.owner,
    params: { id: await said(kitchen) },
  })),
  recipe(chat.pinMessage, async (kitchen) => ({ as: kitchen.owner, params: { id: await said(kitchen) } })),
  recipe(
    chat.setEmote,
    byPicture(async ({ owner }) => ({ as: owner, params: { name: 'vinyl' } })),
  ),
  recipe(chat.removeEmote, async ({ app, owner }) => {
    const params = { name: 'wave' }
    await app.as(owner).callRaw(chat.setEmote as never, { params, body: await picture() } as never)
    return { as: owner, params }
  }),
  recipe(chat.unpinMessage, async (kitchen) => ({
    as: kitchen.owner,
    params: { id: await pinned(kitchen) },
  })),
  recipe(chat.banMember, async (kitchen) => ({
    as: kitchen.owner,
    params: place,
    body: { accountId: (await person(kitchen)).id, reason: 'Test', minutes: 5, removeMessages: false },
  })),
  recipe(chat.liftBan, async (kitchen) => {
    const { app, owner } = kitchen
    const { id: accountId } = await person(kitchen)
    const body = { accountId, reason: '', minutes: 5, removeMessages: false }
    await app.as(owner).call(chat.banMember, { params: place, body })
    return { as: owner, params: { ...place, accountId } }
  }),
]
