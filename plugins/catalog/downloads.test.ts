import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import artists from '../artists/index.ts'
import media from '../media/index.ts'
import { commands } from './commands.ts'
import * as contract from './contract.ts'
import { fileTags } from './file-tags.ts'
import catalog from './index.ts'
import type { ReleaseRow } from './releases.ts'
import { addRelease } from './testdata/kit.ts'
import { callOf, probe } from './testdata/probe.ts'
import { fileKey, matchKey, slugOf } from './text.ts'
import { getTrackRow, tracksOf } from './tracks.ts'

interface Context {
  app: TestApp
  api: contract.CatalogApi
  ann: TestAccount
  ben: TestAccount
}

for (const kind of databaseKinds) {
  const test = suite<Context>(`taking tracks away and recognising them, ${kind}`)
  test.before(async (context) => {
    const { plugin, api } = probe()
    context.app = await testApp({ kind, plugins: [media, artists, catalog, plugin] })
    context.api = api()
    context.ann = await context.app.addAccount({ roles: ['artist'] })
    context.ben = await context.app.addAccount()
  })
  test.after(({ app }) => app.close())

  test('a track is taken away where its release allows it, with all that is known of it [FILE-04]', async ({
    app,
    ann,
    ben,
  }) => {
    const { slug, trackIds } = await addRelease(app, ann, {
      tracks: [
        {
          isrc: 'FRZ032600123',
          bpm: 124.6,
          key: 'F#m',
          genres: ['Dub'],
          credits: [
            { name: 'Cy', role: 'composer' },
            { name: 'Bo', role: 'drums' },
            { name: 'Guest', role: 'featured' },
          ],
        },
        {},
      ],
      change: {
        upc: '4006381333931',
        catalogNumber: 'X 1',
        label: 'Lab',
        cLine: '2026 Lab',
        licence: 'CC BY 4.0',
        releaseDate: '2026-11-22',
      },
    })
    await app.jobs.drain()
    const [id = ''] = trackIds
    const ask = (who: TestAccount | null, format: contract.TrackInFull['downloads'][number] = 'flac') =>
      (who ? app.as(who) : app).call(contract.downloadTrack, { params: { id }, body: { format } })
    const refused = await ask(ben)
    assert.equal([refused.status, refused.problem], [403, 'catalog.no-download'])
    assert.is((await app.call(contract.getTrack, { params: { id } })).body.downloads.length, 0)
    assert.is((await ask(ann)).body.state, 'preparing')
    await app.as(ann).call(contract.updateRelease, { params: { slug }, body: { isDownloadable: true } })
    assert.is((await ask(null)).body.state, 'preparing')
    assert.is((await ask(null, 'wma' as never)).status, 422)
    const { db } = app.site.database
    const [made] = await db('media_downloads')
      .where({ format: 'flac' })
      .whereIn('asset_id', [(await getTrackRow(db, id)).assetId])
    const tags = made.tagsJson as Record<string, string | string[]>
    for (const [name, value] of Object.entries({
      TRACKNUMBER: '1',
      TRACKTOTAL: '2',
      DISCNUMBER: '1',
      ISRC: 'FRZ032600123',
      BARCODE: '4006381333931',
      CATALOGNUMBER: 'X 1',
      LABEL: 'Lab',
      COPYRIGHT: '© 2026 Lab',
      LICENSE: 'CC BY 4.0',
      BPM: '125',
      INITIALKEY: 'F#m',
      GENRE: 'Dub',
      DATE: '2026-11-22',
      REPLAYGAIN_TRACK_GAIN: '-8.00 dB',
      REPLAYGAIN_ALBUM_GAIN: '-8.00 dB',
      REPLAYGAIN_TRACK_PEAK: '0.891251',
    }))
      assert.is(tags[name], value, name)
    assert.match(String(tags.ARTIST), /^Artist \d+ feat\. Guest$/)
    assert.equal([tags.COMPOSER, tags.PERFORMER], [['Cy'], ['Bo (drums)']])
    const release = (await db('catalog_releases').where({ slug }).first()) as ReleaseRow
    const tracks = await tracksOf(db, release.id)
    const opus = fileTags({ track: tracks[0]!, release, tracks, lyrics: '', isOpus: true })
    assert.equal([opus.R128_TRACK_GAIN, opus.REPLAYGAIN_TRACK_GAIN], ['-3328', undefined])
  })

  test('tracks are recognised by ISRC, title and artist, or the name of a file [LIST-12]', async ({
    app,
    api,
    ann,
  }) => {
    const { trackIds } = await addRelease(app, ann, {
      tracks: [
        { title: 'Nachtfahrt (Original Mix)', artists: ['Jörg', 'Max'], isrc: 'DEA122400001' },
        { title: 'Same', artists: ['Double'] },
        { title: 'Same', artists: ['Double'] },
      ],
    })
    const [a = null, b = null, c = null] = trackIds
    await app.site.database
      .db('catalog_tracks')
      .where({ id: c ?? '' })
      .update({ durationMs: 240_000 })
    const none = { title: null, artist: null, album: null, isrc: null, location: null, durationMs: null }
    const found = await api.recognise(callOf(null), [
      { ...none, isrc: 'DE-A12-24-00001', title: 'Wrong' },
      { ...none, title: 'NACHTFAHRT', artist: 'Jorg, Max' },
      { ...none, title: 'Jörg - Nachtfahrt' },
      { ...none, location: 'file:///C:/Music/03%20Jörg%20-%20Nachtfahrt.mp3' },
      { ...none, location: '/x/01 - nachtfahrt (original mix).wav' },
      { ...none, title: 'same', artist: 'double', durationMs: 238_500 },
      { ...none, title: 'same', artist: 'double', durationMs: 10 },
      { ...none, title: 'Nowhere', artist: 'Nobody' },
      none,
    ])
    assert.equal(found, [a, a, a, a, a, c, b, null, null])
  })

  test('the command line lists and publishes [BEY-05]', async ({ app, ann }) => {
    const { slug, trackIds } = await addRelease(app, ann, { isDraft: true })
    const { db } = app.site.database
    const ctx = {
      db,
      needs: { media: { assetsByIds: async () => new Map(), revoke: async () => {} } },
      events: app.site.events.eventsFor('catalog'),
      audit: { record: async () => {} },
    } as never
    const run = (name: string, input: object) => {
      const command = commands.find((one) => one.name === name)
      return command?.run(command.input.parse(input) as never, ctx, {} as never) as Promise<{
        items: { slug: string; id: string }[]
        status: string
      }>
    }
    const drafts = await run('release list', { status: 'draft' })
    assert.ok(drafts.items.some((one) => one.slug === slug))
    assert.is((await run('release publish', { slug })).status, 'published')
    assert.is((await app.call(contract.getRelease, { params: { slug } })).status, 200)
    assert.is((await run('release unpublish', { slug })).status, 'draft')
    assert.ok((await run('track list', { limit: 1000 })).items.some(({ id }) => id === trackIds[0]))
    await run('release publish', { slug: 'nothing-here' }).then(
      () => assert.unreachable(),
      (error: Error) => assert.match(error.message, 'nothing-here'),
    )
  })

  test.run()
}

const text = suite('names as they are compared')
text('addresses are Latin, whatever the name is written in [BEY-05]', () => {
  for (const [name, slug] of [
    ['Ærøskøbing & Łódź', 'aeroskobing-lodz'],
    ['Кино', 'kino'],
    ['Ξυλούρης', 'xylouris'],
    ['Don’t Stop', 'dont-stop'],
    ['東京', ''],
    ['!!!', ''],
    [`${'long '.repeat(20)}`, 'long-long-long-long-long-long-long-long'],
  ] as const)
    assert.is(slugOf(name), slug)
})
text('files and titles are the same through numbers, signs and remarks [LIST-12]', () => {
  assert.is(fileKey('a/b/03 - Élan_Vital.flac'), fileKey('elan vital.mp3'))
  assert.is(fileKey('A1. Élan.wav'), fileKey('elan.aiff'))
  assert.is(fileKey('1999.mp3'), '1999')
  assert.is(matchKey('Max', 'Song (feat. Ann)'), matchKey('MAX', 'song feat. Bo'))
  assert.is.not(matchKey('Max', 'Song (Dub)'), matchKey('Max', 'Song'))
})
text.run()
