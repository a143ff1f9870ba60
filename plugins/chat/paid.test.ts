import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { definePlugin, isoTime, newId } from '#sdk'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { setBan } from './bans.ts'
import { type ChatApi, createRoom, getRoom, listMessages, chat as token } from './contract.ts'
import chat from './index.ts'

interface Context {
  app: TestApp
  ana: TestAccount
  api: ChatApi
  slug: string
}

for (const kind of databaseKinds) {
  const test = suite<Context>(`paid messages on ${kind}`)
  test.before(async (context) => {
    const till = definePlugin({
      name: 'till',
      version: '1.0.0',
      title: 'Till',
      needs: { chat: token },
      setup: (ctx) => {
        context.api = ctx.needs.chat
      },
    })
    context.app = await testApp({ plugins: [chat, till], kind })
  })
  test.before.each(async (context) => {
    const { app } = context
    context.ana = await app.addAccount()
    context.slug = `till-${newId().slice(-8)}`
    const mod = await app.addAccount({ roles: ['moderator'] })
    await app.as(mod).call(createRoom, { body: { slug: context.slug, title: 'Till' } })
  })
  test.after(({ app }) => app.close())

  const superchat = ({ ana, slug }: Context) => ({
    ...{ tipId: newId(), slug, authorId: ana.id, text: 'hello', amountMinor: 500, currency: 'EUR', tone: 1 },
    pinnedUntil: isoTime(new Date(Date.now() + 60_000)),
  })

  test('ten tries to say what one tip paid for are one message [LIVE-09]', async (context) => {
    const { app, api, slug } = context
    const message = superchat(context)
    const { db } = app.site.database
    const tries = Array.from({ length: 10 }, () => db.tx((db) => api.sayPaid(db, message)))
    const ids = new Set((await Promise.all(tries)).map((said) => said?.messageId))
    const { items } = (await app.call(listMessages, { params: { slug } })).body
    assert.equal([[...ids], items.length], [[items[0]?.id], 1])
  })

  test('says nothing for the banned, in closed rooms, nor where no room is [LIVE-09]', async (context) => {
    const { app, api, ana, slug } = context
    const { db } = app.site.database
    const room = await db('chat_rooms').where({ slug }).first()
    const say = (more = {}) => db.tx((db) => api.sayPaid(db, { ...superchat(context), ...more }))
    // Set behind the back of this process, as another one would.
    assert.is(await api.cannotShow(ana.id, slug), null)
    await setBan(db, { roomId: room.id, accountId: ana.id, reason: '', byId: newId(), untilAt: null })
    assert.is(await say(), null)
    const other = { authorId: (await app.addAccount()).id }
    assert.ok(await say(other))
    await db('chat_rooms').where({ slug }).update({ isClosed: true })
    assert.is(await say(other), null)
    assert.is(await say({ ...other, slug: 'nowhere' }), null)
    assert.is(await api.cannotShow(ana.id, 'nowhere'), 'no-room')
  })

  test('what is taken back, or rolled back, is not there as paid [LIVE-09]', async (context) => {
    const { app, api, slug } = context
    const { db } = app.site.database
    const [kept, lost] = [superchat(context), superchat(context)]
    await db.tx((db) => api.sayPaid(db, kept))
    const failing = db.tx(async (db) => {
      await api.sayPaid(db, lost)
      throw new Error('The till broke.')
    })
    await failing.catch(() => null)
    const pinned = async () => (await app.call(getRoom, { params: { slug } })).body.pinned
    assert.equal(
      (await pinned()).map(({ paid }) => paid?.tipId),
      [kept.tipId],
    )
    await db.tx((db) => api.takeBackPaid(db, kept.tipId))
    await db.tx((db) => api.takeBackPaid(db, lost.tipId))
    assert.equal(await pinned(), [])
  })

  test.run()
}
