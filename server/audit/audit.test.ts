import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { admin } from '#contract'
import { type Client, type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { type FakeClock, fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { openDatabase } from '../db/index.ts'
import { isoTime, newId } from '../sdk/index.ts'
import { hashOf } from './chain.ts'
import { createAudit, audit as unlinked, verifyAudit } from './index.ts'

interface Context {
  app: TestApp
  clock: FakeClock
  boss: TestAccount
  owner: Client
}
type AuditTest = Test<Context>
interface Row {
  id: string
  seq: number
  detailJson: object
}
const dayMs = 24 * 3_600_000

for (const kind of databaseKinds) {
  const test = suite<Context>(`audit log on ${kind}`)
  test.before(async (context) => {
    context.clock = fakeClock(new Date())
    context.app = await testApp({ kind, plugins: [], sites: ['second'], clock: context.clock })
    context.boss = await context.app.addAccount({ roles: ['owner'], username: `boss-${kind}` })
    context.owner = context.app.as(context.boss)
  })
  test.after(({ app }) => app.close())
  testChain(test)
  testTampering(test)
  testPruning(test)
  test.run()
}

const proofBy = async (owner: Client) => (await owner.call(admin.verifyAudit)).body
const prove = ({ site }: TestApp) => verifyAudit(site.database.db, site.keyring)
const entriesOf = ({ site }: TestApp) => site.database.db('audit_entries')

const asStored = (rows: Row[]) => rows.map((row) => ({ ...row, detailJson: JSON.stringify(row.detailJson) }))

/** Records some entries and waits for their links. */
async function recorded({ site }: TestApp, action: string, count: number): Promise<void> {
  const { db } = site.database
  for (let n = 0; n < count; n++)
    await site.audit.record(db, { action, actor: null, subject: `${n}`, detail: { n, text: '=1+1' } })
  await site.audit.sealed()
}

function testChain(test: AuditTest) {
  test('200 records at once, some undone, make one chain without a gap [SEC-01]', async ({ app, owner }) => {
    const { audit, database } = app.site
    const works = Array.from({ length: 200 }, (_none, n) =>
      database.db.tx(async (db) => {
        await audit.record(db, { action: 'test.parallel', actor: null, detail: { n } })
        if (n % 4 === 0) throw new Error('undone')
      }),
    )
    const done = (await Promise.allSettled(works)).filter(({ status }) => status === 'fulfilled')
    assert.is(done.length, 150)
    await audit.sealed()
    const rows: { seq: number }[] = await entriesOf(app).orderBy('seq').select('seq')
    assert.equal(
      rows.map(({ seq }) => seq),
      Array.from(rows, (_row, index) => index + 1),
    )
    assert.equal(await proofBy(owner), { isWhole: true, entries: rows.length, finding: null })
  })

  test('two processes link into one chain [SEC-01]', async ({ app, owner }) => {
    const { site } = app
    // Two connections of one process to one SQLite file would wait for each other without end.
    if (site.database.dialect.name === 'sqlite') return
    const others = await Promise.all([1, 2].map(() => openDatabase(site.database.target)))
    const logs = others.map((database) => createAudit({ database, keyring: site.keyring, log: site.log }))
    await Promise.all(
      logs.map(async (audit, index) => {
        for (let n = 0; n < 40; n++) {
          await audit.record(others[index]?.db ?? site.database.db, { action: 'test.shared', actor: null })
          await audit.sealed()
        }
      }),
    )
    for (const other of others) await other.close()
    assert.is((await proofBy(owner)).finding, null)
  })

  test('what a process left unlinked is linked at the next start and end of the site [SEC-01]', async () => {
    const first = await testApp({ plugins: [] })
    const boss = await first.addAccount({ roles: ['owner'] })
    await unlinked.record(first.site.database.db, { action: 'test.left', actor: null })
    const app = await first.restart()
    const [row] = await app.site.database.db('audit_entries')
    assert.equal([row.action, row.seq, row.hash?.length], ['test.left', 1, 64])
    assert.equal(await proofBy(app.as(boss)), { isWhole: true, entries: 1, finding: null })
    await app.close()
  })

  test('each site has a chain of its own, sealed for it alone [SEC-01] [SITE-10]', async ({ app }) => {
    await recorded(app, 'test.here', 1)
    const second = app.siteNamed('second')
    assert.equal(await second.database.db('audit_entries'), [])
    const head = await app.site.database.db('audit_head').first()
    await second.database.db('audit_head').insert(head)
    await second.database.db('audit_entries').insert(asStored(await entriesOf(app).orderBy('seq')))
    const boss = await app.addAccount({ roles: ['owner'], site: 'second' })
    const { isWhole, finding } = await proofBy(app.at('second').as(boss))
    assert.equal([isWhole, /^The seal/.test(finding ?? '')], [false, true], finding ?? '')
    await second.database.db('audit_entries').delete()
    await second.database.db('audit_head').delete()
  })
}

/** Changes the log behind its back, looks what the proof says, and puts everything back. */
async function findingAfter({ app }: Context, change: () => Promise<unknown>): Promise<string> {
  const { db } = app.site.database
  await app.site.audit.sealed()
  const [rows, head] = [await entriesOf(app).orderBy('seq'), await db('audit_head').first()]
  assert.is((await prove(app)).isWhole, true)
  await change()
  const { isWhole, finding } = await prove(app)
  assert.is(isWhole, finding === null)
  await entriesOf(app).delete()
  await db('audit_entries').insert(asStored(rows))
  await db('audit_head').delete()
  await db('audit_head').insert(head)
  return finding ?? 'nothing'
}

function testTampering(test: AuditTest) {
  test('a changed, removed, swapped or added entry is found, with its number [SEC-01]', async (context) => {
    const { app } = context
    await recorded(app, 'test.kept', 6)
    const { seq: last } = await context.app.site.database.db('audit_head').first()
    const at = last - 3
    const where = (seq: number) => entriesOf(app).where({ seq })
    for (const change of [
      { action: 'test.other' },
      { at: '2020-01-01T00:00:00.000Z' },
      { subject: 'somebody else' },
      { actorName: 'x' },
      { actorId: newId() },
      { address: '192.0.2.1' },
      { requestId: 'x' },
      { detailJson: '{"n":99}' },
      { id: newId() },
    ])
      assert.match(
        await findingAfter(context, () => where(at).update(change)),
        `Entry ${at} (`,
        JSON.stringify(change),
      )
    assert.is(await findingAfter(context, () => where(at).delete()), `Entry ${at} is missing.`)
    assert.match(
      await findingAfter(context, async () => {
        await where(at).update({ seq: -1 })
        await where(at + 1).update({ seq: at })
        await where(-1).update({ seq: at + 1 })
      }),
      `Entry ${at} (`,
    )
    const forged = { id: newId(), at: '2020-01-01T00:00:00.000Z', action: 'test.forged', detailJson: '{}' }
    for (const [seq, finding] of [
      [last + 1, `Entry ${last + 1} was put in behind`],
      [0, 'Entry 0 was put in before'],
    ] as const) {
      const row = { ...forged, seq, hash: 'f'.repeat(64) }
      assert.match(await findingAfter(context, () => entriesOf(app).insert(row)), finding)
    }
    await entriesOf(app).insert(forged)
    const { finding } = await prove(app)
    assert.match(finding ?? '', '(test.forged) has no number')
    await entriesOf(app).where({ id: forged.id }).delete()
  })

  test('a cut-off end and a chain made anew without the key are found [SEC-01]', async (context) => {
    const { app } = context
    const { db } = app.site.database
    await recorded(app, 'test.end', 4)
    const { seq: last } = await db('audit_head').first()
    assert.is(
      await findingAfter(context, () =>
        entriesOf(app)
          .where('seq', '>', last - 2)
          .delete(),
      ),
      `Entry ${last - 1} is missing.`,
    )
    assert.match(await findingAfter(context, () => db('audit_head').delete()), 'not marked any more')
    for (const upTo of [last, last - 1])
      assert.match(await findingAfter(context, () => rewrite(app, upTo)), `The seal of entry ${upTo}`)
    assert.is(
      await findingAfter(context, () => rewrite(app, last, false)),
      `Entry ${last} is not the one the log ended with.`,
    )
  })

  test('a forged end is never sealed by the next record [SEC-01]', async (context) => {
    const { app } = context
    const { db } = app.site.database
    const { seq: last } = await db('audit_head').first()
    const finding = await findingAfter(context, async () => {
      await rewrite(app, last)
      await app.site.audit.record(db, { action: 'test.next', actor: null })
      await app.site.audit.sealed().catch(() => {})
      assert.is((await entriesOf(app).where({ action: 'test.next' }).first()).seq, null)
    })
    assert.match(finding, `The seal of entry ${last}`)
  })
}

/** Makes the chain anew with other contents, as somebody would who has the database and not the key. */
async function rewrite(app: TestApp, upTo: number, withHead = true): Promise<void> {
  let hash = '0'.repeat(64)
  for (const row of await entriesOf(app).where('seq', '<=', upTo).orderBy('seq')) {
    hash = hashOf(row.seq, hash, { ...row, detailJson: { forged: true } })
    await entriesOf(app).where({ id: row.id }).update({ detailJson: '{"forged":true}', hash })
  }
  await entriesOf(app).where('seq', '>', upTo).delete()
  if (withHead) await app.site.database.db('audit_head').update({ seq: upTo, hash })
}

function testPruning(test: AuditTest) {
  test('old entries go after the days that the label set, and the rest is still proved [SEC-01]', async (context) => {
    const { app, clock, owner } = context
    const { db } = app.site.database
    const tidy = async () => {
      const now = isoTime(clock.now())
      const job = { id: newId(), name: 'server.tidy', payloadJson: '{}', state: 'waiting', priority: 0 }
      await db('jobs').insert({ ...job, attempts: 0, maxAttempts: 1, runAt: now, createdAt: now })
      await app.jobs.drain()
      await app.site.audit.sealed()
    }
    await owner.call(admin.updateSettings, { body: { keepAuditDays: 30 } })
    const before = (await proofBy(owner)).entries
    await tidy()
    assert.is((await proofBy(owner)).entries, before)
    clock.advance(31 * dayMs)
    await tidy()
    const [left, ...more] = await entriesOf(app)
    assert.equal(
      [left.action, left.seq, left.detailJson.entries, more],
      ['audit.pruned', before + 1, before, []],
    )
    await recorded(app, 'test.after', 2)
    const fresh = app.as(await app.addAccount({ roles: ['owner'] }))
    assert.equal(await proofBy(fresh), { isWhole: true, entries: 3, finding: null })
    // A log that is not whole keeps everything: it is evidence.
    await entriesOf(app)
      .where({ seq: before + 2 })
      .update({ action: 'test.changed' })
    clock.advance(31 * dayMs)
    await tidy()
    assert.is((await entriesOf(app)).length, 3)
  })
}
