import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { databaseKinds } from '../../../test/kit/databases.ts'
import { mediaOrphans } from '../../../test/kit/orphans.ts'
import { takeLease } from './lease.ts'
import { more, textOf } from './report.ts'
import { type ImportApp, importApp } from './testdata/kit.ts'
import { addBadFiles, makeSound } from './testdata/tree.ts'

const refusal = async (work: Promise<unknown>) => {
  try {
    await work
  } catch (error) {
    const { problem, detail } = error as { problem: { status: number }; detail: string }
    return { status: problem.status, detail }
  }
  throw new Error('It was not refused.')
}

for (const kind of databaseKinds) {
  const test = suite<ImportApp>(`what cannot be imported on ${kind}`)
  test.before(async (context) => {
    Object.assign(context, await importApp({ kind }))
    await makeSound(context.folder, 'good/01 - Good.flac', ['-metadata', 'artist=Gil'])
  })
  test.after(({ close }) => close())

  test('each bad file is skipped with its sentence, and the rest goes on [FILE-10] [FILE-03]', async (context) => {
    const { run, folder, tracks, app } = context
    await mkdir(join(folder, 'Ann/2021 - First'), { recursive: true })
    await writeFile(
      join(folder, 'Ann/2021 - First/01 - file.flac'),
      await readFile(join(folder, 'good/01 - Good.flac')),
    )
    await addBadFiles(folder)
    const result = await run({ visibility: 'draft' })
    assert.equal([result.imported, result.known], [1, 1])
    assert.is(result.found, 3, 'the damaged one is a sound')
    const reasons = Object.fromEntries(result.skipped.map(({ path, reason }) => [path, reason]))
    assert.equal(Object.keys(reasons).sort(), [
      'bad/album.zip',
      'bad/back.jpg',
      'bad/caf\ufffd.mp3',
      'bad/damaged.flac',
      'bad/empty.mp3',
      'bad/link.mp3',
      'bad/outside',
      'bad/pipe.mp3',
      'bad/text.mp3',
      'bad/video.mp4',
    ])
    assert.match(reasons['bad/empty.mp3'] ?? '', /an empty file/)
    assert.match(reasons['bad/text.mp3'] ?? '', /is a text/)
    assert.match(reasons['bad/video.mp4'] ?? '', /is a video/)
    assert.match(reasons['bad/link.mp3'] ?? '', /is a link/)
    assert.match(reasons['bad/pipe.mp3'] ?? '', /neither a file nor a folder/)
    assert.match(reasons['bad/caf\ufffd.mp3'] ?? '', /not valid UTF-8/)
    assert.match(reasons['bad/album.zip'] ?? '', /ZIP files are not unpacked/)
    assert.match(textOf(result), /Skipped: 10\n/)
    assert.is((await tracks()).length, 1)
    const { db } = app.site.database
    assert.equal(await mediaOrphans({ db, storage: app.site.storage }), [])
  })

  test('names of every kind come through: line breaks, quotes, markup, very long ones [FILE-10] [FILE-03]', async ({
    run,
    folder,
    tracks,
    releases,
    ctx,
  }) => {
    const sound = await readFile(join(folder, 'good/01 - Good.flac'))
    const evil = [
      `evil/“it's”/a\nb "c" \`d\` $(e); f | g & h.flac`,
      'evil/<script>alert(1)</script>/%2e%2e/x\\..\\..\\x\u001b[31m.flac',
      `evil/${'ä'.repeat(120)}/${'n'.repeat(240)}.flac`,
      'evil/ leading and trailing /CON.flac',
    ]
    for (const [at, name] of evil.entries()) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      // Other bytes of the sound, so that each is a file of its own.
      const bytes = Buffer.from(sound)
      bytes.writeUInt32LE(at, bytes.length - 40)
      await writeFile(join(folder, name), bytes)
    }
    const result = await run({ visibility: 'draft' })
    assert.is(result.imported, 4)
    const rows: { path: string }[] = await ctx.db('catalog_import_files').select('path')
    for (const name of evil)
      assert.ok(
        rows.some(({ path }) => path.endsWith(name)),
        name,
      )
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const unwanted = /[\u0000-\u001f]/
    for (const { title } of [...(await tracks()), ...(await releases())]) assert.not.match(title, unwanted)
    assert.is((await run()).imported, 0)
  })

  test('what turns out to be unplayable goes to the trash and is told with its reason, and the others are published [FILE-10] [FILE-03]', async ({
    run,
    folder,
    releases,
    tracks,
  }) => {
    const tags = ['-metadata', 'album=Half', '-metadata', 'artist=Hal']
    await makeSound(folder, 'half/01.flac', tags, 500)
    await makeSound(folder, 'half/02.flac', tags, 600)
    const broken = await readFile(join(folder, 'half/02.flac'))
    await writeFile(join(folder, 'half/02.flac'), broken.fill(0x11, broken.length - 6000))
    const result = await run({ dir: join(folder, 'half'), waits: true })
    assert.equal([result.found, result.imported, result.known], [2, 1, 0])
    assert.equal(
      result.skipped.map(({ path }) => path),
      ['02.flac'],
    )
    const half = (await releases()).find(({ title }) => title === 'Half')
    assert.equal([half?.status, half?.trackCount], ['published', 1])
    const thrown = (await tracks()).filter(({ trashedAt }) => trashedAt !== null)
    assert.equal(thrown.length, 1)
    const again = await run({ dir: join(folder, 'half') })
    assert.equal([again.found, again.known], [2, 1])
    assert.equal(again.skipped, result.skipped)
  })

  test('a date to come is waited for, drafts and hidden releases stay so, an artist is never made up [FILE-10]', async ({
    run,
    folder,
    releases,
    ctx,
  }) => {
    const later = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10)
    const tags = ['-metadata', 'album=Later', '-metadata', 'artist=Lea', '-metadata', `date=${later}`]
    await makeSound(folder, 'later/01.flac', tags, 700)
    await makeSound(folder, 'nobody.flac', [], 800)
    const result = await run({ visibility: 'members' })
    assert.equal([result[more].scheduled, result[more].withoutArtist], [1, 1])
    const rows = await releases()
    const row = rows.find(({ title }) => title === 'Later')
    assert.equal(
      [row?.status, row?.visibility, row?.publishAt],
      ['scheduled', 'members', `${later}T00:00:00.000Z`],
    )
    assert.is(rows.find(({ title }) => title === 'nobody')?.status, 'draft')
    await makeSound(folder, 'own/01.flac', ['-metadata', 'artist=Pia', '-metadata', 'album=Own'], 900)
    await run({ visibility: 'private' })
    const pages = await ctx.needs.artists.byNames(['Pia', 'Lea'])
    assert.equal([pages.get('Pia')?.isListed, pages.get('Lea')?.isListed], [false, true])
  })

  test('refuses what is no folder, a second import at once, and the library itself [FILE-10]', async ({
    run,
    folder,
    ctx,
  }) => {
    for (const dir of [join(folder, 'missing'), join(folder, 'nobody.flac')])
      assert.is((await refusal(run({ dir }))).status, 422)
    assert.match((await refusal(run({ dir: ctx.storage.localFolder('media') }))).detail, /own storage/)
    const lease = await takeLease(ctx.db)
    assert.match((await refusal(run())).detail, /Another import of this site runs/)
    await lease.release()
    assert.is((await run()).imported, 0)
    // Its process is gone without a word.
    const child = 2 ** 22 + 7
    const far = new Date(Date.now() + 50_000).toISOString()
    const left = { id: 1, owner: `${hostname()} ${child} x`, leaseUntil: far, startedAt: far }
    await ctx.db('catalog_import_leases').insert(left)
    assert.is((await run()).imported, 0)
    await ctx.db('catalog_import_leases').insert({ ...left, owner: 'another-machine 1 x' })
    assert.match((await refusal(run())).detail, /on another-machine/)
  })

  test.run()
}
