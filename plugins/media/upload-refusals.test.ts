import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import type { TestAccount, TestApp } from '../../test/kit/app.ts'
import { mediaOrphans } from '../../test/kit/orphans.ts'
import * as contract from './contract.ts'
import { ask, create, type MediaApp, mediaApp, patch, send, tone } from './testdata/kit.ts'
import { listUploadsOf } from './uploads.ts'

interface Context extends MediaApp {
  ann: TestAccount
  ben: TestAccount
}

const test = suite<Context>('refused uploads')
test.before(async (context) => {
  const environment = { VEZA_PLUGINS_MEDIA_MAX_FILE_MB: '8', VEZA_PLUGINS_MEDIA_QUOTA_GB: '{"artist":0.02}' }
  Object.assign(context, await mediaApp({ environment }))
  context.ann = await context.app.addAccount({ roles: ['artist'] })
  context.ben = await context.app.addAccount({ roles: ['artist'] })
})
test.after((context) => context.close())

const offsetOf = async (app: TestApp, account: TestAccount, id: string) => {
  const { status, headers } = await ask(app, account, { method: 'HEAD', id })
  return status === 200 ? Number(headers.get('upload-offset')) : `${status}`
}

test('too much is refused before a byte is taken, in a sentence [FILE-03]', async (context) => {
  const { app, ben, ctx } = context
  const mib = 1024 * 1024
  const large = await create(app, ben, 8 * mib + 1, { filename: 'Long.wav' })
  assert.equal([large.status, large.problem], [413, 'media.file-too-large'])
  assert.match(large.headers.get('content-type') ?? '', 'application/problem+json')
  assert.match(large.detail ?? '', /“Long.wav” has 9 MiB; 8 are allowed/)
  const empty = await create(app, ben, 0)
  assert.equal([empty.status, empty.problem], [422, 'media.broken-audio'])
  const before = await app.as(ben).call(contract.getUsage)
  assert.equal(before.body, {
    usedBytes: 0,
    quotaBytes: Math.floor(0.02 * 1024 * mib),
    maxFileBytes: 8 * mib,
    maxDurationMs: 12 * 3_600_000,
  })
  const raced = await Promise.all(Array.from({ length: 6 }, () => create(app, ben, 6 * mib)))
  assert.equal(raced.map(({ status }) => status).sort(), [201, 201, 201, 413, 413, 413])
  assert.is(raced.find(({ status }) => status === 413)?.problem, 'media.over-quota')
  const given = raced.find(({ status }) => status === 201)?.id ?? ''
  await ask(app, ben, { method: 'DELETE', id: given })
  assert.is((await create(app, ben, 6 * mib)).status, 201)
  for (const { id } of await listUploadsOf(ctx.db, ben.id)) await ask(app, ben, { method: 'DELETE', id })
})

test('more than was announced is not taken, and nothing runs over the end [FILE-03]', async ({
  app,
  ann,
}) => {
  const { id } = await create(app, ann, 100)
  const over = await patch(app, ann, id, { bytes: Buffer.alloc(101) })
  assert.equal([over.status, over.problem], [413, 'too-large'])
  assert.is(await offsetOf(app, ann, id), 0)
  assert.is((await patch(app, ann, id, { offset: 7, bytes: Buffer.alloc(9) })).problem, 'media.upload-moved')
  await ask(app, ann, { method: 'DELETE', id })
})

test('what is no tus is answered as every refusal of the API [FILE-01]', async ({ app, ann }) => {
  const { id } = await create(app, ann, 100)
  const post = (headers: Record<string, string>) => ask(app, ann, { method: 'POST', headers })
  const length = { 'upload-length': '100' }
  const cases: [
    sent: Promise<{ status: number; problem: string | null; headers: Headers }>,
    wanted: string,
  ][] = [
    [post({ 'tus-resumable': '0.2.2', ...length }), '400 malformed'],
    [post({}), '400 malformed'],
    [post({ 'upload-length': '-1' }), '400 malformed'],
    [post({ 'upload-length': '1e3' }), '400 malformed'],
    [post({ 'upload-defer-length': '1' }), '400 malformed'],
    [post({ ...length, 'upload-concat': 'partial' }), '400 malformed'],
    [post({ ...length, 'upload-metadata': 'filename %%%' }), '400 malformed'],
    [ask(app, ann, { method: 'PATCH', id, headers: { 'upload-offset': '0' } }), '400 malformed'],
    [ask(app, ann, { method: 'PATCH', id, headers: { 'content-type': 'text/plain' } }), '400 malformed'],
    [ask(app, ann, { method: 'HEAD', id: newId() }), '404 null'],
  ]
  for (const [sent, wanted] of cases) {
    const { status, problem, headers } = await sent
    assert.is(`${status} ${problem}`, wanted)
    assert.is(
      [...headers.keys()].find((name) => name.startsWith('access-control')),
      undefined,
    )
  }
  const bare = await app.request('/api/v1/media/uploads', {
    method: 'POST',
    headers: { authorization: `Bearer ${ann.accessToken}`, ...length },
  })
  const said = (await bare.json()) as { type: string; requestId: string }
  assert.equal([bare.status, said.type], [412, 'urn:veza:problem:media.other-tus'])
  assert.is(said.requestId, bare.headers.get('x-request-id'))
  await ask(app, ann, { method: 'DELETE', id })
})

test('what is no sound is named and leaves nothing behind, whatever it is called [FILE-02] [FILE-03]', async (context) => {
  const { app, ann, folder, ctx } = context
  const video = await tone(folder, 'film.mp4', {
    args: ['-f', 'lavfi', '-i', 'color=size=64x64:rate=5:duration=1', '-c:v', 'mpeg4', '-shortest'],
  })
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), randomBytes(64)])
  const kinds: [bytes: Buffer, says: RegExp][] = [
    [await readFile(video), /is a video/],
    [png, /is a picture \(PNG\)/],
    [Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'), /is a playlist/],
    [Buffer.from('Dear label, here is my demo.\n'.repeat(20)), /is a text/],
    [Buffer.from('<?php system($_GET[0]); ?>'), /is a text/],
    [Buffer.concat([Buffer.from('MThd\0\0\0\x06\0\x01'), Buffer.alloc(40)]), /is a MIDI file/],
    [randomBytes(5000).fill(7, 0, 16), /is of a kind that is not known/],
    [Buffer.from('%PDF-1.7\n%âãÏÓ\n'), /PDF/],
  ]
  const before = (await ctx.db('media_assets')).length
  for (const [bytes, says] of kinds) {
    const sent = await send(app, ann, bytes, { filename: 'song.mp3' })
    assert.equal([sent.status, sent.problem], [422, 'media.not-audio'], String(says))
    assert.match(sent.detail ?? '', says)
    assert.is(await offsetOf(app, ann, sent.id), '404')
  }
  assert.is((await ctx.db('media_assets')).length, before)
  assert.equal(await ctx.db('media_uploads').where({ accountId: ann.id, doneAt: null }), [])
  assert.equal(await mediaOrphans(ctx), [])
})

test.run()
