import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ZipFile } from 'yazl'
import type { TestAccount } from '../../test/kit/app.ts'
import { mediaOrphans } from '../../test/kit/orphans.ts'
import * as contract from './contract.ts'
import { ask, type MediaApp, mediaApp, send, tone } from './testdata/kit.ts'
import { smallWav } from './testdata/leave.ts'

interface Context extends MediaApp {
  ann: TestAccount
}

const test = suite<Context>('albums in a ZIP, and with a picture')
test.before(async (context) => {
  const environment = {
    VEZA_PLUGINS_MEDIA_QUOTA_GB: '{"artist":0.02}',
    VEZA_PLUGINS_MEDIA_PROFILES: 'aac-96',
    VEZA_PLUGINS_MEDIA_MAX_FILE_MB: '16',
  }
  Object.assign(context, await mediaApp({ environment }))
  context.ann = await context.app.addAccount({ roles: ['artist'] })
})
test.after((context) => context.close())

async function zip(files: [name: string, bytes: Buffer, compress?: boolean][]): Promise<Buffer> {
  const archive = new ZipFile()
  for (const [name, bytes, compress = true] of files) archive.addBuffer(bytes, name, { compress })
  archive.end()
  return buffer(archive.outputStream)
}

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
const listed = async ({ app, ann }: Context) =>
  (await app.as(ann).call(contract.listAssets, { query: { limit: 100 } })).body.items

test('every sound in it becomes a file of one batch, with the cover beside it [FILE-01] [FILE-04]', async (context) => {
  const { app, ann, folder, api, ctx } = context
  const song = await readFile(await tone(folder, 'song.mp3', { args: ['-metadata', 'title=Eins'] }))
  const archive = await zip([
    ['Album/01 Eins.mp3', song],
    ['Album/02 Zwei.wav', smallWav],
    ['Album/cover.png', png],
    ['Album/notes.txt', Buffer.from('Thanks to everybody.')],
    ['__MACOSX/Album/._01 Eins.mp3', Buffer.from('junk')],
  ])
  const sent = await send(app, ann, archive, { filename: 'Album.zip' })
  assert.is(sent.status, 204)
  await app.jobs.drain()
  const items = (await listed(context)).toReversed()
  assert.equal(
    items.map(({ fileName, state, title, uploadId }) => [fileName, state, title, uploadId]),
    [
      ['01 Eins.mp3', 'ready', 'Eins', sent.id],
      ['02 Zwei.wav', 'ready', null, sent.id],
    ],
  )
  const facts = [...(await api.assetsByIds(items.map(({ id }) => id))).values()]
  assert.equal(facts.map(({ relativePath }) => relativePath).sort(), [
    'Album/Album/01 Eins.mp3',
    'Album/Album/02 Zwei.wav',
  ])
  assert.is(new Set(facts.map(({ batch }) => batch)).size, 1)
  assert.ok(facts[0]?.batch)
  const covers = facts.flatMap(({ coverKey }) => coverKey ?? [])
  assert.is(covers.length, 1, 'kept once, however many files there are')
  assert.is(await ctx.storage.size(covers[0] ?? ''), png.length)
  assert.equal(await mediaOrphans(ctx), [])
})

