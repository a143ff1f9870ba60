import { randomBytes } from 'node:crypto'
import { stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId, ProblemError } from '#sdk'
import type { TestAccount } from '../../test/kit/app.ts'
import { mediaOrphans } from '../../test/kit/orphans.ts'
import { childrenOf } from '../../test/kit/processes.ts'
import { type SmallDisk, smallDisk } from '../../test/kit/small-disk.ts'
import { eventually } from '../../test/kit/wait.ts'
import { changeAsset, findAsset } from './assets.ts'
import { openDesk } from './open-desk.ts'
import { processOne } from './process.ts'
import { ask, create, type MediaApp, mediaApp, patch } from './testdata/kit.ts'
import { smallWav } from './testdata/leave.ts'

interface Context extends MediaApp {
  disk: SmallDisk
  ann: TestAccount
}

/** Its database is elsewhere: PostgreSQL. */
const test = suite<Context>('a full disk')
test.before(async (context) => {
  context.disk = await smallDisk('64m')
  Object.assign(context, await mediaApp({ kind: 'postgres', dataDir: context.disk.dir }))
  context.ann = await context.app.addAccount({ roles: ['artist'] })
})
test.after(async (context) => {
  await context.close().catch(() => {})
  await context.disk.close()
})

const wavOf = (bytes: number): Buffer => {
  const head = Buffer.from(smallWav.subarray(0, 44))
  head.writeUInt32LE(bytes + 36, 4)
  head.writeUInt32LE(bytes, 40)
  return Buffer.concat([head, randomBytes(bytes)])
}

/** Sends the first part of a PATCH; the rest when the test says so. */
function patching({ app, ann }: Context, id: string, length: number) {
  const said: Buffer[] = []
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
  socket.on('data', (chunk) => said.push(chunk))
  socket.on('error', () => {})
  const head = [
    `PATCH /api/v1/media/uploads/${id} HTTP/1.1`,
    'host: main.test',
    `authorization: Bearer ${ann.accessToken}`,
    'tus-resumable: 1.0.0',
    'upload-offset: 0',
    'content-type: application/offset+octet-stream',
    `content-length: ${length}`,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  return { socket, text: () => Buffer.concat(said).toString() }
}

test('that fills up in mid-upload is told at once, what arrived stays, and with room it goes on [FILE-03]', async (context) => {
  const { app, ann, ctx, disk } = context
  const bytes = wavOf(1_500_000)
  const { id } = await create(app, ann, bytes.length)
  const path = join(ctx.storage.localFolder('media/uploads'), id)
  const { socket, text } = patching(context, id, bytes.length)
  socket.write(bytes.subarray(0, 600_000))
  await eventually('what was sent to arrive', async () => (await stat(path)).size >= 500_000)
  await disk.fill()
  socket.write(bytes.subarray(600_000))
  const answer = await eventually('the refusal', () => (text().includes('requestId') ? text() : null))
  assert.match(answer, /^HTTP\/1.1 507 /)
  assert.match(answer, 'urn:veza:problem:storage-full')
  socket.destroy()
  const offset = await eventually('the offset', async () => {
    const { status, headers } = await ask(app, ann, { method: 'HEAD', id })
    return status === 200 ? Number(headers.get('upload-offset')) : null
  })
  assert.ok(offset >= 500_000 && offset < bytes.length, `${offset} bytes arrived`)
  const refused = await patch(app, ann, id, { offset, bytes: bytes.subarray(offset, offset + 10) })
  assert.equal([refused.status, refused.problem], [507, 'storage-full'])
  assert.equal([(await create(app, ann, 10)).problem], ['storage-full'])
  await disk.free()
  assert.is((await patch(app, ann, id, { offset, bytes: bytes.subarray(offset) })).status, 204)
  await app.jobs.drain()
  assert.is((await findAsset(ctx.db, id))?.state, 'ready')
  assert.equal(await mediaOrphans(ctx), [])
})

test('that fills up in mid-rendition: tried again, then failed in words; with room a retry makes it [FILE-07]', async (context) => {
  const { ann, api, ctx, disk } = context
  const desk = openDesk(ctx)
  const path = join(context.folder, 'noise.wav')
  await writeFile(path, wavOf(1_000_000))
  const { assetId: id } = await api.bring({ path, relativePath: '', ownerId: ann.id, batch: null })
  await ctx.db('jobs').where({ name: 'media.process-asset', key: id }).delete()
  const tryOnce = async () => {
    const run = { id: newId(), attempt: 1, signal: new AbortController().signal, progress: async () => {} }
    const work = processOne(desk, id, run).catch((error: unknown) => error)
    await eventually('ffmpeg to run', async () => (await childrenOf(process.pid, 'ffmpeg')).length > 0)
    await disk.fill()
    return work
  }
  assert.ok((await tryOnce()) instanceof Error)
  assert.equal([(await findAsset(ctx.db, id))?.state], ['processing'])
  await disk.free()
  await changeAsset(ctx.db, id, ['processing'], { attempts: 4 })
  assert.not.ok((await tryOnce()) instanceof ProblemError)
  const failed = await findAsset(ctx.db, id)
  assert.equal([failed?.state, failed?.refusalJson?.name], ['failed', 'storage-full'])
  assert.equal(await mediaOrphans(ctx), [])
  await disk.free()
  await changeAsset(ctx.db, id, ['failed'], { state: 'processing', attempts: 0 })
  const run = { id: newId(), attempt: 1, signal: new AbortController().signal, progress: async () => {} }
  await processOne(desk, id, run)
  assert.is((await findAsset(ctx.db, id))?.state, 'ready')
  assert.equal(await mediaOrphans(ctx), [])
})

test.run()
