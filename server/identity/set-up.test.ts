import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, identity } from '#contract'
import { testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { setUpToken } from './set-up.ts'

const body = (token: string, n = 0) => ({
  token,
  email: `owner${n}@label.test`,
  username: `owner${n}`,
  password: 'a long enough password',
})

for (const kind of databaseKinds) {
  const test = suite(`set-up on ${kind}`)

  test('the link makes one owner, however many use it at once', async () => {
    const app = await testApp({ kind, plugins: [] })
    const { database, keyring } = app.site
    const { db } = database
    const token = (await setUpToken(db, keyring)) ?? ''
    assert.is(await setUpToken(db, keyring), token, 'the link stays the same until it is used')
    assert.is((await app.call(admin.site)).body.isSetUp, false)
    const state = async (query: { token?: string }) => (await app.call(identity.setUpState, { query })).body
    assert.equal(await state({ token }), { isDone: false, isTokenGood: true })
    for (const wrong of ['', 'x', `${token}x`, token.toLowerCase()])
      assert.equal(await state({ token: wrong }), { isDone: false, isTokenGood: false })
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        app.call(identity.setUp, { body: { ...body(token, n), title: `Label ${n}` } }),
      ),
    )
    const won = all.filter(({ status }) => status === 200)
    assert.is(won.length, 1)
    const lost = all.filter(({ status }) => status !== 200).map(({ problem }) => problem)
    for (const problem of lost)
      assert.ok(['identity.bad-set-up-link', 'identity.set-up-done'].includes(problem ?? ''), String(problem))
    assert.equal(won[0]?.body.account.roles, ['owner'])
    assert.ok(won[0]?.body.account.permissions.includes('server.administer'))
    assert.is((await db('accounts')).length, 1)
    const { title, isSetUp } = (await app.call(admin.site)).body
    assert.equal([title, isSetUp], [`Label ${won[0]?.body.account.username.slice(5)}`, true])
    assert.equal(await state({ token }), { isDone: true, isTokenGood: false })
    assert.is(await setUpToken(db, keyring), null)
    await app.close()
  })

  test('a wrong link makes nothing, and a failed attempt does not spend the link', async () => {
    const app = await testApp({ kind, plugins: [] })
    const token = (await setUpToken(app.site.database.db, app.site.keyring)) ?? ''
    assert.is(
      (await app.call(identity.setUp, { body: body('a-wrong-token') })).problem,
      'identity.bad-set-up-link',
    )
    await app.addAccount({ username: 'owner0' })
    assert.is((await app.call(identity.setUp, { body: body(token) })).problem, 'identity.taken')
    assert.is((await app.call(identity.setUp, { body: body(token, 1) })).status, 200)
    assert.is((await app.call(identity.setUp, { body: body(token, 2) })).problem, 'identity.set-up-done')
    await app.close()
  })

  test.run()
}
