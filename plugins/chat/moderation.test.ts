import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { type LiveApi, live, streamStarted } from '#plugins/live'
import { definePlugin, newId } from '#sdk'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import {
  banMember,
  createRoom,
  getRoom,
  liftBan,
  listBans,
  listMessages,
  postMessage,
  removeMessage,
  setSlowMode,
} from './contract.ts'
import chat from './index.ts'

interface Context {
  app: TestApp
  ana: TestAccount
  mod: TestAccount
  dj: TestAccount
}

const general = { slug: 'general' }
const booth = { slug: 'booth' }
const channel = { id: newId(), slug: 'booth', title: 'The booth' }
const channels = [channel, { id: newId(), slug: 'roof', title: 'The roof' }]

/** Stands in for the live plugin: two channels, whose host is named afterwards; `start` says that one went live. */
function twoChannels(host: { id: string }, stage: { start(channelId: string): Promise<void> }) {
  const api: Partial<LiveApi> = {
    channelsByIds: async (ids) =>
      new Map(channels.filter(({ id }) => ids.includes(id)).map((each) => [each.id, each])),
    channelBySlug: async (slug) => channels.find((each) => each.slug === slug) ?? null,
    isHost: async (accountId, channelId) => accountId === host.id && channelId === channel.id,
    mayWatch: async () => true,
    mayWatchThen: async () => () => true,
    addFigure: () => () => {},
    addReplayChat: () => () => {},
    onRights: () => () => {},
  }
  return definePlugin({
    name: 'live',
    version: '0.0.1',
    title: 'Two channels',
    provides: live,
    setup(ctx) {
      stage.start = (channelId) => ctx.events.emit(ctx.db, streamStarted, { streamId: newId(), channelId })
      return api as LiveApi
    },
  })
}

for (const kind of databaseKinds) {
  const test = suite<Context>(`chat moderation on ${kind}`)
  const host = { id: '' }
  const stage = { start: async (_channelId: string) => {} }
  test.before(async (context) => {
    context.app = await testApp({ plugins: [twoChannels(host, stage), chat], kind })
    context.mod = await context.app.addAccount({ roles: ['moderator'] })
    context.dj = await context.app.addAccount()
    host.id = context.dj.id
  })
  test.before.each(async (context) => {
    context.ana = await context.app.addAccount()
  })
  test.after(({ app }) => app.close())
  removalTests(test)
  banTests(test)
  hostTests(test)

  test('has the room of a stream ready, under the channel’s present title, when it starts [LIVE-07]', async ({
    app,
  }) => {
    const roof = channels[1]!
    const rooms = () =>
      app.site.database.db('chat_rooms').where({ channelId: roof.id }).select('slug', 'title')
    for (const title of ['The roof', 'Roof, closing night']) {
      roof.title = title
      await stage.start(roof.id)
      await app.jobs.drain()
      assert.equal(await rooms(), [{ slug: 'roof', title }])
    }
    roof.title = 'The roof'
  })
  test.run()
}

const say = async (app: TestApp, account: TestAccount, params: { slug: string }, text = 'hello') =>
  (await app.as(account).call(postMessage, { params, body: { text } })).body

async function find(app: TestApp, params: { slug: string }, id: string) {
  const { items } = (await app.call(listMessages, { params, query: { limit: 100 } })).body
  return items.find((item) => item.id === id)
}

function removalTests(test: Test<Context>) {
  test('removes one’s own message and, for a moderator, anybody’s; its place stays [CHAT-18]', async ({
    app,
    ana,
    mod,
  }) => {
    const [own, other] = [await say(app, ana, general), await say(app, ana, general)]
    assert.is((await app.as(ana).call(removeMessage, { params: own })).status, 204)
    assert.is((await app.as(mod).call(removeMessage, { params: other })).status, 204)
    for (const { id } of [own, other]) assert.is((await find(app, general, id))?.text, null)
    assert.is((await app.as(mod).call(removeMessage, { params: other })).status, 204)
    const trail = await app.site.database
      .db('audit_entries')
      .where({ action: 'chat.message-removed', subject: other.id })
    assert.is(trail.length, 1)
  })

  test('refuses to remove for a guest, for another member, and what is not there', async ({ app, ana }) => {
    const message = await say(app, ana, general)
    assert.is((await app.call(removeMessage, { params: message })).status, 401)
    const ben = await app.addAccount()
    assert.is((await app.as(ben).call(removeMessage, { params: message })).status, 403)
    assert.is((await find(app, general, message.id))?.text, 'hello')
    for (const id of [newId(), 'x'])
      assert.is((await app.as(ben).call(removeMessage, { params: { id } })).status, 404)
  })
}

