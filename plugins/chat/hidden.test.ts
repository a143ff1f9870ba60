import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { blockMember, muteMember, unmuteMember } from '../profiles/contract.ts'
import profiles from '../profiles/index.ts'
import { getRoom, listMessages, postMessage } from './contract.ts'
import chat from './index.ts'

interface Context {
  app: TestApp
  ana: TestAccount
  ben: TestAccount
  mod: TestAccount
}
const general = { params: { slug: 'general' } }
const at = ({ username }: { username: string }) => ({ params: { username } })

for (const kind of databaseKinds) {
  const test = suite<Context>(`chat among people who block each other, ${kind}`)
  test.before.each(async (context) => {
    const app = await testApp({ plugins: [chat, profiles], kind })
    Object.assign(context, {
      app,
      ana: await app.addAccount(),
      ben: await app.addAccount(),
      mod: await app.addAccount({ roles: ['moderator'] }),
    })
    await app.as(context.ana).call(postMessage, { ...general, body: { text: 'from ana' } })
    await app.as(context.ben).call(postMessage, { ...general, body: { text: 'from ben' } })
  })
  test.after.each(({ app }) => app.close())

  const read = async (app: TestApp, who?: TestAccount) => {
    const { body } = await (who ? app.as(who) : app).call(listMessages, general)
    const page = await app.request('/chat/general', { headers: who ? { cookie: who.cookie } : {} })
    const text = await page.text()
    const texts = body.items.map((item) => item.text)
    for (const said of ['from ana', 'from ben'])
      assert.is(text.includes(said), texts.includes(said), `the page agrees on "${said}"`)
    return texts
  }
  const hiddenFor = async (app: TestApp, who: TestAccount) =>
    (await app.as(who).call(getRoom, general)).body.hidden

  test('who mutes somebody reads the room without them, nobody else does [PROF-09]', async (context) => {
    const { app, ana, ben } = context
    assert.equal(await read(app, ana), ['from ana', 'from ben'])
    await app.as(ana).call(muteMember, at(ben))
    // What was remembered of ana's wishes goes with the event.
    await app.jobs.drain()
    assert.equal(await read(app, ana), ['from ana'])
    assert.equal(await hiddenFor(app, ana), [ben.id])
    assert.equal(await read(app, ben), ['from ana', 'from ben'])
    assert.equal(await hiddenFor(app, ben), [])
    assert.equal(await read(app), ['from ana', 'from ben'])
    await app.as(ana).call(unmuteMember, at(ben))
    await app.jobs.drain()
    assert.equal(await read(app, ana), ['from ana', 'from ben'])
  })

  test('a block hides both from each other, and nothing from moderators [PROF-09]', async (context) => {
    const { app, ana, ben, mod } = context
    await app.as(ana).call(blockMember, at(ben))
    await app.as(ben).call(blockMember, at(mod))
    await app.as(mod).call(muteMember, at(ana))
    await app.jobs.drain()
    assert.equal(await read(app, ana), ['from ana'])
    assert.equal(await read(app, ben), ['from ben'])
    assert.equal(await read(app, mod), ['from ana', 'from ben'])
    assert.equal(await hiddenFor(app, mod), [])
  })

  test('pages go on where all of one is hidden [PROF-09] [CHAT-15]', async ({ app, ana, ben }) => {
    await app.as(ben).call(postMessage, { ...general, body: { text: 'and more' } })
    await app.as(ana).call(muteMember, at(ben))
    await app.jobs.drain()
    const newest = await app.as(ana).call(listMessages, { ...general, query: { limit: 2 } })
    assert.equal(newest.body.items, [])
    const query = { limit: 2, before: newest.body.before! }
    const older = await app.as(ana).call(listMessages, { ...general, query })
    assert.equal(
      older.body.items.map((item) => item.text),
      ['from ana'],
    )
  })

  test('works without profiles [PROF-09]', async ({ app, ana, ben }) => {
    await app.as(ana).call(muteMember, at(ben))
    await app.site.kernel.setEnabled('profiles', false, null)
    assert.equal(await read(app, ana), ['from ana', 'from ben'])
    assert.equal(await hiddenFor(app, ana), [])
  })

  test.run()
}
