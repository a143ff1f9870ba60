import fc from 'fast-check'
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Route } from '#contract'
import { isoTime, newId, type PluginContext } from '#sdk'
import { databaseKinds } from '../../test/kit/databases.ts'
import * as contract from './contract.ts'
import { goalOf, saveGoal } from './goals.ts'
import { type TipTests, tipSuite } from './testdata/kit.ts'
import { insertTip, markTipPaid, markTipRefunded } from './tips.ts'

for (const kind of databaseKinds) {
  const test = tipSuite('goals and hosts', kind)
  goalTests(test)
  hostTests(test)
  test.run()
}

function goalTests(test: Test<TipTests>) {
  const body = { title: 'New decks', amountMinor: 10_000, until: null }

  test('a goal fills by what is paid and sinks by what is paid back [LIVE-08]', async (context) => {
    const { app, dj, ana, ben, slug, tip, list } = context
    const params = { slug }
    await tip(ana, { amountMinor: 300 })
    const set = await app.as(dj).call(contract.setGoal, { params, body })
    assert.equal([set.status, set.body.reachedMinor], [200, 0])
    const first = await tip(ana, { amountMinor: 1200 })
    await tip(ben, { amountMinor: 2500 })
    assert.is((await list()).goal?.reachedMinor, 3700)
    await app.as(dj).call(contract.setGoal, { params, body: { ...body, amountMinor: 5000 } })
    assert.equal([(await list()).goal?.amountMinor, (await list()).goal?.reachedMinor], [5000, 3700])
    await app.as(dj).call(contract.refundTip, { params: { id: first } })
    assert.is((await list()).goal?.reachedMinor, 2500)
    assert.is((await app.as(dj).call(contract.removeGoal, { params })).status, 204)
    assert.is((await list()).goal, null)
    assert.is((await app.as(dj).call(contract.removeGoal, { params })).status, 404)
    const actions = await app.site.database.db('audit_entries').where({ subject: slug }).orderBy('id')
    assert.equal(
      actions.map(({ action }: { action: string }) => action).filter((action: string) => /goal/.test(action)),
      ['tips.goal-set', 'tips.goal-set', 'tips.goal-removed'],
    )
  })

  test('only who may go live on the channel sets its goal, to something that can be [LIVE-08]', async (context) => {
    const { app, dj, ana, slug } = context
    const params = { slug }
    const other = await app.addAccount({ roles: ['artist'] })
    for (const [route, input] of [
      [contract.setGoal, body],
      [contract.removeGoal, undefined],
    ] as [Route, unknown][]) {
      assert.is((await app.callRaw(route, { params, body: input })).status, 401)
      assert.is((await app.as(ana).callRaw(route, { params, body: input })).status, 403)
      assert.is((await app.as(other).callRaw(route, { params, body: input })).status, 403)
      assert.is((await app.as(dj).callRaw(route, { params: { slug: 'nowhere' }, body: input })).status, 404)
    }
    const past = isoTime(new Date(Date.now() - 1000))
    const bad = [
      { title: '' },
      { title: 'x'.repeat(81) },
      { amountMinor: 0 },
      { amountMinor: 0.5 },
      { until: past },
    ]
    for (const more of [...bad, { until: 'tomorrow' }, { reachedMinor: 5 }])
      assert.is(
        (await app.as(dj).callRaw(contract.setGoal as Route, { params, body: { ...body, ...more } })).status,
        422,
        JSON.stringify(more),
      )
  })

  test('what is reached is the sum of what is paid and not paid back, in any order [LIVE-08]', async (context) => {
    const { app, place } = context
    const { db } = app.site.database
    const { channelId } = place
    await saveGoal(db, { channelId, title: 'Lights', amountMinor: 500, currency: 'EUR', untilAt: null })
    const step = fc.record({
      amountMinor: fc.integer({ min: 1, max: 9_000_000_000_000 }),
      ends: fc.array(fc.constantFrom('paid', 'refunded'), { maxLength: 3 }),
    })
    let expected = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 4 }), async (steps) => {
        for (const { amountMinor, ends } of steps) {
          const { id } = await insertTip(db, tipOf(channelId, amountMinor))
          for (const end of ends) await (end === 'paid' ? markTipPaid(db, id) : markTipRefunded(db, id))
          if (ends[0] === 'paid' && !ends.includes('refunded')) expected += amountMinor
        }
        assert.is((await goalOf(db, channelId))?.reachedMinor, expected)
      }),
      { numRuns: 10 },
    )
  })
}

