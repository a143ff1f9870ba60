import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
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
  const test = suite<Context>(`tracks on ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ kind, plugins: [media, artists, catalog] })
    context.owner = await context.app.addAccount({ roles: ['owner'] })
    context.ann = await context.app.addAccount({ roles: ['artist'] })
    context.ben = await context.app.addAccount()
  })
  test.after(({ app }) => app.close())
  const audience = async ({ app }: Context) =>
    (await app.site.database.db('media_assets').select('id', 'epoch')) as {
      id: string
      epoch: number
    }[]
  const epochOf = async (context: Context, id: string) =>
    (await audience(context)).find((row) => row.id === id)?.epoch ?? -1

  test('tracks are changed alike: all of them, or none [FILE-05]', async ({ app, ann, ben, owner }) => {
    const mine = await addRelease(app, ann, { tracks: [{}, {}, {}] })
    const theirs = await addRelease(app, owner)
    const change = (who: TestAccount, ids: string[], body: contract.TrackChange) =>
      app.as(who).call(contract.updateTracks, { body: { ids, change: body } })
    const words = {
      genre: 'Dub Techno',
      tags: ['deep', 'deep', 'night'],
      bpm: 122.5,
      key: 'Bb',
      credits: [
        { name: 'One', role: 'main' },
        { name: 'Two', role: 'Remixer' },
      ],
      lyrics: 'Oh',
    }
    const refused = await change(ann, [...mine.trackIds, ...theirs.trackIds], words)
    assert.is(refused.status, 403)
    assert.is((await change(ann, [...mine.trackIds, newId()], words)).status, 404)
    assert.is((await change(ben, mine.trackIds, words)).status, 403)
    assert.is((await change(ann, mine.trackIds, { bpm: 4 })).status, 422)
    const before = await app.call(contract.getTrack, { params: { id: mine.trackIds[0] ?? '' } })
    assert.is(before.body.genre, '')
    const { status, body } = await change(ann, mine.trackIds, words)
    assert.is(status, 200, JSON.stringify(body))
    assert.equal(
      body.items.map(({ id }) => id),
      mine.trackIds,
    )
    for (const track of body.items)
      assert.equal(
        [track.genre, track.tags, track.bpm, track.key, track.artists.map(({ name }) => name)],
        ['Dub Techno', ['deep', 'night'], 122.5, 'Bb', ['One']],
      )
    const full = await app.call(contract.getTrack, { params: { id: mine.trackIds[2] ?? '' } })
    assert.equal([full.body.lyrics, full.body.credits[1]?.role], ['Oh', 'remixer'])
    const params = { id: mine.trackIds[0] ?? '' }
    const one = await app
      .as(ann)
      .call(contract.updateTrack, { params, body: { title: 'Ünique', isrc: 'fr-z03-26-00123' } })
    assert.equal(
      [one.body.title, one.body.isrc, one.body.genre, one.body.lyrics],
      ['Ünique', 'FRZ032600123', 'Dub Techno', 'Oh'],
    )
    assert.is((await app.as(ben).call(contract.updateTrack, { params, body: { title: 'x' } })).status, 403)
    assert.is((await app.call(contract.updateTrack, { params, body: { title: 'x' } })).status, 401)
    assert.is((await app.as(ann).call(contract.updateTrack, { params, body: { isrc: 'x' } })).status, 422)
  })

  test('tracks are found by words, artist, genre, tag, key and tempo, in any order [BEY-05]', async ({
    app,
    ann,
  }) => {
    const mark = `zq${++count}${kind.slice(0, 2)}`
    const release = await addRelease(app, ann, {
      tracks: [
        {
          title: `Élan ${mark}a`,
          bpm: 120,
          key: 'Am',
          genres: [mark],
          tags: ['one'],
          artists: [`Élise ${mark}`],
        },
        { title: `Drift ${mark}b`, bpm: 128, key: 'C', genres: [mark], artists: [`Élise ${mark}`] },
        { title: `A Drift ${mark}c`, key: 'Am', genres: ['Other'], artists: [`Max ${mark}`] },
      ],
    })
    const [a, b, c] = release.trackIds
    const find = async (query: Record<string, string | number>) =>
      (await app.call(contract.listTracks, { query })).body.items.map(({ id }) => id)
    assert.equal(await find({ q: `elan ${mark}` }), [a])
    assert.equal(await find({ q: `${mark} ÉLIS`, sort: 'oldest' }), [a, b])
    assert.equal(await find({ q: mark, sort: 'title' }), [c, b, a])
    assert.equal(await find({ q: `${mark} nothinglikeit` }), [])
    assert.equal(await find({ q: '%_' }), [])
    assert.equal(await find({ genre: mark.toUpperCase(), sort: 'oldest' }), [a, b])
    assert.equal(await find({ artist: `ÉLISE ${mark}`, sort: 'newest' }), [b, a])
    assert.equal(await find({ q: mark, tag: 'ONE' }), [a])
    assert.equal(await find({ q: mark, key: 'Am', sort: 'oldest' }), [a, c])
    assert.equal(await find({ q: mark, bpmFrom: 125, bpmTo: 130 }), [b])
    assert.equal(await find({ q: mark, sort: 'bpm' }), [a, b, c])
    assert.equal(await find({ ids: [c, newId(), a].join(',') }), [c, a])
    assert.is((await app.call(contract.listTracks, { query: { ids: 'x' } })).status, 422)
    const pages: string[] = []
    let after: string | undefined
    do {
      const query = { q: mark, sort: 'title', limit: 1, ...(after && { after }) }
      const { body } = await app.call(contract.listTracks, { query })
      pages.push(...body.items.map(({ id }) => id))
      after = body.next ?? undefined
    } while (after)
    assert.equal(pages, [c, b, a])
    const names = await app.call(contract.listCatalogArtists, { query: { q: mark } })
    assert.equal(
      names.body.items.map(({ name, trackCount }) => [name, trackCount]),
      [
        [`Élise ${mark}`, 2],
        [`Max ${mark}`, 1],
      ],
    )
    const second = await app.call(contract.listCatalogArtists, {
      query: { q: mark, after: `Élise ${mark}`, genre: 'other' },
    })
    assert.equal(
      second.body.items.map(({ name }) => name),
      [`Max ${mark}`],
    )
    const releases = await app.call(contract.listReleases, {
      query: { q: `Album ${release.artist.split(' ')[1]}`, artist: `Élise ${mark}` },
    })
    assert.equal(releases.body.items, [])
    assert.is((await app.call(contract.listGenres)).status, 200)
  })

  test('the order of a release names each of its tracks once [FILE-05]', async ({ app, ann, ben }) => {
    const { slug, trackIds } = await addRelease(app, ann, { tracks: [{}, {}, {}] })
    const [a = '', b = '', c = ''] = trackIds
    const params = { slug }
    const order = (who: TestAccount, ids: [string, number][]) =>
      app.as(who).call(contract.orderTracks, {
        params,
        body: { items: ids.map(([id, discNumber]) => ({ id, discNumber })) },
      })
    for (const wrong of [
      [[a, 1]],
      [
        [a, 1],
        [b, 1],
        [b, 1],
      ],
      [
        [a, 1],
        [b, 1],
        [newId(), 1],
      ],
    ] as [string, number][][])
      assert.is((await order(ann, wrong)).problem, 'catalog.wrong-order')
    assert.is((await order(ben, [[a, 1]])).status, 403)
    const { body } = await order(ann, [
      [c, 1],
      [a, 2],
      [b, 2],
    ])
    assert.equal(
      body.items.map(({ id, discNumber, trackNumber }) => [id, discNumber, trackNumber]),
      [
        [c, 1, 1],
        [a, 2, 1],
        [b, 2, 2],
      ],
    )
    const more = await addAsset(app, ann, { title: 'More', artists: ['X'] })
    const added = await app.as(ann).call(contract.addTracks, { params, body: { assetIds: [more] } })
    assert.equal(added.body.items.map((track) => [track.discNumber, track.trackNumber]).at(-1), [2, 3])
    assert.is(
      (await app.as(ben).call(contract.addTracks, { params, body: { assetIds: [more] } })).status,
      403,
    )
  })

  test('another file plays from now on, and a former one again [FILE-09]', async (context) => {
    const { app, ann, ben } = context
    const { trackIds, assetIds } = await addRelease(app, ann)
    const params = { id: trackIds[0] ?? '' }
    const first = assetIds[0] ?? ''
    const better = await addAsset(app, ann, { title: 'Better' }, { durationMs: 200_000, loudnessLufs: -14 })
    assert.is(
      (await app.as(ben).call(contract.replaceAudio, { params, body: { assetId: better } })).status,
      403,
    )
    const replaced = await app.as(ann).call(contract.replaceAudio, { params, body: { assetId: better } })
    assert.equal(
      [replaced.body.id, replaced.body.durationMs, replaced.body.loudnessLufs],
      [params.id, 200_000, -14],
    )
    assert.is(await epochOf(context, first), 1)
    assert.is(
      (await app.as(ann).call(contract.replaceAudio, { params, body: { assetId: better } })).problem,
      'catalog.unknown-file',
    )
    const { items } = (await app.as(ann).call(contract.listVersions, { params })).body
    assert.equal(
      items.map(({ assetId, isCurrent }) => [assetId, isCurrent]),
      [
        [better, true],
        [first, false],
      ],
    )
    assert.is((await app.as(ben).call(contract.listVersions, { params })).status, 403)
    const versionId = items[1]?.id ?? ''
    const back = await app.as(ann).call(contract.restoreVersion, { params: { ...params, versionId } })
    assert.equal([back.status, back.body.durationMs], [200, 180_000])
    assert.is(
      (await app.as(ann).call(contract.restoreVersion, { params: { ...params, versionId: newId() } })).status,
      404,
    )
    assert.is(
      (await app.as(ben).call(contract.restoreVersion, { params: { ...params, versionId } })).status,
      403,
    )
    const held = await app.site.database.db('media_holds').where({ holder: `catalog.track:${params.id}` })
    assert.equal(held.map((row: { assetId: string }) => row.assetId).sort(), [first, better].sort())
  })

  test('loudness of a release comes of its tracks; gains go to -18 LUFS [FILE-08] [LIST-21]', async ({
    app,
    ann,
  }) => {
    const { slug, trackIds } = await addRelease(app, ann, { tracks: [{}, {}] })
    await app.jobs.drain()
    const params = { slug }
    const release = (await app.call(contract.getRelease, { params })).body
    assert.is(release.loudnessLufs, -10)
    const [track] = (await app.call(contract.listReleaseTracks, { params })).body.items
    assert.equal(track?.gain, { trackDb: -8, albumDb: -8, albumPeakDbtp: -1 })
    const slow = await addAsset(
      app,
      ann,
      { title: 'Slow' },
      { state: 'processing', durationMs: null, loudnessLufs: null, playableJson: null },
    )
    const id = trackIds[0] ?? ''
    await app.as(ann).call(contract.replaceAudio, { params: { id }, body: { assetId: slow } })
    const waiting = (await app.call(contract.getTrack, { params: { id } })).body
    assert.equal([waiting.playback, waiting.durationMs, waiting.gain.trackDb], [null, 0, null])
    const { db } = app.site.database
    await db('media_assets').where({ id: slow }).update({
      state: 'ready',
      durationMs: 90_000,
      loudnessLufs: -20,
      momentaryJson: '[[-200,1000]]',
      shortTermJson: '[[-200,1000]]',
    })
    await app.site.events
      .eventsFor('media')
      .emit(db, (await import('../media/contract.ts')).assetReady, { assetId: slow })
    await app.jobs.drain()
    const after = (await app.call(contract.getRelease, { params })).body
    assert.equal([after.durationMs, after.trackCount], [270_000, 2])
    assert.ok((after.loudnessLufs ?? 0) < -10 && (after.loudnessLufs ?? 0) > -20)
    assert.is((await app.call(contract.getTrack, { params: { id } })).body.gain.trackDb, 2)
  })

  test.run()
}