test('a picture dropped with an album is the cover of what it lies beside, once [FILE-01] [FILE-06]', async (context) => {
  const { app, ann, api, ctx } = context
  const ben = await app.addAccount({ roles: ['artist'] })
  const batch = 'with-cover'
  const sound = (relativePath: string, more: object = {}) =>
    send(app, ann, smallWav, { filename: relativePath.split('/').at(-1) ?? '', relativePath, batch, ...more })
  const picture = (relativePath: string, more: object = { batch }) =>
    send(app, ann, png, { filename: 'cover.png', relativePath, ...more })
  const own = await sound('Album/01.wav')
  const ownKey = `media/${own.id}/cover-source.jpg`
  await ctx.storage.write(ownKey, png)
  await ctx.db('media_assets').where({ id: own.id }).update({ coverKey: ownKey })
  const beside = await sound('Album/02.wav')
  const onDisc = await sound('Double/CD 2/01.wav')
  const others = [
    await sound('Album/03.wav'),
    await sound('Album/Demos/04.wav'),
    await sound('Other/01.wav'),
    await sound('Album/01.wav', { batch: 'another-drop' }),
    await send(app, ben, smallWav, { filename: '01.wav', relativePath: 'Album/01.wav', batch }),
  ]

  const sent = await picture('Album/cover.png')
  assert.equal([sent.status, sent.headers.get('content-location')], [204, null], sent.detail ?? '')
  const arrived = await ask(app, ann, { method: 'HEAD', id: sent.id })
  assert.is(arrived.headers.get('upload-offset'), String(png.length))
  assert.is((await picture('Double/cover.png')).status, 204)
  const keysOf = async (sent: { id: string }[]) => {
    const facts = await api.assetsByIds(sent.map(({ id }) => id))
    return sent.map(({ id }) => facts.get(id)?.coverKey ?? null)
  }
  const wanted = [beside, onDisc].map(({ id }) => `media/${id}/cover-beside.png`)
  assert.equal(await keysOf([own, beside, onDisc]), [ownKey, ...wanted])
  assert.is(await ctx.storage.size(wanted[0] ?? ''), png.length)
  assert.ok((await keysOf(others)).every((key) => key === null))

  const refused = [
    await picture('Elsewhere/cover.png'),
    await picture('Album/cover.png', { batch: 'nothing-else' }),
    await picture('Album/cover.png', {}),
  ]
  for (const { status, problem } of refused) assert.equal([status, problem], [422, 'media.not-audio'])
  await ctx
    .db('media_assets')
    .whereIn(
      'id',
      [own, onDisc, ...others].map(({ id }) => id),
    )
    .delete()
  for (const { id } of [own, onDisc, ...others]) await ctx.storage.removeFolder(`media/${id}`)
  await app.jobs.drain()
  assert.equal(await keysOf([beside]), wanted.slice(0, 1), 'reading the file has left it')
  assert.equal(await mediaOrphans(ctx), [])
})

test('a job that is done again adds nothing twice [FILE-01] [FILE-07]', async (context) => {
  const { app, ann, ctx } = context
  const before = (await listed(context)).length
  const archive = await zip([
    ['a.wav', smallWav],
    ['b.wav', smallWav],
    ['c.wav', smallWav],
  ])
  const { id } = await send(app, ann, archive, { filename: 'again.zip', batch: 'mine' })
  // The first try dies after it has kept one file.
  const { take } = ctx.storage
  let taken = 0
  ctx.storage.take = (key, path) => {
    taken += 1
    // Also when a slow machine tries again meanwhile.
    if (taken >= 2) throw Object.assign(new Error('The disk was pulled out.'), { code: 'EIO' })
    return take(key, path)
  }
  await app.jobs.drain()
  Object.assign(ctx.storage, { take })
  assert.is((await listed(context)).length, before + 1)
  await ctx
    .db('jobs')
    .where({ name: contract.unpackArchive.name, state: 'waiting' })
    .update({ runAt: '2020-01-01T00:00:00.000Z' })
  await app.jobs.drain()
  const added = (await listed(context)).slice(0, -before)
  assert.equal(added.map(({ fileName }) => fileName).sort(), ['a.wav', 'b.wav', 'c.wav'])
  assert.is((await ctx.db('media_uploads').where({ id }).first()).doneAt !== null, true)
  assert.equal(await mediaOrphans(ctx), [])
})