const tipOf = (channelId: string, amountMinor: number) => ({
  ...{ id: newId(), channelId, streamId: null, giverId: newId(), paymentId: newId(), amountMinor },
  ...{ idempotencyKey: newId(), requestHash: '', currency: 'EUR', message: null, isMessageShown: false },
  ...{ isSuperchat: false, isNameShown: true, tone: 0, pinS: 0 },
})

function hostTests(test: Test<TipTests>) {
  test('only hosts pay back, only hosts and moderators hide messages [LIVE-08]', async (context) => {
    const { app, dj, ana, ben, tip, list } = context
    const mod = await app.addAccount({ roles: ['moderator'] })
    const other = await app.addAccount({ roles: ['artist'] })
    const params = { id: await tip(ana, { message: 'rude' }) }
    for (const route of [contract.refundTip, contract.hideTipMessage] as Route[]) {
      assert.is((await app.callRaw(route, { params })).status, 401)
      for (const account of [ana, ben, other])
        assert.is((await app.as(account).callRaw(route, { params })).status, 403, route.path)
      assert.is((await app.as(dj).callRaw(route, { params: { id: newId() } })).status, 404)
    }
    assert.is((await app.as(mod).call(contract.refundTip, { params })).status, 403)
    assert.is((await list(mod)).items[0]?.can.hideMessage, true)
    assert.is((await app.as(mod).call(contract.hideTipMessage, { params })).status, 204)
    assert.is((await list()).items[0]?.message, null)
    assert.is((await list(dj)).items[0]?.message, 'rude')
    assert.is((await app.as(dj).call(contract.hideTipMessage, { params })).status, 204)
    const records = await app.site.database
      .db('audit_entries')
      .where({ action: 'tips.message-hidden', subject: params.id })
    assert.is(records.length, 1)
  })

  test('hosts see the sums of the stream and of all time [LIVE-08]', async (context) => {
    const { dj, ana, tip, list, goOnAir } = context
    await tip(ana, { amountMinor: 300 })
    assert.is((await list(dj)).totals?.stream, null)
    await goOnAir()
    await tip(ana, { amountMinor: 450 })
    assert.equal((await list(dj)).totals, {
      stream: { amountMinor: 450, count: 1 },
      all: { amountMinor: 750, count: 2 },
    })
  })

  test('pages go back through all tips, each once [LIVE-08]', async ({ app, ana, slug, tip }) => {
    const given: string[] = []
    for (let n = 0; n < 3; n += 1) given.unshift(await tip(ana, { amountMinor: 200 + n }))
    const page = async (query: { limit: number; after?: string }) =>
      (await app.call(contract.listTips, { params: { slug }, query })).body
    const first = await page({ limit: 2 })
    const rest = await page({ limit: 2, after: first.next ?? '' })
    assert.equal(
      [...first.items, ...rest.items].map(({ id }) => id),
      given,
    )
    assert.is(rest.next, null)
    assert.is(
      (await app.callRaw(contract.listTips as Route, { params: { slug }, query: { limit: '0' } })).status,
      422,
    )
  })

  test('a part that goes back is taken off the tip, the sums and the goal; the tip stays [LIVE-08]', async (context) => {
    const { app, dj, ana, slug, tip, list, payBack } = context
    const body = { title: 'Lights', amountMinor: 9000, until: null }
    await app.as(dj).call(contract.setGoal, { params: { slug }, body })
    const id = await tip(ana, { message: 'Merci' })
    await Promise.all([payBack(id, 100), payBack(id, 150)])
    const told = await list(dj)
    assert.equal(
      [told.items[0]?.status, told.items[0]?.amountMinor, told.totals?.all, told.goal?.reachedMinor],
      ['paid', 250, { amountMinor: 250, count: 1 }, 250],
    )
    const { subject } = await payBack(id, 250)
    assert.equal(subject, { title: 'Tip for The booth', text: 'Merci', path: `/live/${slug}` })
    assert.is((await list(dj)).items[0]?.status, 'refunded')
    assert.equal((await list()).items, [])
  })

  test('a payment paid back by the label takes the tip with it [LIVE-08]', async (context) => {
    const { app, dj, ana, tip, list } = context
    const id = await tip(ana)
    const ctx = context.ctx as PluginContext<never, { payments: { refund: (...args: never[]) => unknown } }>
    const { db } = app.site.database
    const { paymentId } = await db('tips_tips').where({ id }).first()
    const wish = { actor: null }
    await db.tx(
      async (db) => void (await ctx.needs.payments.refund(db as never, paymentId as never, wish as never)),
    )
    await app.jobs.drain()
    assert.equal((await list()).items, [])
    assert.is((await list(dj)).items[0]?.status, 'refunded')
  })
}
