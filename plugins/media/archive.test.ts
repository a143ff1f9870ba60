import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ZipFile } from 'yazl'
import type { TestAccount } from '../../test/kit/app.ts'
import { mediaOrphans } from '../../test/kit/orphans.ts'
import * as contract from './contract.ts'
import { type MediaApp, mediaApp, send, tone } from './testdata/kit.ts'
import { smallWav } from './testdata/leave.ts'

interface Context extends MediaApp {
  ann: TestAccount
}

const test = suite<Context>('albums in a ZIP')
test.before(async (context) => {
  const environment = {
    VEZA_PLUGINS_MEDIA_QUOTA_GB: '{"artist":0.02}',
    VEZA_PLUGINS_MEDIA_PROFILES: 'aac-96',
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
  for (const { coverKey } of facts) assert.ok(await ctx.storage.size(coverKey ?? ''), coverKey ?? 'no cover')
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
    if (taken === 2) throw Object.assign(new Error('The disk was pulled out.'), { code: 'EIO' })
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

test('bombs, nests, tricks and what is too much are refused in words, and nothing of them stays [FILE-03] [SEC-07]', async (context) => {
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

test('an album that unpacks to more than its owner’s room is refused [FILE-03]', async (context) => {
  const { app, ann } = context
  const noise = Buffer.concat([smallWav.subarray(0, 44), Buffer.alloc(3 * 1024 * 1024, 'abcdefg')])
  const archive = await zip(Array.from({ length: 8 }, (_none, at) => [`${at}.wav`, noise]))
  const { id } = await send(app, ann, archive, { filename: 'large.zip' })
  await app.jobs.drain()
  const { body } = await app.as(ann).call(contract.getAsset, { params: { id } })
  assert.is(body.state, 'failed')
  assert.ok(['media.over-quota', 'media.bad-archive'].includes(body.refusal?.name ?? ''), body.refusal?.name)
})

test.run()
