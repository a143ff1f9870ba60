import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { type LiveApi, live } from '#plugins/live'
import { definePlugin, newId } from '#sdk'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import * as contract from './contract.ts'
import chat from './index.ts'

interface Context {
  app: TestApp
  ana: TestAccount
  dj: TestAccount
  said(text: string): Promise<contract.Message>
  notice(by?: TestAccount): Promise<contract.Message | null>
}

const params = { slug: 'booth' }
const channel = { id: newId(), slug: 'booth', title: 'The booth' }
/** Who the channel's host is, and whether what was said there until now was for everybody. */
const stage = { hostId: '', isOpenThen: true }
const channels = {
  channelsByIds: async () => new Map([[channel.id, channel]]),
  channelBySlug: async (slug: string) => (slug === channel.slug ? channel : null),
  isHost: async (accountId: string) => accountId === stage.hostId,
  mayWatch: async () => true,
  mayWatchThen: async () => () => stage.isOpenThen,
  addFigure: () => () => {},
  addReplayChat: () => () => {},
  onRights: () => () => {},
} as Partial<LiveApi> as LiveApi
const booth = definePlugin({
  name: 'live',
  version: '0.0.1',
  title: 'A channel',
  provides: live,
  setup: () => channels,
})

for (const kind of databaseKinds) {
  const test = suite<Context>(`pinned messages on ${kind}`)
  test.before(async (context) => {
    const app = await testApp({ plugins: [booth, chat], kind })
    context.app = app
    context.ana = await app.addAccount()
    context.dj = await app.addAccount()
    stage.hostId = context.dj.id
    context.said = async (text) =>
      (await app.as(context.ana).call(contract.postMessage, { params, body: { text } })).body
    context.notice = async (by) =>
      (await (by ? app.as(by) : app).call(contract.getRoom, { params })).body.notice
  })
  test.after(({ app }) => app.close())
  tests(test)
  test.run()
}

function tests(test: Test<Context>) {
  const pin = (app: TestApp, by: TestAccount | null, id: string) =>
    (by ? app.as(by) : app).call(contract.pinMessage, { params: { id } })
  const unpin = (app: TestApp, by: TestAccount, id: string) =>
    app.as(by).call(contract.unpinMessage, { params: { id } })

  test('a host pins one message of the room for everybody, and another in its place [LIVE-07] [CHAT-17]', async (context) => {
    const { app, ana, dj, said, notice } = context
    assert.is(await notice(), null)
    const guest = await app.socket()
    guest.send({ op: 'join', id: 'room', channel: 'chat.room', params })
    await guest.until((frame) => frame.id === 'room', 'joining')
    const told = (id: string | null) =>
      guest.until(
        ({ type, data }) => type === 'notice' && (data as { id: string | null }).id === id,
        `that ${id} is pinned`,
      )
    const [first, second] = [await said('Tracklist at midnight'), await said('Be kind')]
    assert.is((await pin(app, dj, first.id)).status, 204)
    await told(first.id)
    assert.equal([(await notice())?.id, (await notice(ana))?.text], [first.id, 'Tracklist at midnight'])
    await pin(app, dj, second.id)
    await told(second.id)
    assert.is((await notice())?.id, second.id)
    assert.is((await unpin(app, dj, first.id)).status, 204)
    assert.is((await notice())?.id, second.id, 'one that is not pinned ends nothing')
    await unpin(app, dj, second.id)
    await told(null)
    assert.is(await notice(), null)
    const log = await app.site.database.db('audit_entries').where({ action: 'chat.message-pinned' })
    assert.equal(
      log.map((entry: { subject: string; detailJson: { room: string } }) => [
        entry.subject,
        entry.detailJson.room,
      ]),
      [
        [first.id, 'booth'],
        [second.id, 'booth'],
      ],
    )
  })

  test('members and strangers pin nothing, nor is there a pin of what is not there [LIVE-07] [CHAT-17]', async (context) => {
    const { app, ana, dj, said, notice } = context
    const { id } = await said('Mine above all')
    assert.equal([(await pin(app, null, id)).status, (await pin(app, ana, id)).status], [401, 403])
    assert.equal([(await pin(app, dj, newId())).status, (await pin(app, dj, 'x')).status], [404, 404])
    await app.as(ana).call(contract.removeMessage, { params: { id } })
    assert.is((await pin(app, dj, id)).status, 404, 'what was removed')
    assert.is(await notice(), null)
    const elsewhere = { params: { slug: 'general' }, body: { text: 'Elsewhere' } }
    const { body } = await app.as(ana).call(contract.postMessage, elsewhere)
    assert.is((await pin(app, dj, body.id)).status, 403, 'a room that is not the host’s')
  })

  test('what is removed is pinned no more, and what closed sets heard is for who was let in [LIVE-07] [LIVE-20]', async (context) => {
    const { app, ana, dj, said, notice } = context
    const { id } = await said('Only for those inside')
    await pin(app, dj, id)
    stage.isOpenThen = false
    assert.is(await notice(ana), null)
    stage.isOpenThen = true
    assert.is((await notice(ana))?.id, id)
    await app.as(dj).call(contract.removeMessage, { params: { id } })
    assert.is(await notice(), null)
  })
}
