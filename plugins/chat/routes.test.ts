import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { createRoom, getRoom, listMessages, listRooms, postMessage } from './contract.ts'
import chat from './index.ts'

interface Context {
  app: TestApp
  ana: TestAccount
  mod: TestAccount
}

const general = { slug: 'general' }

for (const kind of databaseKinds) {
  const test = suite<Context>(`chat routes on ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ plugins: [chat], kind })
    context.mod = await context.app.addAccount({ roles: ['moderator'] })
  })
  test.before.each(async (context) => {
    // An account of its own for each test: how fast one may write is counted by account.
    context.ana = await context.app.addAccount()
  })
  test.after(({ app }) => app.close())
  readingTests(test)
  writingTests(test)
  test.run()
}

function readingTests(test: Test<Context>) {
  test('lists the general room to a guest, who may read and not write [CHAT-03]', async ({ app }) => {
    const { status, body } = await app.call(listRooms)
    assert.is(status, 200)
    const room = body.items.find((each) => each.slug === 'general')
    assert.equal(room?.can, { post: false, moderate: false })
    assert.is(room?.cannotPostBecause, 'signed-out')
    assert.is((await app.call(listMessages, { params: general })).status, 200)
  })

  test('says to members and moderators what they may do', async ({ app, ana, mod }) => {
    const member = await app.as(ana).call(getRoom, { params: general })
    assert.equal(member.body.can, { post: true, moderate: false })
    const moderator = await app.as(mod).call(getRoom, { params: general })
    assert.equal(moderator.body.can, { post: true, moderate: true })
  })

  test('answers not-found for rooms that are not there and addresses that cannot be', async ({ app }) => {
    for (const slug of ['nowhere', 'A', '\u0000', "x' or 1=1", '%']) {
      assert.is((await app.call(getRoom, { params: { slug } })).status, 404)
      assert.is((await app.call(listMessages, { params: { slug } })).status, 404)
    }
  })

  test('refuses cursors and limits that are none', async ({ app }) => {
    for (const query of [{ before: 'x' }, { after: '1' }, { limit: '0' }, { limit: '101' }, { page: '2' }]) {
      const answer = await app.callRaw(listMessages, { params: general, query: query as never })
      assert.is(answer.status, 422)
    }
  })

  test('pages through the history both ways [CHAT-15]', async ({ app, ana, mod }) => {
    const { body: room } = await app
      .as(mod)
      .call(createRoom, { body: { slug: `pages-${newId().slice(-8)}`, title: 'Pages' } })
    const params = { slug: room.slug }
    const ids: string[] = []
    for (const text of ['1', '2', '3', '4', '5'])
      ids.push((await app.as(ana).call(postMessage, { params, body: { text } })).body.id)
    const newest = (await app.call(listMessages, { params, query: { limit: 2 } })).body
    assert.equal(
      newest.items.map((item) => item.text),
      ['4', '5'],
    )
    const before = (await app.call(listMessages, { params, query: { before: newest.before!, limit: 3 } }))
      .body
    assert.equal(
      before.items.map((item) => item.id),
      ids.slice(0, 3),
    )
    assert.is(before.before, null)
    const after = (await app.call(listMessages, { params, query: { after: before.after!, limit: 9 } })).body
    assert.equal(after.items, newest.items)
    assert.is(after.after, null)
  })

  test('shows a room to readers without JavaScript, what was written as text', async ({ app, ana }) => {
    await app.as(ana).call(postMessage, { params: general, body: { text: '<script>alert(1)</script>' } })
    const page = await (await app.request('/chat/general', { headers: { accept: 'text/html' } })).text()
    assert.match(page, '&lt;script&gt;alert(1)&lt;/script&gt;')
    assert.not.match(page, '<script>alert(1)')
    assert.is((await app.request('/chat/nowhere', { headers: { accept: 'text/html' } })).status, 404)
    assert.is((await app.request('/chat', { headers: { accept: 'text/html' } })).status, 200)
  })
}

function writingTests(test: Test<Context>) {
  test('stores a message as plain text and shows it with its author [CHAT-04]', async ({ app, ana }) => {
    const text = `<img src=x onerror=alert(1)> "quoted" & 'so'`
    const said = await app
      .as(ana)
      .call(postMessage, { params: general, body: { text: ` ${text}\u0007\u202e ` } })
    assert.is(said.status, 200)
    assert.is(said.body.text, text)
    assert.is(said.body.author?.id, ana.id)
    assert.is(said.body.author?.isModerator, false)
    const { items } = (await app.call(listMessages, { params: general })).body
    assert.equal(items.at(-1), said.body)
  })

  test('refuses to store for a guest, and what is empty, too long, misspelt or not there', async ({
    app,
    ana,
  }) => {
    const body = { text: 'hello' }
    assert.is((await app.call(postMessage, { params: general, body })).status, 401)
    const bad = [{}, { text: ' ' }, { text: '\u200b' }, { text: 1 }, { text: 'x'.repeat(1001) }]
    const worse = [
      { ...body, clientId: 'two words' },
      { ...body, clientId: '' },
      { ...body, authorId: newId() },
    ]
    for (const input of [...bad, ...worse])
      assert.is(
        (await app.as(ana).callRaw(postMessage, { params: general, body: input })).status,
        422,
        JSON.stringify(input),
      )
    assert.is((await app.as(ana).call(postMessage, { params: { slug: 'nowhere' }, body })).status, 404)
  })

  test('ten parallel sends with one clientId are one message, answered ten times [CHAT-19]', async ({
    app,
    ana,
  }) => {
    const body = { text: 'once', clientId: newId() }
    const sends = Array.from({ length: 10 }, () => app.as(ana).call(postMessage, { params: general, body }))
    const answers = await Promise.all(sends)
    assert.equal([...new Set(answers.map((answer) => answer.status))], [200])
    assert.is(new Set(answers.map((answer) => answer.body.id)).size, 1)
    const again = await app.as(ana).call(postMessage, { params: general, body: { ...body, text: 'twice' } })
    assert.is(again.body.text, 'once')
    const { items } = (await app.call(listMessages, { params: general, query: { limit: 100 } })).body
    assert.is(items.filter((item) => item.clientId === body.clientId).length, 1)
  })

  test('slows down who writes faster than the setting, answers a resend all the same [CHAT-18]', async ({
    app,
    ana,
  }) => {
    const clientId = newId()
    const first = await app.as(ana).call(postMessage, { params: general, body: { text: '0', clientId } })
    const answers = []
    for (let n = 1; n <= 9; n += 1)
      answers.push(await app.as(ana).call(postMessage, { params: general, body: { text: `${n}` } }))
    const refused = answers.filter((answer) => answer.status === 429)
    assert.ok(refused.length > 0)
    assert.is(refused[0]?.problem, 'chat.slow-down')
    assert.ok(Number(refused[0]?.headers.get('retry-after')) >= 1)
    const resent = await app.as(ana).call(postMessage, { params: general, body: { text: '0', clientId } })
    assert.is(resent.body.id, first.body.id)
    const other = await app.addAccount()
    assert.is((await app.as(other).call(postMessage, { params: general, body: { text: 'x' } })).status, 200)
  })

  test('a moderator makes a room once; members and guests may not [CHAT-03]', async ({ app, ana, mod }) => {
    const body = { slug: `club-${newId().slice(-8)}`, title: 'Club' }
    assert.is((await app.call(createRoom, { body })).status, 401)
    assert.is((await app.as(ana).call(createRoom, { body })).status, 403)
    assert.is(
      (await app.as(mod).callRaw(createRoom, { body: { slug: 'Not a slug', title: '' } })).status,
      422,
    )
    assert.is((await app.as(mod).call(createRoom, { body })).status, 200)
    assert.is((await app.as(mod).call(createRoom, { body })).status, 409)
    const { items } = (await app.call(listRooms)).body
    assert.ok(items.some((room) => room.slug === body.slug))
  })
}
