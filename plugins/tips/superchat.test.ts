import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Route } from '#contract'
import { isoTime } from '#sdk'
import type { TestAccount, TestSocket } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import {
  banMember,
  getRoom,
  listHistory,
  listMessages,
  removeMessage,
  unpinMessage,
} from '../chat/contract.ts'
import { paid } from '../payments/contract.ts'
import * as contract from './contract.ts'
import { type Booth, booth, type Given, newChannel } from './testdata/kit.ts'
import { updateRefunded } from './tips.ts'

type Context = Booth & { ana: TestAccount; guest: TestSocket }
type ChatTest = Test<Context>
const wish = { amountMinor: 500, isSuperchat: true, message: 'Play it <b>again</b>' }

for (const kind of databaseKinds) {
  const test = suite<Context>(`superchats on ${kind}`)
  test.before(async (context) => {
    Object.assign(context, await booth(kind))
    context.guest = await context.app.socket()
  })
  test.before.each(async (context) => {
    await newChannel(context)
    context.ana = await context.app.addAccount()
    for (const channel of ['chat.room', 'tips.channel'])
      context.guest.send({ op: 'join', id: context.slug + channel, channel, params: { slug: context.slug } })
    for (const channel of ['chat.room', 'tips.channel'])
      await context.guest.until((frame) => frame.id === context.slug + channel, `joining ${channel}`)
  })
  test.after(({ app }) => app.close())
  sayingTests(test)
  onceTests(test)
  partTests(test)
  orderTests(test)
  test.run()
}

const roomOf = async ({ app, slug }: Context, account?: TestAccount) =>
  (await (account ? app.as(account) : app).call(getRoom, { params: { slug } })).body
/** The next message of that type in the channel of this test. */
const heard = ({ guest, slug }: Context, channel: string, type: string, id: string) =>
  guest.until(
    ({ op, data, ...frame }) =>
      op === 'message' &&
      frame.channel === channel &&
      frame.type === type &&
      (frame.params as { slug: string }).slug === slug &&
      (data as { id: string }).id === id,
    `${type} in ${channel}`,
  )
const ban = ({ app, dj, slug }: Context, account: TestAccount) =>
  app.as(dj).call(banMember, {
    params: { slug },
    body: { accountId: account.id, minutes: null, reason: '', removeMessages: false },
  })

function sayingTests(test: ChatTest) {
  test('a superchat is heard by the room, and pinned for whoever comes later [LIVE-09]', async (context) => {
    const { ana, tip, goOnAir } = context
    await goOnAir()
    const tipId = await tip(ana, wish)
    const [pinned, ...others] = (await roomOf(context)).pinned
    assert.equal(others, [])
    assert.equal(
      [pinned?.text, pinned?.author?.id, pinned?.paid?.tipId, pinned?.paid?.amountMinor, pinned?.paid?.tone],
      [wish.message, ana.id, tipId, 500, 1],
    )
    const { paidAt } = await context.app.site.database.db('tips_tips').where({ id: tipId }).first()
    assert.is(Date.parse(pinned?.paid?.pinnedUntil ?? '') - Date.parse(paidAt), 120_000)
    const said = await heard(context, 'chat.room', 'said', pinned?.id ?? '')
    assert.equal(said.data, pinned as never)
    const told = await heard(context, 'tips.channel', 'paid', tipId)
    assert.equal([(told.data as contract.Tip).message, (told.data as contract.Tip).isSuperchat], [null, true])
  })

  test('gives by amount how long it may be and how long it is pinned [LIVE-09]', async (context) => {
    const { ana, give, tip, goOnAir } = context
    await goOnAir()
    const fields = async (more: object) => {
      const { status, errors } = await give(ana, { ...wish, ...more })
      return status === 201 ? '201' : `${status} ${errors.map(({ pointer }) => pointer).join()}`
    }
    assert.is(await fields({ amountMinor: 199, message: 'x' }), '422 /amountMinor')
    assert.is(await fields({ amountMinor: 200, message: 'x'.repeat(51) }), '422 /message')
    assert.is(await fields({ amountMinor: 200, message: 'x'.repeat(50) }), '201')
    assert.is(await fields({ amountMinor: 10_000, message: 'x'.repeat(400) }), '201')
    assert.is(await fields({ message: ' \u200b ' }), '422 /message')
    assert.is(await fields({ showName: false }), '422 /showName')
    const tipId = await tip(ana, { ...wish, amountMinor: 200 })
    assert.equal((await roomOf(context)).pinned, [], 'the least amount is not pinned')
    const { items } = (await context.app.call(listMessages, { params: { slug: context.slug } })).body
    assert.equal(
      items.map(({ paid }) => [paid?.tipId, paid?.tone, paid?.pinnedUntil]),
      [[tipId, 0, null]],
    )
  })

  test('needs a stream on air, which a tip does not [LIVE-09]', async (context) => {
    const { ana, give, list, goOnAir } = context
    assert.is((await list(ana)).terms.superchat, 'off-air')
    assert.is((await give(ana, wish)).problem, 'tips.off-air')
    assert.is((await give(ana, { amountMinor: 500, message: 'hello' })).status, 201)
    await goOnAir()
    assert.is((await list(ana)).terms.superchat, 'open')
    assert.is((await give(ana, wish)).status, 201)
  })
}

