import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Upload } from 'tus-js-client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isoTime, newId } from '#sdk'
import type { TestAccount, TestApp } from '../../test/kit/app.ts'
import { mediaOrphans } from '../../test/kit/orphans.ts'
import { eventually } from '../../test/kit/wait.ts'
import * as contract from './contract.ts'
import { ask, create, type MediaApp, mediaApp, metadataOf, patch, send } from './testdata/kit.ts'
import { smallWav } from './testdata/leave.ts'
import { insertUpload } from './uploads.ts'

interface Context extends MediaApp {
  ann: TestAccount
  ben: TestAccount
  admin: TestAccount
}

const test = suite<Context>('uploads')
test.before(async (context) => {
  Object.assign(context, await mediaApp())
  context.ann = await context.app.addAccount({ roles: ['artist'] })
  context.ben = await context.app.addAccount({ roles: ['artist'] })
  context.admin = await context.app.addAccount({ roles: ['admin'] })
})
test.after(async ({ app, close }) => {
  // The last test starts it again.
  await app.close()
  await close()
})

const offsetOf = async (app: TestApp, account: TestAccount, id: string) => {
  const { status, headers } = await ask(app, account, { method: 'HEAD', id })
  return status === 200 ? Number(headers.get('upload-offset')) : `${status}`
}
const assetsOf = async (app: TestApp, account: TestAccount) =>
  (await app.as(account).call(contract.listAssets, { query: { limit: 100 } })).body.items

/** Sends a part of what it says it will, then breaks off. */
function breakOff(
  app: TestApp,
  account: TestAccount,
  id: string,
  part: Buffer,
  length: number,
): Promise<void> {
  const { port, hostname } = new URL(app.url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      const head = [
        `PATCH /api/v1/media/uploads/${id} HTTP/1.1`,
        'host: main.test',
        `authorization: Bearer ${account.accessToken}`,
        'tus-resumable: 1.0.0',
        'upload-offset: 0',
        'content-type: application/offset+octet-stream',
        `content-length: ${length}`,
      ]
      socket.write(`${head.join('\r\n')}\r\n\r\n`)
      socket.write(part, () => setTimeout(() => socket.destroy(), 30))
    })
    socket.on('close', () => resolve())
    socket.on('error', reject)
  })
}

test('goes on where the connection was cut, and every byte arrives [FILE-01]', async (context) => {
  const { app, ann, ctx } = context
  const bytes = Buffer.concat([smallWav, randomBytes(200_000)])
  const { id } = await create(app, ann, bytes.length, { filename: 'cut.wav' })
  await breakOff(app, ann, id, bytes.subarray(0, 120_000), bytes.length)
  const offset = await eventually('what arrived', async () => {
    const arrived = Number(await offsetOf(app, ann, id))
    return arrived > 0 ? arrived : null
  })
  const { url } = context.app
  const rest = new Upload(bytes, {
    uploadUrl: `${url}/api/v1/media/uploads/${id}`,
    headers: { authorization: `Bearer ${ann.accessToken}` },
    chunkSize: 50_000,
    retryDelays: [50, 100, 200, 400, 800],
  })
  const sent: number[] = []
  await new Promise<void>((resolve, reject) => {
    Object.assign(rest.options, { onSuccess: () => resolve(), onError: reject })
    rest.options.onChunkComplete = (_size, accepted) => sent.push(accepted)
    rest.start()
  })
  const wentOnAt = (sent[0] ?? 0) - 50_000
  assert.ok(wentOnAt >= offset && wentOnAt <= 120_000, `${offset} of 120000 bytes, then from ${wentOnAt}`)
  assert.is(sent.at(-1), bytes.length)
  const stored = await ctx.storage.read(`media/${id}/original.wav`)
  const pieces = await stored?.stream.toArray()
  assert.ok(Buffer.concat(pieces ?? []).equals(bytes))
  assert.equal((await assetsOf(app, ann)).filter((asset) => asset.uploadId === id).length, 1)
})

test('begins and ends in one request where a client likes it so [FILE-01]', async ({ app, ann }) => {
  const headers = {
    'upload-length': String(smallWav.length),
    'upload-metadata': metadataOf({ filename: 'one.wav' }),
    'content-type': 'application/offset+octet-stream',
  }
  const made = await ask(app, ann, { method: 'POST', headers, body: smallWav })
  assert.equal([made.status, made.headers.get('upload-offset')], [201, String(smallWav.length)])
  const { body } = await app.as(ann).call(contract.getAsset, { params: { id: made.id } })
  assert.equal([body.fileName, body.state, body.sizeBytes], ['one.wav', 'inspecting', smallWav.length])
})

test('an upload is there for its own account alone [FILE-01]', async ({ app, ann, ben, admin }) => {
  const { id, headers: given } = await create(app, ann, smallWav.length)
  assert.match(given.get('upload-expires') ?? '', /GMT$/)
  for (const stranger of [ben, admin]) {
    for (const method of ['HEAD', 'GET', 'DELETE'])
      assert.is((await ask(app, stranger, { method, id })).status, 404, method)
    assert.is((await patch(app, stranger, id, { bytes: smallWav })).problem, 'not-found')
  }
  assert.is(await offsetOf(app, ann, id), 0)
  const { headers, status } = await ask(app, ann, { method: 'GET', id })
  assert.equal(
    [status, headers.get('upload-length'), headers.get('upload-metadata')],
    [200, String(smallWav.length), metadataOf({ filename: 'sound.wav' })],
  )
  assert.is((await ask(app, ann, { method: 'DELETE', id })).status, 204)
  assert.is(await offsetOf(app, ann, id), '404')
  const sent = await send(app, ann, smallWav)
  for (const route of [contract.getAsset, contract.removeAsset, contract.retryAsset])
    assert.is(
      (await app.as(ben).call(route as typeof contract.getAsset, { params: { id: sent.id } })).status,
      404,
    )
  const seen = await app.as(admin).call(contract.getAsset, { params: { id: sent.id } })
  assert.is(seen.status, 200)
  const all = await app.as(ben).call(contract.listAssets, { query: { whose: 'all' } })
  assert.is(all.problem, 'not-allowed')
  const listed = await app.as(admin).call(contract.listAssets, { query: { whose: 'all', limit: 100 } })
  assert.ok(listed.body.items.some(({ id }) => id === sent.id))
})

