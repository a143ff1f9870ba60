import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from '#contract'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { openSettings } from './site-settings.ts'

const Tuned = z.strictObject({ size: z.number().max(10).default(1), colour: z.string().default('red') })

for (const kind of databaseKinds) {
  const test = suite<{ app: TestApp }>(`settings of a site, ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ kind, plugins: [], environment: { VEZA_PLUGINS_FIXED_SIZE: '7' } })
  })
  test.after(({ app }) => app.close())

  test('are seen once the change is committed, and not at all if it is not', async ({ app: { site } }) => {
    const { settings, database } = site
    await database.db.tx(async (db) => {
      await settings.updateSite(db, { title: 'Night Records' })
      assert.is(settings.site().title, 'Your label')
    })
    assert.is(settings.site().title, 'Night Records')
    const failed = database.db.tx(async (db) => {
      await settings.updateSite(db, { title: 'Never' })
      await settings.updatePlugin(db, 'tuned', Tuned, { size: 9 })
      throw new Error('no')
    })
    await failed.catch(() => undefined)
    assert.equal([settings.site().title, settings.plugin('tuned', Tuned).size], ['Night Records', 1])
    assert.throws(() => settings.plugin('tuned', Tuned.extend({ needed: z.string() })), /plugins\.tuned/)
  })

  test('of plugins are kept in part, checked whole, and below file and environment', async ({
    app: { site },
  }) => {
    const { settings, database } = site
    await database.db.tx((db) => settings.updatePlugin(db, 'tuned', Tuned, { size: 3 }))
    await database.db.tx((db) => settings.updatePlugin(db, 'tuned', Tuned, { colour: 'blue' }))
    assert.equal(settings.plugin('tuned', Tuned), { size: 3, colour: 'blue' })
    assert.equal(settings.plugin('fixed', Tuned), { size: 7, colour: 'red' })
    for (const wrong of [{ size: 11 }, { size: 'big' }, { weight: 1 }]) {
      const refused = database.db.tx((db) => settings.updatePlugin(db, 'tuned', Tuned, wrong))
      assert.match(String(await refused.catch((error: Error) => error.message)), /plugins\.tuned/)
    }
    assert.equal(settings.plugin('tuned', Tuned), { size: 3, colour: 'blue' })
  })

  test('follow what another process stored; damage is one sentence', async ({ app: { site, appliance } }) => {
    const { db } = site.database
    const loaded = { config: { plugins: {} }, environment: {} } as never
    const elsewhere = await openSettings(db, loaded)
    await db.tx((db) => site.settings.updateSite(db, { description: 'Changed here' }))
    assert.is(elsewhere.site().description, '')
    await elsewhere.reload()
    assert.is(elsewhere.site().description, 'Changed here')
    await db('settings').where({ key: 'site' }).update({ valueJson: '{"title":5}' })
    const refused = await elsewhere.reload().catch((error: Error) => error.message)
    assert.match(String(refused), 'settings of the site are damaged')
    assert.is(elsewhere.site().description, 'Changed here', 'what was good is kept')
    assert.is(appliance.sites.length, 1)
  })

  test.run()
}
