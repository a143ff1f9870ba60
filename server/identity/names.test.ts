import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { type FakeClock, fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { definePlugin } from '../sdk/index.ts'
import { login, member } from './testdata/member.ts'

interface Context {
  app: TestApp
  clock: FakeClock
}
const dayMs = 24 * 3_600_000
/** Accounts a plugin heard to be renamed. */
const renamed: string[] = []
const listener = definePlugin({
  name: 'listener',
  title: 'Listener',
  version: '1.0.0',
  setup: (ctx) => {
    ctx.events.on(identity.accountRenamed, 'note', async ({ accountId }) => {
      renamed.push(accountId)
    })
  },
})

for (const kind of databaseKinds) {
  const test = suite<Context>(`names on ${kind}`)
  test.before(async (context) => {
    context.clock = fakeClock(new Date())
    context.app = await testApp({ kind, plugins: [listener], clock: context.clock })
  })
  test.before.each(({ clock }) => clock.advance(25 * 3_600_000))
  test.after(({ app }) => app.close())

  test('a username changes once in 30 days; the old one leads to it and nobody else gets it [PROF-04]', async (context) => {
    const { app, clock } = context
    renamed.length = 0
    const { id, client, username, password } = await member(app, { username: 'before-it' })
    const rename = (name: string) => client.call(identity.changeUsername, { body: { username: name } })
    assert.is((await rename(username)).status, 200, 'its own name is no change')
    assert.is((await rename('after-it')).body.username, 'after-it')
    const { db } = app.site.database
    await app.jobs.drain()
    assert.equal(renamed, [id])
    const again = await rename('third-name')
    assert.is(again.problem, 'identity.username-too-soon')
    assert.match((again.body as unknown as { detail: string }).detail, /next time is \d{4}-\d\d-\d\d\.$/)
    assert.is((await login(app, 'after-it', password)).status, 200)
    assert.is((await login(app, username, password)).status, 401)
    const body = { email: 'thief@people.test', username, password }
    assert.is((await app.call(identity.register, { body })).problem, 'identity.taken')
    const thief = await member(app)
    const stolen = await thief.client.call(identity.changeUsername, { body: { username } })
    assert.is(stolen.problem, 'identity.taken')
    assert.is((await db('former_usernames').where({ username }).first()).accountId, id)

    clock.advance(30 * dayMs)
    const back = await login(app, 'after-it', password)
    const me = app.as({ ...back.body.account, accessToken: back.body.accessToken } as never)
    const own = await me.call(identity.changeUsername, { body: { username } })
    assert.is(own.body.username, username, 'its own old name may be taken back')
    assert.is(await db('former_usernames').where({ username }).first(), undefined)
  })

  test('of changes at once one passes [PROF-04]', async ({ app }) => {
    const { client } = await member(app)
    const names = Array.from({ length: 8 }, (_none, n) => `at-once-${n}`)
    const answers = await Promise.all(
      names.map((username) => client.call(identity.changeUsername, { body: { username } })),
    )
    assert.is(answers.filter(({ status }) => status === 200).length, 1)
    assert.is(answers.filter(({ problem }) => problem === 'identity.username-too-soon').length, 7)
  })

  test('refuses names kept for the label, taken ones, and those that look like who runs it [PROF-04] [AUTH-01]', async ({
    app,
  }) => {
    await app.addAccount({ roles: ['owner'], username: 'clara-moreau' })
    await app.addAccount({ roles: ['moderator'], username: 'bill-0wens' })
    await app.addAccount({ roles: ['member'], username: 'just-a-fan' })
    const { client, username } = await member(app)
    const refused = ['admin', 'adm1n', 'support', 'c1ara-moreau', 'claramoreau', 'dara-m0reau', 'bi11-owens']
    for (const name of refused) {
      const answer = await client.call(identity.changeUsername, { body: { username: name } })
      assert.is(answer.problem, 'identity.taken', name)
      const body = { email: `${name}@lookalike.test`, username: name, password: 'seven quiet harbours' }
      assert.is((await app.call(identity.register, { body })).problem, 'identity.taken', name)
    }
    for (const name of ['just-a-fan', 'Upper', 'a', 'ıstanbul', 'a b', '-ab', 'x\u0000y'])
      assert.ok(
        (await client.call(identity.changeUsername, { body: { username: name } })).status >= 400,
        name,
      )
    assert.is((await client.call(identity.me)).body.username, username)
    assert.is((await client.call(identity.changeUsername, { body: { username: 'just-a-fun' } })).status, 200)
  })

  test('shown names are one line of visible signs, composed [PROF-04]', async ({ app }) => {
    const { client } = await member(app)
    const set = (displayName: string) => client.call(identity.updateMe, { body: { displayName } })
    for (const odd of [
      'two\nlines',
      'two\r\nX-Header: 1',
      'bell\u0007',
      'right\u202eto left',
      'isolate\u2066d',
      'no\u200bwidth',
      'join\u200ded',
      'a\ufeffmark',
      'soft\u00adhyphen',
      'line\u2028break',
      '\u3164',
      '\u2800\u2800',
      'half\ud83d',
      `z${'\u0301'.repeat(12)}algo`,
      '\u0301',
      'private\ue000',
      'tag\u{e0041}',
    ])
      assert.is((await set(odd)).status, 422, JSON.stringify(odd))
    for (const [given, kept] of [
      ['Zoe\u0301', 'Zo\u00e9'],
      ['Мария', 'Мария'],
      ['نور', 'نور'],
      ['李雷', '李雷'],
      ['👩\u200d🎤 Ada', '👩\u200d🎤 Ada'],
      ['O’Neil & Söhne <3', 'O’Neil & Söhne <3'],
      ['นิรันดร์', 'นิรันดร์'],
    ] as const)
      assert.is((await set(given)).body.displayName, kept, given)
    const body = {
      email: 'odd@people.test',
      username: 'odd-one',
      password: 'eleven paper lanterns',
      displayName: 'o\u202edd',
    }
    assert.is((await app.call(identity.register, { body })).status, 422)
  })

  test.run()
}