test('names are words to show, never places on the disk [FILE-02]', async (context) => {
  const { app, ann, api } = context
  const rtl = String.fromCharCode(0x202e)
  const names: [filename: string, relativePath: string, shown: string, path: string | null][] = [
    ['../../../../etc/passwd', '../../x/./y/../a.wav', 'passwd', 'x/y/a.wav'],
    ['C:\\Windows\\evil.wav', 'C:\\Windows\\evil.wav', 'evil.wav', 'C:/Windows/evil.wav'],
    [`gpj.${rtl}wav`, '/', 'gpj.wav', null],
    ['a\u0000b\r\nc.wav', 'a.wav', 'abc.wav', null],
    ['..', '..', '..', null],
    [`${'ä'.repeat(300)}.wav`, '', `${'ä'.repeat(196)}.wav`, null],
  ]
  for (const [filename, relativePath, shown, path] of names) {
    const { id, status } = await send(app, ann, smallWav, { filename, relativePath, batch: '../x' })
    assert.is(status, 204, filename)
    const facts = (await api.assetsByIds([id])).get(id)
    assert.equal([facts?.fileName, facts?.relativePath, facts?.batch], [shown, path, null], filename)
    assert.is((await app.as(ann).call(contract.removeAsset, { params: { id } })).status, 204)
  }
  const long = await create(app, ann, 10, { filename: 'x'.repeat(5000) })
  assert.equal([long.status, long.problem], [400, 'malformed'])
  const { id } = await send(app, ann, smallWav, { batch: 'drop-7' })
  assert.is((await api.assetsByIds([id])).get(id)?.batch, 'drop-7')
})

test('the last bytes, sent again or twice at once, make one asset [FILE-01]', async (context) => {
  const { app, ann, ctx } = context
  const { id } = await create(app, ann, smallWav.length)
  const raced = await Promise.all([1, 2, 3].map(() => patch(app, ann, id, { bytes: smallWav })))
  assert.ok(
    raced.some(({ status }) => status === 204),
    JSON.stringify(raced),
  )
  assert.ok(
    raced.every(({ status }) => [204, 400, 409].includes(status)),
    JSON.stringify(raced),
  )
  const again = await ask(app, ann, { method: 'HEAD', id })
  assert.equal(
    [again.status, again.headers.get('upload-offset'), again.headers.get('content-location')],
    [200, String(smallWav.length), `/api/v1/media/assets/${id}`],
  )
  const empty = await patch(app, ann, id, { offset: smallWav.length, bytes: Buffer.alloc(0) })
  assert.is(empty.status, 204)
  assert.is((await ask(app, ann, { method: 'DELETE', id })).problem, 'conflict')
  assert.is((await ctx.db('media_assets').where({ uploadId: id })).length, 1)
  assert.is((await ctx.db('jobs').where({ name: 'media.inspect-asset', key: id })).length, 1)
  assert.is((await ctx.db('audit_entries').where({ action: 'media.added', subject: id })).length, 1)
})

test('a start finishes what a crash left between the last byte and the asset [FILE-01]', async (context) => {
  const uploads = context.ctx.storage.localFolder('media/uploads')
  const left: string[] = []
  const leave = async (bytes: Buffer, sizeBytes = bytes.length) => {
    const upload = {
      id: newId(),
      accountId: context.ann.id,
      relativePath: null,
      batch: null,
      metadataJson: {},
    }
    await insertUpload(context.ctx.db, { ...upload, fileName: 'left.wav', sizeBytes })
    await writeFile(join(uploads, upload.id), bytes)
    left.push(upload.id)
    return upload.id
  }
  await leave(smallWav)
  const moved = await leave(smallWav)
  await context.ctx.storage.take(`media/${moved}/original.wav`, join(uploads, moved))
  const text = await leave(Buffer.from('No sound at all.'))
  const part = await leave(smallWav.subarray(0, 99), smallWav.length)
  const old = await leave(smallWav.subarray(0, 9), smallWav.length)
  const longAgo = isoTime(new Date(Date.now() - 8 * 86_400_000))
  await context.ctx.db('media_uploads').where({ id: old }).update({ createdAt: longAgo })

  context.app = await context.app.restart()
  const { app, ann } = context
  const db = app.site.database.db
  await eventually('the uploads to be finished', async () => {
    const open = await db('media_uploads').whereIn('id', left).whereNull('done_at')
    return open.length === 2
  })
  const made: { id: string }[] = await db('media_assets').whereIn('id', left).orderBy('id')
  assert.equal(
    made.map(({ id }) => id),
    left.slice(0, 2),
  )
  assert.is(await offsetOf(app, ann, text), '404')
  assert.is(await offsetOf(app, ann, part), 99)
  assert.is((await patch(app, ann, part, { offset: 99, bytes: smallWav.subarray(99) })).status, 204)
  assert.is((await ask(app, ann, { method: 'HEAD', id: old })).status, 410)
  assert.is(
    (await patch(app, ann, old, { offset: 9, bytes: smallWav.subarray(9) })).problem,
    'media.upload-gone',
  )
  assert.equal(await mediaOrphans({ db, storage: app.site.storage }), [])
})

test.run()
