import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import * as artistsContract from '../artists/contract.ts'
import artists from '../artists/index.ts'
import media from '../media/index.ts'
import * as contract from './contract.ts'
import catalog from './index.ts'
import { addAsset, addRelease } from './testdata/kit.ts'

interface Context {
  app: TestApp
  owner: TestAccount
  ann: TestAccount
  ben: TestAccount
}
let count = 0

for (const kind of databaseKinds) {
  const test = suite<Context>(`releases on ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ kind, plugins: [media, artists, catalog] })
    context.owner = await context.app.addAccount({ roles: ['owner'] })
  })
  test.before.each(async (context) => {
    context.ann = await context.app.addAccount({ roles: ['artist'] })
    context.ben = await context.app.addAccount()
  })
  test.after(({ app }) => app.close())

  test('files become drafts by folder, batch and album, with what their tags say [FILE-04] [FILE-05]', async ({
    app,
    ann,
  }) => {
    const tags = {
      album: 'Дом',
      artists: ['Ö Häuser'],
      releaseDate: '2024-03',
      genres: ['Techno'],
      label: 'Rote Erde',
      catalogNumber: 'RE 7',
      upc: '4006381333931',
      isrc: 'DEA122400001',
      bpm: 128,
      key: 'F#m',
      lyrics: 'La la',
      credits: [
        { name: 'Cy', role: 'composer' },
        { name: 'Guest', role: 'featured' },
      ],
    }
    const [two, one] = [
      await addAsset(
        app,
        ann,
        { ...tags, title: 'Zwei', trackNumber: 2 },
        { batch: 'b', relativePath: 'x/CD1/02.flac' },
      ),
      await addAsset(
        app,
        ann,
        { ...tags, title: 'Eins', trackNumber: 1 },
        { batch: 'b', relativePath: 'x/CD2/01.flac' },
      ),
    ]
    const loose = await addAsset(app, ann, { title: 'Alone', artists: ['Solo'] })
    const { status, body } = await app
      .as(ann)
      .call(contract.createDrafts, { body: { assetIds: [two, one, loose] } })
    assert.is(status, 200, JSON.stringify(body))
    assert.equal(
      body.releases.map(({ title, kind: form, trackCount, status: state }) => [
        title,
        form,
        trackCount,
        state,
      ]),
      [
        ['Дом', 'ep', 2, 'draft'],
        ['Alone', 'single', 1, 'draft'],
      ],
    )
    const [album, single] = body.releases
    assert.match(album?.slug ?? '', /^o-hauser-dom(-\d+)?$/)
    assert.match(single?.slug ?? '', /^solo-alone(-\d+)?$/)
    const params = { slug: album?.slug ?? '' }
    const release = (await app.as(ann).call(contract.getRelease, { params })).body
    assert.equal(
      [release.label, release.catalogNumber, release.upc, release.genre, release.releaseDate, release.pLine],
      ['Rote Erde', 'RE 7', '4006381333931', 'Techno', '2024-03', '2024 Rote Erde'],
    )
    const tracks = (await app.as(ann).call(contract.listReleaseTracks, { params })).body.items
    assert.equal(
      tracks.map((track) => [
        track.discNumber,
        track.trackNumber,
        track.title,
        track.isrc,
        track.bpm,
        track.key,
      ]),
      [
        [1, 2, 'Zwei', 'DEA122400001', 128, 'F#m'],
        [2, 1, 'Eins', 'DEA122400001', 128, 'F#m'],
      ],
    )
    assert.equal(
      tracks[0]?.artists.map(({ name, role }) => [name, role]),
      [
        ['Ö Häuser', 'main'],
        ['Guest', 'featured'],
      ],
    )
    const full = (await app.as(ann).call(contract.getTrack, { params: { id: tracks[0]?.id ?? '' } })).body
    assert.is(full.lyrics, 'La la')
    assert.ok(full.credits.some(({ name, role }) => name === 'Cy' && role === 'composer'))
  })

  test('compilations are told from albums, and slugs from each other [FILE-05]', async ({ app, ann }) => {
    const make = async (artistsOf: string[][], album: string) => {
      const assetIds = []
      for (const [at, names] of artistsOf.entries())
        assetIds.push(await addAsset(app, ann, { title: `T${at}`, artists: names, album }))
      const { body } = await app.as(ann).call(contract.createDrafts, { body: { assetIds } })
      return body.releases[0] as contract.ReleaseCard
    }
    const name = `Same ${++count}`
    const [mixed, one, again] = [
      await make([['A'], ['B'], ['C']], name),
      await make([['A', 'B'], ['A']], name),
      await make([['A', 'B'], ['A']], name),
    ]
    assert.equal(
      [mixed.kind, mixed.artists.map((artist) => artist.name)],
      ['compilation', ['Various Artists']],
    )
    assert.equal(
      one.artists.map((artist) => artist.name),
      ['A'],
    )
    assert.is(again.slug, `${one.slug}-2`)
    const many = await Promise.all(Array.from({ length: 5 }, () => make([['A']], name)))
    assert.is(new Set(many.map(({ slug }) => slug)).size, 5)
  })

  test('only files of one’s own that no track has are taken [FILE-05]', async ({ app, owner, ann, ben }) => {
    const mine = await addAsset(app, ann, { title: 'Mine' })
    const theirs = await addAsset(app, ben, { title: 'Theirs' })
    const create = (who: TestAccount, assetIds: string[]) =>
      app.as(who).call(contract.createDrafts, { body: { assetIds } })
    const refused = await create(ann, [mine, theirs])
    assert.equal([refused.status, refused.problem], [422, 'catalog.unknown-file'])
    assert.is((await create(ben, [theirs])).status, 403)
    assert.is((await create(ann, [mine])).status, 200)
    const twice = await create(ann, [mine])
    assert.is(twice.problem, 'catalog.unknown-file')
    assert.match(JSON.stringify(twice.body), 'Mine.flac')
    assert.is((await create(owner, [theirs])).status, 200)
    const early = await addAsset(app, ann, { title: 'Early' }, { state: 'inspecting' })
    assert.is((await create(ann, [early])).problem, 'catalog.not-ready')
    const failed = await addAsset(app, ann, { title: 'Bad' }, { state: 'failed' })
    assert.is((await create(ann, [failed])).problem, 'catalog.unknown-file')
    const race = await addAsset(app, ann, { title: 'Race' })
    const both = await Promise.all([create(ann, [race]), create(ann, [race])])
    assert.equal(both.map(({ status }) => status).sort(), [200, 422])
  })

  test('a release is begun, changed and refused as its editors may [FILE-05]', async ({
    app,
    owner,
    ann,
    ben,
  }) => {
    const title = `Begun ${++count}`
    const made = await app.as(ann).call(contract.createRelease, {
      body: { title, credits: [{ name: 'Ann', role: 'main' }] },
    })
    assert.is(made.status, 200, JSON.stringify(made.body))
    const { slug } = made.body
    assert.equal([made.body.status, made.body.visibility, made.body.trackCount], ['draft', 'public', 0])
    const change = (who: TestAccount, body: unknown, to = slug) =>
      app.as(who).callRaw(contract.updateRelease as never, { params: { slug: to }, body })
    assert.is((await change(ann, { upc: '4006381333932' })).status, 422)
    assert.is((await change(ann, { upc: '4006381 333931', tags: ['a', 'a'], genre: 'Dub' })).status, 200)
    assert.is((await change(ben, { title: 'Mine now' })).status, 404)
    assert.is((await change(owner, { releaseDate: '2026-02-30x' })).status, 422)
    const other = await addRelease(app, ann)
    assert.is((await change(ann, { slug: other.slug })).problem, 'catalog.slug-taken')
    const more = [other.slug, (await addRelease(app, ann)).slug, (await addRelease(app, ann)).slug]
    const wanted = `wanted-${++count}`
    const moves = await Promise.all(more.map((from) => change(ann, { slug: wanted }, from)))
    assert.equal(moves.map(({ status, problem }) => problem ?? status).sort(), [
      200,
      ...['catalog.slug-taken', 'catalog.slug-taken'],
    ])
    const moved = (await change(ann, { slug: `${slug}-new` })).body as contract.Release
    assert.equal([moved.slug, moved.tags, moved.upc], [`${slug}-new`, ['a'], '4006381333931'])
    assert.is((await app.as(ann).call(contract.getRelease, { params: { slug } })).status, 404)
    assert.is((await change(ben, { title: 'Mine now' }, wanted)).status, 403)
    assert.is((await app.call(contract.createRelease, { body: { title } })).status, 401)
    assert.is((await app.as(ben).call(contract.createRelease, { body: { title } })).status, 403)
  })

  test('who looks after a main artist’s page edits the release, too [FILE-05]', async ({
    app,
    owner,
    ann,
    ben,
  }) => {
    const slug = `page-${++count}-${kind}`
    await app
      .as(owner)
      .call(artistsContract.createArtist, { body: { slug, name: `Page ${count}`, isListed: true } })
    await app
      .as(owner)
      .call(artistsContract.addManager, { params: { slug }, body: { username: ben.username } })
    const credits = [{ name: `PAGE ${count}`, role: 'main' }]
    const release = await addRelease(app, ann, { isDraft: true, change: { credits } })
    const params = { slug: release.slug }
    const seen = await app.as(ben).call(contract.getRelease, { params })
    assert.equal([seen.body.can, seen.body.artists[0]?.slug], [{ edit: true, publish: false }, slug])
    assert.is(
      (await app.as(ben).call(contract.updateRelease, { params, body: { genre: 'Ambient' } })).status,
      200,
    )
    const mine = await app.as(ben).call(contract.listReleases, { query: { whose: 'mine' } })
    assert.equal(
      mine.body.items.map(({ id }) => id),
      [release.id],
    )
    const tracks = await app.as(ben).call(contract.listTracks, { query: { whose: 'mine' } })
    assert.equal(
      tracks.body.items.map(({ id }) => id),
      release.trackIds,
    )
    assert.is((await app.as(ben).call(contract.publishRelease, { params, body: { at: null } })).status, 403)
    assert.is((await app.call(contract.listReleases, { query: { whose: 'mine' } })).status, 401)
  })

  test('what is missing is said before a release is published [BEY-05]', async ({ app, ann }) => {
    const made = await app.as(ann).call(contract.createRelease, { body: { title: `Empty ${++count}` } })
    const params = { slug: made.body.slug }
    const publish = () => app.as(ann).call(contract.publishRelease, { params, body: { at: null } })
    const empty = await publish()
    assert.is(empty.problem, 'catalog.not-publishable')
    const pointersOf = (answer: { body: unknown }) =>
      (answer.body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer.split('/')[1])
    assert.equal(pointersOf(empty), ['credits', 'tracks'])
    const asset = await addAsset(app, ann, { title: 'Slow', artists: ['X'] }, { state: 'processing' })
    await app.as(ann).call(contract.addTracks, { params, body: { assetIds: [asset] } })
    await app
      .as(ann)
      .call(contract.updateRelease, { params, body: { credits: [{ name: 'X', role: 'main' }] } })
    assert.equal(pointersOf(await publish()), ['tracks'])
    await app.site.database.db('media_assets').where({ id: asset }).update({ state: 'ready' })
    const done = await publish()
    assert.equal([done.status, done.body.status, done.body.durationMs], [200, 'published', 180_000])
    assert.ok(done.body.publishedAt)
    assert.is((await app.call(contract.getRelease, { params })).status, 200)
    const undone = await app.as(ann).call(contract.unpublishRelease, { params })
    assert.is(undone.body.status, 'draft')
    assert.is((await app.call(contract.getRelease, { params })).status, 404)
  })

  test('a release of a time to come is published once, when it is due [BEY-05]', async ({ app, ann }) => {
    const release = await addRelease(app, ann, { isDraft: true })
    const params = { slug: release.slug }
    const at = new Date(Date.now() + 3_600_000).toISOString()
    const far = new Date(Date.now() + 20 * 365 * 86_400_000).toISOString()
    const publish = (when: string) =>
      app.as(ann).call(contract.publishRelease, { params, body: { at: when } })
    assert.is((await publish(far)).status, 422)
    const scheduled = await publish(at)
    assert.equal([scheduled.body.status, scheduled.body.publishAt], ['scheduled', at])
    assert.is((await app.call(contract.getRelease, { params })).status, 404)
    const { db } = app.site.database
    const events = async () =>
      (await db('audit_entries').where({ subject: release.id, action: 'catalog.release-published' })).length
    const tend = async () => {
      await app.site.jobs.jobsFor('catalog').enqueue(db, contract.tendCatalog, {})
      await app.jobs.drain()
    }
    await tend()
    assert.is(await events(), 0)
    await db('catalog_releases').where({ id: release.id }).update({ publishAt: '2020-01-01T00:00:00.000Z' })
    await Promise.all([tend(), tend()])
    await tend()
    assert.is(await events(), 1)
    assert.is((await app.call(contract.getRelease, { params })).body.status, 'published')
  })

  test.run()
}