test('bombs, nests, tricks and what is too much are refused in words, and nothing of them stays [FILE-03]', async (context) => {
  const { app, ann, ctx } = context
  const silence = Buffer.concat([smallWav, Buffer.alloc(30 * 1024 * 1024)])
  const inner = await zip([['a.wav', smallWav]])
  const slipped = await zip([['xx/xx/xx/passwd', smallWav, false]])
  const traversal = Buffer.from(slipped.toString('latin1').replaceAll('xx/xx/xx', '../../..'), 'latin1')
  const cases: [name: string, bytes: Buffer, says: RegExp][] = [
    ['bomb.zip', await zip([['silence.wav', silence]]), /far more than its own size/],
    [
      'nest.zip',
      await zip([
        ['inner.zip', inner, false],
        ['a.wav', smallWav],
      ]),
      /another archive/,
    ],
    ['text.zip', await zip([['a.txt', Buffer.from('words')]]), /no audio file/],
    ['slip.zip', traversal, /has a file name/],
    ['cut.zip', inner.subarray(0, inner.length - 30), /damaged/],
  ]
  for (const [filename, bytes, says] of cases) {
    const before = (await ctx.db('media_assets')).length
    const { id, status } = await send(app, ann, bytes, { filename })
    assert.is(status, 204, filename)
    await app.jobs.drain()
    const { body } = await app.as(ann).call(contract.getAsset, { params: { id } })
    assert.equal(
      [body.state, body.refusal?.name, body.sizeBytes],
      ['failed', 'media.bad-archive', 0],
      filename,
    )
    assert.match(body.refusal?.detail ?? '', says, filename + body.refusal?.detail)
    assert.is((await app.as(ann).call(contract.retryAsset, { params: { id } })).problem, 'conflict')
    assert.is((await ctx.db('media_assets')).length, before + 1)
    assert.is((await app.as(ann).call(contract.removeAsset, { params: { id } })).status, 204)
    assert.equal(await mediaOrphans(ctx), [])
  }
})

test('what calls itself sound in it and is none, or is too large, says so beside the others [FILE-03] [FILE-01]', async (context) => {
  const { app, ann, ctx } = context
  const long = Buffer.concat([smallWav, ...repeated(17 * 1024 * 1024)])
  const archive = await zip([
    ['Side A/1.wav', smallWav],
    ['Side A/2.wav', Buffer.from('Dear label, the second song comes later.')],
    ['Side A/3.flac', Buffer.alloc(0)],
    ['Side A/4.wav', long],
    ['Side A/sleeve notes.txt', Buffer.from('Thanks to everybody.')],
  ])
  const { id } = await send(app, ann, archive, { filename: 'Half.zip' })
  await app.jobs.drain()
  const items = (await listed(context)).filter(({ uploadId }) => uploadId === id)
  const said = items.map(({ fileName, state, refusal }) => [fileName, state, refusal?.name ?? null])
  assert.equal(said.sort(), [
    ['1.wav', 'ready', null],
    ['2.wav', 'failed', 'media.not-audio'],
    ['3.flac', 'failed', 'media.not-audio'],
    ['4.wav', 'failed', 'media.file-too-large'],
  ])
  const detailOf = (name: string) => items.find(({ fileName }) => fileName === name)?.refusal?.detail ?? ''
  assert.match(detailOf('2.wav'), '“2.wav” is a text.')
  assert.match(detailOf('3.flac'), '“3.flac” is an empty file.')
  assert.match(detailOf('4.wav'), /“4.wav” has 18 MiB; 16 are allowed/)
  assert.equal(await mediaOrphans(ctx), [])
  for (const one of items)
    assert.is((await app.as(ann).call(contract.removeAsset, { params: { id: one.id } })).status, 204)
})

test('an album that unpacks to more than its owner’s room is refused [FILE-03]', async (context) => {
  const { app, ann, ctx } = context
  const noise = Buffer.concat([smallWav, ...repeated(3 * 1024 * 1024)])
  const archive = await zip(Array.from({ length: 8 }, (_none, at) => [`${at}.wav`, noise]))
  const { id, status } = await send(app, ann, archive, { filename: 'large.zip' })
  assert.is(status, 204, 'there is room for the archive itself')
  await app.jobs.drain()
  const { body } = await app.as(ann).call(contract.getAsset, { params: { id } })
  assert.equal([body.state, body.refusal?.name], ['failed', 'media.over-quota'])
  assert.equal(await mediaOrphans(ctx), [])
})

/** Bytes that pack to about a sixteenth: less than a bomb would. */
function repeated(length: number): Buffer[] {
  const [part, times] = [512, 16]
  const parts = Math.ceil(length / (part * times))
  return Array.from({ length: parts }, () => Buffer.alloc(part * times, randomBytes(part)))
}

test.run()