function onceTests(test: ChatTest) {
  test('is said once, however often and in whatever order its payment is told [LIVE-09]', async (context) => {
    const { app, ana, tip, goOnAir, slug } = context
    await goOnAir()
    const subjectId = await tip(ana, wish)
    const { db } = app.site.database
    const { paymentId } = await db('tips_tips').where({ id: subjectId }).first()
    const news = { paymentId, purpose: 'tips.tip', subjectId }
    for (let n = 0; n < 5; n += 1) await app.site.events.eventsFor('payments').emit(db, paid, news)
    await app.jobs.drain()
    assert.is((await app.call(listMessages, { params: { slug } })).body.items.length, 1)
  })

  test('paid back it is an ordinary message, and the room hears so [LIVE-09]', async (context) => {
    const { app, dj, ana, slug, tip, goOnAir } = context
    await goOnAir()
    const body = { title: 'Lights', amountMinor: 9000, until: null }
    await app.as(dj).call(contract.setGoal, { params: { slug }, body })
    const id = await tip(ana, wish)
    const [pinned] = (await roomOf(context)).pinned
    assert.is((await app.as(dj).call(contract.refundTip, { params: { id } })).body.status, 'refunded')
    assert.equal((await roomOf(context)).pinned, [])
    const [kept] = (await app.call(listMessages, { params: { slug } })).body.items
    assert.equal([kept?.text, kept?.paid], [wish.message, null])
    assert.equal((await heard(context, 'chat.room', 'paid', pinned?.id ?? '')).data, {
      id: pinned?.id,
      paid: null,
    })
    await heard(context, 'tips.channel', 'refunded', id)
    assert.is((await context.list()).goal?.reachedMinor, 0)
  })
}

function partTests(test: ChatTest) {
  test('of which a part is paid back it stays pinned and shows what is left, everywhere [LIVE-09]', async (context) => {
    const { app, dj, ana, slug, tip, goOnAir, payBack } = context
    const streamId = await goOnAir()
    const body = { title: 'Lights', amountMinor: 9000, until: null }
    await app.as(dj).call(contract.setGoal, { params: { slug }, body })
    const from = isoTime()
    const id = await tip(ana, wish)
    const [before] = (await roomOf(context)).pinned
    await payBack(id, 120)
    const [pinned] = (await roomOf(context)).pinned
    assert.equal(pinned?.paid, { ...before?.paid, amountMinor: 380 } as never)
    const told = await heard(context, 'chat.room', 'paid', pinned?.id ?? '')
    assert.equal(told.data, { id: pinned?.id, paid: pinned?.paid } as never)
    const shown = (await heard(context, 'tips.channel', 'changed', id)).data as contract.Tip
    assert.equal([shown.amountMinor, shown.status], [380, 'paid'])
    const query = { from, until: isoTime(new Date(Date.now() + 60_000)), limit: 100 }
    const { items } = (await app.call(listHistory, { params: { slug }, query })).body
    assert.is(items[0]?.paid?.amountMinor, 380, 'beside a replay')
    const list = await context.list(dj)
    const sum = { amountMinor: 380, count: 1 }
    assert.equal([list.items[0]?.amountMinor, list.goal?.reachedMinor, list.totals], [
      ...[380, 380],
      { stream: sum, all: sum },
    ] as never)
    assert.is(list.items[0]?.streamId, streamId)
    await payBack(id, 380)
    assert.equal([(await roomOf(context)).pinned, (await context.list()).items], [[], []])
  })

  test('of which a part went back before it was heard of says what is left [LIVE-09]', async (context) => {
    const { app, ana, give, goOnAir } = context
    await goOnAir()
    const { id, paymentId } = await begun(context, await give(ana, wish))
    const { db } = app.site.database
    await updateRefunded(db, id, 120)
    const news = { paymentId, purpose: 'tips.tip', subjectId: id }
    await app.site.events.eventsFor('payments').emit(db, paid, news)
    await app.jobs.drain()
    assert.is((await roomOf(context)).pinned[0]?.paid?.amountMinor, 380)
    assert.is((await context.list()).items[0]?.amountMinor, 380)
  })

  test('shows no amount after a part of it went back where it showed none [LIVE-09]', async (context) => {
    const { ana, tip, goOnAir, set, payBack } = context
    await goOnAir()
    await set('tips', { showAmounts: false })
    const id = await tip(ana, wish)
    await set('tips', { showAmounts: true })
    await payBack(id, 120)
    assert.is((await roomOf(context)).pinned[0]?.paid?.amountMinor, null)
  })
}

