import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import { newId } from '#sdk'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import artists from '../artists/index.ts'
import media from '../media/index.ts'
import * as contract from './contract.ts'
import catalog from './index.ts'
import { addRelease } from './testdata/kit.ts'
import { emptyTrash } from './trash.ts'

interface Context {
  app: TestApp
  owner: TestAccount
  ann: TestAccount
  ben: TestAccount
}

for (const kind of databaseKinds) {
  const test = suite<Context>(`trash, favourites and people who leave on ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ kind, plugins: [media, artists, catalog] })
    context.owner = await context.app.addAccount({ roles: ['owner'] })
    context.ann = await context.app.addAccount({ roles: ['artist'] })
    context.ben = await context.app.addAccount()
  })
  test.after(({ app }) => app.close())

  test('what is thrown away comes back as it was, or goes for good [FILE-10]', async (context) => {
    const { app, ann, ben } = context
    const release = await addRelease(app, ann, { tracks: [{}, {}] })
    const other = await addRelease(app, ann)
    const [a = '', b = ''] = release.trackIds
    const get = async (id: string) => (await app.as(ann).call(contract.getTrack, { params: { id } })).status
    assert.is((await app.as(ben).call(contract.trashTrack, { params: { id: a } })).status, 403)
    assert.is((await app.as(ann).call(contract.trashTrack, { params: { id: a } })).status, 204)
    assert.equal([await get(a), await get(b)], [404, 200])
    assert.is((await app.call(contract.getRelease, { params: { slug: release.slug } })).body.trackCount, 1)
    await app.as(ann).call(contract.trashRelease, { params: { slug: other.slug } })
    assert.is((await app.as(ann).call(contract.getRelease, { params: { slug: other.slug } })).status, 404)
    assert.equal([await get(other.trackIds[0] ?? '')], [404])
    const shown = async (who: TestAccount) =>
      (await app.as(who).call(contract.listTrash)).body.items.map(({ id, kind: what, sizeBytes }) => [
        id,
        what,
        sizeBytes,
      ])
    assert.equal(await shown(ann), [
      [other.id, 'release', 1000],
      [a, 'track', 1000],
    ])
    assert.equal(await shown(ben), [])
    assert.is((await app.as(ben).call(contract.restoreTrash, { params: { id: a } })).status, 404)
    assert.is((await app.as(ben).call(contract.removeTrash, { params: { id: a } })).status, 404)
    assert.is((await app.as(ann).call(contract.removeTrash, { params: { id: b } })).status, 404)
    for (const id of [a, other.id])
      assert.is((await app.as(ann).call(contract.restoreTrash, { params: { id } })).status, 204)
    assert.equal([await get(a), await get(other.trackIds[0] ?? '')], [200, 200])
    assert.is(
      (await app.call(contract.listTracks, { query: { q: release.artist, limit: 100 } })).body.items.some(
        ({ id }) => id === a,
      ),
      true,
    )
    await app.as(ann).call(contract.trashRelease, { params: { slug: release.slug } })
    assert.is((await app.as(ann).call(contract.removeTrash, { params: { id: release.id } })).status, 204)
    const { db } = app.site.database
    for (const [table, column] of [
      ['catalog_tracks', 'id'],
      ['catalog_words', 'track_id'],
      ['catalog_credits', 'subject_id'],
      ['catalog_versions', 'track_id'],
    ] as const)
      assert.equal(await db(table).whereIn(column, release.trackIds), [], table)
    assert.equal(await db('media_holds').whereIn('asset_id', release.assetIds), [])
    await app.jobs.drain()
    assert.equal(await db('media_assets').whereIn('id', release.assetIds), [], 'their room is free')
    assert.is(
      (await db('media_assets').whereIn('id', other.assetIds)).length,
      1,
      'what is in the trash stays',
    )
    await app.as(ann).call(contract.trashRelease, { params: { slug: other.slug } })
    const ctx = { db, settings: { get: () => ({ trashDays: 30 }) } } as never
    await emptyTrash(ctx, Date.now() + 29 * 86_400_000)
    assert.is((await shown(ann)).length, 1)
  })

  test('favourites and stars are each listener’s own [LIST-25]', async ({ app, ann, ben }) => {
    const { trackIds } = await addRelease(app, ann, { tracks: [{}, {}] })
    const params = { id: trackIds[0] ?? '' }
    assert.is((await app.call(contract.setFavourite, { params, body: { isFavourite: true } })).status, 401)
    await app.as(ben).call(contract.setFavourite, { params, body: { isFavourite: true } })
    await app.as(ben).call(contract.setStars, { params, body: { stars: 4 } })
    assert.is((await app.as(ben).call(contract.setStars, { params, body: { stars: 6 } })).status, 422)
    assert.is(
      (await app.as(ben).call(contract.setStars, { params: { id: newId() }, body: { stars: 1 } })).status,
      404,
    )
    const mine = async (who: TestAccount) => (await app.as(who).call(contract.getTrack, { params })).body.mine
    assert.equal(
      [await mine(ben), await mine(ann)],
      [
        { isFavourite: true, stars: 4 },
        { isFavourite: false, stars: null },
      ],
    )
    assert.is((await app.call(contract.getTrack, { params })).body.mine, null)
    const favourites = async (who: TestAccount) =>
      (await app.as(who).call(contract.listTracks, { query: { isFavourite: 'true' } })).body.items.map(
        ({ id }) => id,
      )
    assert.equal([await favourites(ben), await favourites(ann)], [[params.id], []])
    await app.as(ben).call(contract.setFavourite, { params, body: { isFavourite: false } })
    await app.as(ben).call(contract.setStars, { params, body: { stars: null } })
    assert.equal([await favourites(ben), await mine(ben)], [[], { isFavourite: false, stars: null }])
  })

  test('marks go with their account, releases stay the label’s [PROF-10]', async ({
    app,
    owner,
    ann,
    ben,
  }) => {
    const release = await addRelease(app, ann)
    const [id = ''] = release.trackIds
    await app.as(ben).call(contract.setFavourite, { params: { id }, body: { isFavourite: true } })
    const { db } = app.site.database
    const gone = (accountId: string) =>
      app.site.events.eventsFor('server').emit(db, identity.accountDeleted, { accountId })
    await gone(ben.id)
    await gone(ann.id)
    await app.jobs.drain()
    assert.equal(await db('catalog_marks').where({ accountId: ben.id }), [])
    const params = { slug: release.slug }
    assert.is((await app.as(ann).call(contract.getRelease, { params })).body.can.edit, false)
    assert.is((await app.as(owner).call(contract.getRelease, { params })).body.can.edit, true)
  })

  test.run()
}
