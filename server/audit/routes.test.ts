import { setTimeout as delay } from 'node:timers/promises'
import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, type Route } from '#contract'
import { type Client, type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { newId } from '../sdk/index.ts'

interface Context {
  app: TestApp
  boss: TestAccount
  owner: Client
}
type AuditTest = Test<Context>

for (const kind of databaseKinds) {
  const test = suite<Context>(`reading the audit log on ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ kind, plugins: [] })
    context.boss = await context.app.addAccount({ roles: ['owner'], username: `boss-${kind}` })
    context.owner = context.app.as(context.boss)
  })
  test.after(({ app }) => app.close())
  testReading(test)
  test.run()
}

function testReading(test: AuditTest) {
  test('is read by action, person and time, page by page [SEC-01]', async ({ app, owner, boss }) => {
    const { audit, database } = app.site
    const subject = newId()
    await audit.record(database.db, { action: 'filter.one', actor: boss, subject })
    await audit.record(database.db, { action: 'filter.two', actor: null, subject })
    await audit.record(database.db, { action: 'filterless', actor: boss })
    const actions = async (query: Record<string, string | number>) =>
      (await owner.call(admin.listAudit, { query })).body.items.map(({ action }) => action)
    assert.equal(await actions({ action: 'filter.' }), ['filter.two', 'filter.one'])
    assert.equal(await actions({ action: 'filter_' }), [])
    assert.equal(await actions({ who: subject }), ['filter.two', 'filter.one'])
    assert.equal(await actions({ who: boss.username, action: 'filter' }), ['filterless', 'filter.one'])
    await audit.record(database.db, { action: 'filters.three', actor: null, subject: boss.id })
    const named = await actions({ who: boss.username, action: 'filter' })
    assert.equal(named, ['filters.three', 'filterless', 'filter.one'], 'also what was done to them')
    assert.equal(await actions({ who: 'nobody-here' }), [])
    assert.equal(await actions({ action: 'filter.', to: '2020-01-01T00:00:00.000Z' }), [])
    assert.is((await actions({ action: 'filter.', from: '2020-01-01T00:00:00.000Z' })).length, 2)
    const first = (await owner.call(admin.listAudit, { query: { action: 'filter.', limit: 1 } })).body
    assert.equal(await actions({ action: 'filter.', after: first.next ?? '' }), ['filter.one'])
  })

  test('an entry knows the request it came from, and only who may reads it [SEC-01]', async ({
    app,
    owner,
  }) => {
    await owner.call(admin.updateSettings, { body: { description: 'Traced' } })
    const { items } = (await owner.call(admin.listAudit, { query: { action: 'site.', limit: 1 } })).body
    assert.equal([items[0]?.address, items[0]?.requestId !== null], ['127.0.0.1', true])
    const seq = async () =>
      (await app.site.database.db('audit_entries').where({ id: items[0]?.id }).first()).seq
    for (let tries = 0; tries < 100 && (await seq()) === null; tries++) await delay(20)
    assert.ok((await seq()) > 0, 'it is linked by itself')
    const member = app.as(await app.addAccount())
    for (const route of [admin.listAudit, admin.verifyAudit, admin.exportAudit] as Route[])
      assert.equal([(await member.callRaw(route)).status, (await app.callRaw(route)).status], [403, 401])
  })

  test('the export holds every entry and no formula a spreadsheet would run [SEC-01]', async ({
    app,
    boss,
  }) => {
    const { audit, database } = app.site
    const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', 'say "hi", you']
    for (const subject of formulas)
      await audit.record(database.db, { action: 'export.one', actor: boss, subject })
    const get = (search: string) =>
      app.request(`/api/v1/admin/audit/export?${search}`, {
        headers: { authorization: `Bearer ${boss.accessToken}` },
      })
    const answer = await get('action=export.')
    assert.match(answer.headers.get('content-disposition') ?? '', 'audit.csv')
    assert.match(answer.headers.get('content-type') ?? '', 'text/plain')
    const text = await answer.text()
    for (const subject of formulas.slice(0, -1)) assert.match(text, `"'${subject}"`)
    assert.match(text, '"say ""hi"", you"')
    assert.not.match(text, /(?:^|,)"?[=+\-@\t\r]/m)
    const lines = (await (await get('action=export.&format=jsonl')).text()).trimEnd().split('\n')
    assert.equal(
      lines.map((line) => JSON.parse(line).subject),
      formulas,
    )
    assert.ok(lines.every((line) => /^[0-9a-f]{64}$/.test(JSON.parse(line).hash)))
    assert.is((await get('format=xml')).status, 422)
    const at = new Date().toISOString()
    const many = Array.from({ length: 1_001 }, (_, n) => {
      return { id: newId(), at, action: 'export.many', subject: `${n}`, detailJson: '{}' }
    })
    for (let from = 0; from < many.length; from += 400)
      await database.db('audit_entries').insert(many.slice(from, from + 400))
    const whole = (await (await get('action=export.many&format=jsonl')).text()).trimEnd().split('\n')
    assert.is(new Set(whole.map((line) => JSON.parse(line).subject)).size, many.length)
    const head = await app.request('/api/v1/admin/audit/export', {
      method: 'HEAD',
      headers: { authorization: `Bearer ${boss.accessToken}` },
    })
    assert.equal([head.status, await head.text()], [200, ''])
  })
}