async function begun({ app }: Context, { body }: Given): Promise<{ id: string; paymentId: string }> {
  return app.site.database.db('tips_tips').where({ id: body.tip.id }).first()
}

function orderTests(test: ChatTest) {
  test('who is banned cannot buy a word, nor one bought before [LIVE-09]', async (context) => {
    const { app, dj, ana, give, pay, list, goOnAir, slug } = context
    await goOnAir()
    const [bought, plain] = [await give(ana, wish), await give(ana, { amountMinor: 300, message: 'hi' })]
    assert.is((await ban(context, ana)).status, 204)
    assert.is((await give(ana, wish)).problem, 'chat.banned')
    assert.is((await give(ana, { amountMinor: 300, message: 'hi' })).problem, 'chat.banned')
    assert.is((await list(ana)).terms.superchat, 'banned')
    await pay(ana, bought)
    await pay(ana, plain)
    assert.equal((await app.call(listMessages, { params: { slug } })).body.items, [])
    assert.equal(
      (await list()).items.map(({ amountMinor, message }) => [amountMinor, message]),
      [
        [300, null],
        [500, null],
      ],
    )
    assert.equal((await list(dj)).totals?.all, { amountMinor: 800, count: 2 })
    assert.is((await give(ana, { amountMinor: 300 })).status, 201, 'giving without words stays possible')
  })

  test('hosts and moderators end a pin; members and strangers do not [LIVE-09]', async (context) => {
    const { app, dj, ana, tip, goOnAir } = context
    await goOnAir()
    const mod = await app.addAccount({ roles: ['moderator'] })
    for (const _superchat of [1, 2, 3]) await tip(ana, wish)
    const [last, middle, first] = (await roomOf(context)).pinned
    const call = (id: string | undefined, as: TestAccount | null) =>
      (as ? app.as(as) : app).callRaw(unpinMessage as Route, { params: { id: id ?? '' } })
    assert.is((await call(last?.id, null)).status, 401)
    assert.is((await call(last?.id, ana)).status, 403)
    assert.is((await call('nothing', mod)).status, 404)
    assert.is((await call(last?.id, mod)).status, 204)
    assert.is((await call(last?.id, mod)).status, 204)
    const told = await heard(context, 'chat.room', 'paid', last?.id ?? '')
    assert.equal((told.data as { paid: { pinnedUntil: null; amountMinor: number } }).paid.pinnedUntil, null)
    assert.is((await call(middle?.id, dj)).status, 204)
    const records = await app.site.database.db('audit_entries').where({ action: 'chat.message-unpinned' })
    assert.is(records.filter(({ subject }: { subject: string }) => subject === last?.id).length, 1)
    assert.equal((await roomOf(context)).pinned, [first])
    await app.as(dj).call(removeMessage, { params: { id: first?.id ?? '' } })
    assert.equal((await roomOf(context)).pinned, [], 'what is removed is pinned no more')
  })
}
