import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as chatContract from '#plugins/chat'
import * as tipsContract from '#plugins/tips'
import { testApp } from '../../../test/kit/app.ts'
import chat from '../../chat/index.ts'
import payments from '../../payments/index.ts'
import tips from '../../tips/index.ts'
import * as contract from '../contract.ts'
import live from '../index.ts'

const test = suite('chat of a closed channel')

test('only who may watch reads it, hears it and writes in it [LIVE-20]', async () => {
  const app = await testApp({ plugins: [live, chat] })
  try {
    const dj = await app.addAccount({ roles: ['artist'] })
    const [ann, ben] = [await app.addAccount(), await app.addAccount()]
    const moderator = await app.addAccount({ roles: ['moderator'] })
    const params = { slug: 'back-room' }
    await app
      .as(dj)
      .call(contract.createChannel, { body: { ...params, title: 'Back room', description: '' } })
    const said = { params, body: { text: 'Before the doors close' } }
    assert.is((await app.as(ben).call(chatContract.postMessage, said)).status, 200)
    await app.as(dj).call(contract.updateChannel, { params, body: { access: 'followers' } })
    await app.as(ann).call(contract.followChannel, { params })
    const status = async (who: typeof ann | null) => {
      const client = who ? app.as(who) : app
      const socket = await app.socket(who ?? undefined)
      socket.send({ op: 'join', id: 1, channel: chatContract.roomChannel.name, params })
      const answer = await socket.until(({ id }) => id === 1, 'answer')
      const joined = answer.op === 'joined'
      socket.close()
      const page = await app.request('/chat/back-room', {
        headers: who ? { cookie: who.cookie } : {},
      } as RequestInit)
      return [
        (await client.call(chatContract.listMessages, { params })).status,
        (await client.call(chatContract.postMessage, { params, body: { text: 'Hello' } })).status,
        joined,
        (await page.text()).includes('Before the doors close'),
      ]
    }
    assert.equal(await status(ann), [200, 200, true, true])
    assert.equal(await status(dj), [200, 200, true, true])
    assert.equal(await status(moderator), [200, 200, true, true])
    assert.equal(await status(ben), [403, 403, false, false])
    assert.equal(await status(null), [401, 401, false, false])
  } finally {
    await app.close()
  }
})

test('who may watch no longer is out of its rooms, whoever closed the door; its host is who may go live on it [LIVE-20] [LIVE-07] [LIVE-08]', async () => {
  const app = await testApp({ plugins: [live, chat, payments, tips] })
  try {
    const dj = await app.addAccount({ roles: ['artist'] })
    const fan = await app.addAccount()
    const params = { slug: 'loft' }
    await app.as(dj).call(contract.createChannel, { body: { ...params, title: 'Loft', description: '' } })
    await app.as(fan).call(contract.followChannel, { params })
    const rooms = [chatContract.roomChannel.name, tipsContract.tipsRoom.name]
    const enter = async (who?: typeof fan) => {
      const socket = await app.socket(who)
      for (const [id, channel] of rooms.entries()) {
        socket.send({ op: 'join', id, channel, params })
        assert.is((await socket.until((frame) => frame.id === id)).op, 'joined')
      }
      return socket
    }
    const [guest, fans] = [await enter(), await enter(fan)]
    const isOut = async (socket: typeof guest) => {
      for (const channel of rooms)
        await socket.until(
          (frame) => frame.op === 'expelled' && frame.channel === channel,
          `out of ${channel}`,
        )
    }
    await app.as(dj).call(contract.updateChannel, { params, body: { access: 'followers' } })
    await isOut(guest)
    const text = 'Only for us'
    await app.as(dj).call(chatContract.postMessage, { params, body: { text } })
    const heard = await fans.until(({ type }) => type === 'said', 'what is said among followers')
    assert.is((heard.data as chatContract.Message).text, text)
    await app.as(fan).call(contract.unfollowChannel, { params })
    await isOut(fans)
    const mayModerate = async (who: typeof fan) =>
      (await app.as(who).call(chatContract.getRoom, { params })).body.can.moderate
    assert.is(await mayModerate(dj), true)
    // A channel stays with whose role was taken away, and is nothing to them then.
    await app.site.database.db('live_channels').where(params).update({ ownerId: fan.id })
    assert.is(await mayModerate(fan), false)
    guest.close()
    fans.close()
  } finally {
    await app.close()
  }
})

test.run()