function banTests(test: Test<Context>) {
  test('bans a member, with what they wrote, until the ban is lifted [CHAT-18]', async ({
    app,
    ana,
    mod,
  }) => {
    const message = await say(app, ana, general)
    const body = { accountId: ana.id, minutes: null, reason: 'spam', removeMessages: true }
    assert.is((await app.as(mod).call(banMember, { params: general, body })).status, 204)
    assert.is((await find(app, general, message.id))?.text, null)
    const refused = await app.as(ana).call(postMessage, { params: general, body: { text: 'again' } })
    assert.is(refused.problem, 'chat.banned')
    const room = (await app.as(ana).call(getRoom, { params: general })).body
    assert.is(room.cannotPostBecause, 'banned')
    const bans = (await app.as(mod).call(listBans, { params: general })).body.items
    assert.is(bans.find((ban) => ban.accountId === ana.id)?.reason, 'spam')
    const params = { ...general, accountId: ana.id }
    assert.is((await app.as(mod).call(liftBan, { params })).status, 204)
    assert.is((await app.as(mod).call(liftBan, { params })).status, 404)
    assert.is((await say(app, ana, general)).text, 'hello')
  })

  test('a ban ends by itself [CHAT-18]', async ({ app, ana, mod }) => {
    const body = { accountId: ana.id, minutes: 1, reason: '', removeMessages: false }
    await app.as(mod).call(banMember, { params: general, body })
    const post = () => app.as(ana).call(postMessage, { params: general, body: { text: 'x' } })
    assert.is((await post()).status, 403)
    await app.site.database
      .db('chat_bans')
      .where({ accountId: ana.id })
      .update({ untilAt: '2020-01-01T00:00:00.000Z' })
    // Bans are remembered for two seconds; lifting another's makes the process look again.
    const params = { ...general, accountId: (await app.addAccount()).id }
    await app.as(mod).call(banMember, { params: general, body: { ...body, accountId: params.accountId } })
    await app.as(mod).call(liftBan, { params })
    assert.is((await post()).status, 200)
    const bans = (await app.as(mod).call(listBans, { params: general })).body.items
    assert.not.ok(bans.some((ban) => ban.accountId === ana.id))
  })

  test('refuses bans by members and guests, of oneself and of moderators, and senseless ones', async ({
    app,
    ana,
    mod,
  }) => {
    const ban = { accountId: ana.id, minutes: 5, reason: '', removeMessages: false }
    const params = general
    assert.is((await app.call(banMember, { params, body: ban })).status, 401)
    const ben = await app.addAccount()
    assert.is((await app.as(ben).call(banMember, { params, body: ban })).status, 403)
    assert.is((await app.as(ben).call(listBans, { params })).status, 403)
    assert.is((await app.as(ben).call(liftBan, { params: { ...params, accountId: ana.id } })).status, 403)
    const other = await app.addAccount({ roles: ['moderator'] })
    for (const accountId of [mod.id, other.id])
      assert.is((await app.as(mod).call(banMember, { params, body: { ...ban, accountId } })).status, 403)
    const nobody = { ...ban, accountId: newId() }
    assert.is((await app.as(mod).call(banMember, { params, body: nobody })).status, 404)
    for (const body of [
      { ...ban, minutes: 0 },
      { ...ban, accountId: 'x' },
      { ...ban, byId: mod.id },
    ])
      assert.is((await app.as(mod).callRaw(banMember, { params, body })).status, 422)
  })

  test('slow mode gives each member one message per time, moderators none [CHAT-18]', async ({
    app,
    ana,
    mod,
  }) => {
    const slug = `slow-${newId().slice(-8)}`
    await app.as(mod).call(createRoom, { body: { slug, title: 'Slow' } })
    const params = { slug }
    const body = { slowModeS: 60 }
    assert.is((await app.as(ana).call(setSlowMode, { params, body })).status, 403)
    assert.is((await app.as(mod).callRaw(setSlowMode, { params, body: { slowModeS: -1 } })).status, 422)
    assert.is((await app.as(mod).call(setSlowMode, { params, body })).body.slowModeS, 60)
    const post = (account: TestAccount) => app.as(account).call(postMessage, { params, body: { text: 'x' } })
    const both = await Promise.all([post(ana), post(ana)])
    assert.equal(both.map((answer) => answer.status).sort(), [200, 429])
    assert.equal([(await post(mod)).status, (await post(mod)).status], [200, 200])
  })
}

function hostTests(test: Test<Context>) {
  test('opens the room of a channel by the channel’s address, and no other [LIVE-07]', async ({
    app,
    ana,
  }) => {
    const room = (await app.call(getRoom, { params: booth })).body
    assert.is(room.kind, 'stream')
    assert.is(room.title, channel.title)
    assert.is((await say(app, ana, booth)).roomId, room.id)
    assert.is((await app.call(getRoom, { params: { slug: 'no-channel' } })).status, 404)
  })

  test('a host moderates the room of the own channel and no other [LIVE-07]', async ({ app, ana, dj }) => {
    const [here, there] = [await say(app, ana, booth), await say(app, ana, general)]
    assert.is((await app.as(dj).call(getRoom, { params: booth })).body.can.moderate, true)
    assert.is((await app.as(dj).call(getRoom, { params: general })).body.can.moderate, false)
    assert.is((await app.as(dj).call(removeMessage, { params: here })).status, 204)
    assert.is((await app.as(dj).call(removeMessage, { params: there })).status, 403)
    const body = { accountId: ana.id, minutes: 5, reason: '', removeMessages: false }
    assert.is((await app.as(dj).call(banMember, { params: general, body })).status, 403)
    assert.is((await app.as(dj).call(banMember, { params: booth, body })).status, 204)
    assert.is((await app.as(ana).call(postMessage, { params: booth, body: { text: 'x' } })).status, 403)
    assert.is((await say(app, ana, general)).text, 'hello')
  })

  test('a host cannot ban a moderator, a moderator can ban a host [LIVE-07]', async ({ app, dj, mod }) => {
    const body = { minutes: 5, reason: '', removeMessages: false }
    const byHost = { params: booth, body: { ...body, accountId: mod.id } }
    assert.is((await app.as(dj).call(banMember, byHost)).status, 403)
    const said = await say(app, dj, booth)
    assert.equal([said.author?.isHost, said.author?.isModerator], [true, false])
    const byMod = { params: booth, body: { ...body, accountId: dj.id } }
    assert.is((await app.as(mod).call(banMember, byMod)).status, 204)
  })

  test('no room is made at a channel’s address [CHAT-03]', async ({ app, mod }) => {
    const body = { slug: channel.slug, title: 'Mine' }
    assert.is((await app.as(mod).call(createRoom, { body })).status, 409)
  })
}
