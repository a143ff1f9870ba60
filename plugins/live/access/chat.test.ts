import { setTimeout as delay } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as chatContract from '#plugins/chat'
import * as tipsContract from '#plugins/tips'
import { isoTime } from '#sdk'
import { type TestAccount, type TestApp, testApp } from '../../../test/kit/app.ts'
import chat from '../../chat/index.ts'
import payments from '../../payments/index.ts'
import tips from '../../tips/index.ts'
import { newChannel, booth as openBooth } from '../../tips/testdata/kit.ts'
import * as contract from '../contract.ts'
import live from '../index.ts'
import { shownMs } from '../shown.ts'

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

test('what was said and given beside a closed set stays with those who could watch it [LIVE-20] [LIVE-07] [LIVE-08]', async () => {
  const booth = await openBooth('sqlite')
  const { app, dj, place } = booth
  await newChannel(booth)
  try {
    const [fan, other] = [await app.addAccount(), await app.addAccount()]
    const moderator = await app.addAccount({ roles: ['moderator'] })
    const params = { slug: place.slug }
    const plan = (access: contract.Access) => {
      const times = { startsAt: isoTime(), endsAt: null, timeZone: null }
      const body = { title: 'Upstairs', description: '', ...times, access }
      return app.as(dj).call(contract.planSet, { params, body })
    }
    const say = async (text: string) =>
      assert.is((await app.as(fan).call(chatContract.postMessage, { params, body: { text } })).status, 200)
    const from = isoTime(new Date(Date.now() - 60_000))
    const read = async (who: TestAccount | null) => {
      const client = who ? app.as(who) : app
      const until = isoTime(new Date(Date.now() + 1_000))
      const page = { headers: who ? { cookie: who.cookie } : {} } as RequestInit
      const answers = [
        (await client.call(chatContract.listMessages, { params })).body,
        (await client.call(chatContract.listHistory, { params, query: { from, until } })).body,
        (await client.call(chatContract.getRoom, { params })).body,
        (await client.call(tipsContract.listTips, { params })).body,
        await (await app.request(`/chat/${place.slug}`, page)).text(),
      ]
      return answers.map((answer) => JSON.stringify(answer).includes('Among us'))
    }
    const whole = [true, true, true, true, true]
    const none = whole.map(() => false)
    const texts = async () =>
      (await app.call(chatContract.listMessages, { params })).body.items.map(({ text }) => text)

    await say('Before')
    const { id: eventId } = (await plan('ticket')).body
    await app.as(dj).call(contract.addGuest, { params, body: { username: fan.username, eventId } })
    const streamId = await booth.goOnAir()
    await delay(shownMs + 50)
    await say('Among us')
    await booth.tip(fan, { amountMinor: 5_000, message: 'Among us', isSuperchat: true })
    await booth.tip(fan, { amountMinor: 500, message: 'Among us' })
    assert.equal([await read(fan), await read(other), await read(null)], [whole, none, none])
    await endOf(app, streamId)
    await app.as(dj).call(contract.cancelSet, { params: { id: eventId } })
    await delay(shownMs + 50)
    await say('Afterwards')
    assert.equal([await read(fan), await read(dj), await read(moderator)], [whole, whole, whole])
    assert.equal([await read(other), await read(null)], [none, none])
    assert.equal(await texts(), ['Before', 'Afterwards'])

    // The other way round: an open day of a closed channel opens its own time and no other.
    await app.as(dj).call(contract.updateChannel, { params, body: { access: 'followers' } })
    await app.as(fan).call(contract.followChannel, { params })
    await plan('public')
    await booth.goOnAir()
    await delay(shownMs + 50)
    await say('Open day')
    assert.equal(await texts(), ['Open day'])
  } finally {
    await app.close()
  }
})

async function endOf({ site }: TestApp, id: string): Promise<void> {
  const change = { status: 'ended', endedAt: isoTime() }
  await site.database.db('live_streams').where({ id }).update(change)
}

test.run()
