import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isoTime } from '#sdk'
import { databaseKinds } from '../../../test/kit/databases.ts'
import { mediaOrphans } from '../../../test/kit/orphans.ts'
import { more, textOf } from './report.ts'
import { type ImportApp, importApp } from './testdata/kit.ts'
import { closeTree, makeSound, makeTree, retagFile, snapshotOf } from './testdata/tree.ts'

const jsonOf = (result: object) => JSON.parse(JSON.stringify(result)) as unknown
const orphansOf = ({ app }: ImportApp) =>
  mediaOrphans({ db: app.site.database.db, storage: app.site.storage })

for (const kind of databaseKinds) {
  const test = suite<ImportApp>(`importing a folder on ${kind}`)
  test.before(async (context) => {
    Object.assign(context, await importApp({ kind }))
    await makeTree(context.folder)
  })
  test.after(async ({ folder, close }) => {
    await closeTree(folder, true)
    await close()
  })

  test('a dry run tells what would happen and writes nothing [FILE-10]', async (context) => {
    const { run, ctx, releases } = context
    const result = await run({ isDry: true })
    assert.equal([result.found, result.imported, result.known], [8, 8, 0])
    assert.is(result[more].releases, 5)
    assert.match(textOf(result), /8 would be imported/)
    assert.equal(await releases(), [])
    assert.equal(await ctx.db('catalog_import_files'), [])
    assert.equal(await ctx.db('media_assets'), [])
    assert.equal(await ctx.db('catalog_import_leases'), [])
  })

  test('a tree comes out complete: releases, discs, compilation, artists, covers, pages; and its files are untouched [FILE-10] [FILE-04]', async (context) => {
    const { run, ctx, folder, releases, tracks, app } = context
    await closeTree(folder, false)
    const before = await snapshotOf(folder)
    const result = await run({ waits: true, label: 'Own Label' })
    assert.equal(jsonOf(result), { found: 8, imported: 8, known: 0, skipped: [] })
    assert.equal(await snapshotOf(folder), before)
    const rows = await releases()
    assert.equal(
      rows.map(({ title, kind, status, visibility, label, creditsJson, trackCount }) => [
        title,
        kind,
        status,
        visibility,
        label,
        creditsJson.map(({ name }) => name).join(),
        trackCount,
      ]),
      [
        ['Double', 'ep', 'published', 'public', 'Own Label', 'Ann', 2],
        ['First', 'ep', 'published', 'public', 'Own Label', 'Ann', 2],
        ['“Vespertine”', 'single', 'published', 'public', 'Own Label', 'Björk', 1],
        ['Loose', 'single', 'published', 'public', 'Own Label', 'Solo Artist', 1],
        ['Mixed', 'compilation', 'published', 'public', 'Own Label', 'Various Artists', 2],
      ],
    )
    const all = await tracks()
    assert.ok(all.every(({ isReady, durationMs }) => isReady && durationMs > 200))
    const placed = all.map(({ title, discNumber, trackNumber }) => [title, discNumber, trackNumber])
    assert.equal(placed, [
      ['By Xa', 1, 1],
      ['By Ya', 1, 2],
      ['Disc 1', 1, 1],
      ['Disc 2', 2, 1],
      ['Loose', 1, 1],
      ['Song 1', 1, 2],
      ['Song 2', 1, 1],
      ['Ünï 日本', 1, 3],
    ])
    assert.is(all.find(({ title }) => title === 'Song 1')?.isrc, 'USABC2100001')
    const first = rows.find(({ title }) => title === 'First')
    assert.is(first?.releaseDate, '2021-03-04')
    // The blue picture beside them, not the red one in them.
    const [, , blue = 0] = [1, 3, 5].map((at) =>
      Number.parseInt(first?.coverColour?.slice(at, at + 2) ?? '0', 16),
    )
    assert.ok(blue > 150, first?.coverColour ?? 'no cover')
    const pages = await ctx.needs.artists.byNames(['Ann', 'Xa', 'Björk', 'Various Artists', 'Bob'])
    assert.equal([...pages.keys()], ['Ann', 'Xa', 'Björk'])
    assert.ok([...pages.values()].every(({ isListed }) => isListed))
    assert.equal(first?.creditsJson[0]?.artistId, pages.get('Ann')?.id)
    assert.is((await app.request(`/releases/${first?.slug}`)).status, 200)
    assert.equal(await orphansOf(context), [])
  })

  test('again brings nothing twice, and opens nothing that is unchanged [FILE-10]', async ({
    run,
    ctx,
    releases,
  }) => {
    const { media } = ctx.needs
    const { look } = media
    media.look = () => Promise.reject(new Error('opened'))
    try {
      assert.equal(jsonOf(await run()), { found: 8, imported: 0, known: 8, skipped: [] })
    } finally {
      media.look = look
    }
    assert.is((await releases()).length, 5)
  })

  test('what was moved, renamed, tagged anew or copied keeps its track, its plays and its title [FILE-10]', async ({
    run,
    api,
    ctx,
    folder,
    tracks,
  }) => {
    const before = await tracks()
    const played = before.find(({ title }) => title === 'Song 1')
    const at = isoTime()
    await ctx.db.tx((db) => api.countPlays(db, [{ trackId: played?.id ?? '', accountId: null, at }]))
    await closeTree(folder, true)
    await rename(join(folder, 'Ann/2021 - First'), join(folder, 'Ann/Renamed'))
    await rename(join(folder, 'Ann/Renamed/01 - file.flac'), join(folder, 'Ann/Renamed/other name.flac'))
    await retagFile(folder, 'Ann/Renamed/02 - file.flac', 'Changed')
    await cp(join(folder, 'Mixed/01.m4a'), join(folder, 'Copy.m4a'))
    const result = await run()
    assert.equal(jsonOf(result), { found: 9, imported: 0, known: 9, skipped: [] })
    assert.equal([result[more].moved, result[more].retagged], [2, 1])
    const after = await tracks()
    assert.equal(
      after.map(({ id, title }) => [id, title]),
      before.map(({ id, title }) => [id, title]),
    )
    assert.is(after.find(({ id }) => id === played?.id)?.plays, 1)
    assert.equal(jsonOf(await run()), { found: 9, imported: 0, known: 9, skipped: [] })
  })

  test('what is new in a folder joins the release of its neighbours; what is gone stays in the library [FILE-10]', async ({
    run,
    folder,
    releases,
    tracks,
  }) => {
    const hidden = join(folder, '.later.m4a')
    await rename(join(folder, 'Mixed/02.m4a'), hidden)
    const { [more]: said, ...counts } = await run()
    assert.equal(counts, { found: 8, imported: 0, known: 8, skipped: [] })
    assert.is((await tracks()).length, 8)
    await rm(hidden)
    const tags = ['-metadata', 'title=Third', '-metadata', 'artist=Za', '-metadata', 'album=Mixed']
    await makeSound(folder, 'Mixed/03.mp3', [...tags, '-metadata', 'track=3'])
    const result = await run()
    assert.equal([result.imported, result[more].releases, result[more].extended], [1, 0, 1])
    const mixed = (await releases()).filter(({ title }) => title === 'Mixed')
    assert.equal(
      mixed.map(({ trackCount }) => trackCount),
      [3],
    )
    assert.is(said.releases, 0)
  })

  test('a folder of more files than are done at once is one release all the same [FILE-10]', async ({
    run,
    folder,
    releases,
  }) => {
    await makeSound(folder, '.base.wav', [], 1500)
    const base = await readFile(join(folder, '.base.wav'))
    await mkdir(join(folder, 'Many of them'))
    for (let at = 0; at < 205; at++) {
      base.writeUInt32LE(at, base.length - 400)
      await writeFile(join(folder, `Many of them/${at + 1} - Part.wav`), base)
    }
    const result = await run({ dir: join(folder, 'Many of them'), visibility: 'draft' })
    assert.equal([result.imported, result[more].releases], [205, 1])
    const rows = (await releases()).filter(({ title }) => title === 'Many of them')
    assert.equal(
      rows.map(({ trackCount }) => trackCount),
      [205],
    )
  })

  test.run()
}
