import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Upload } from 'tus-js-client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Db, openDatabase } from '../../server/db/index.ts'
import { createDiskStorage } from '../../server/storage/index.ts'
import { mediaOrphans } from '../../test/kit/orphans.ts'
import { type RunningServer, startServer } from '../../test/kit/server.ts'
import { Visitor } from '../../test/kit/visitor.ts'
import { eventually, patienceMs, soon } from '../../test/kit/wait.ts'
import type { Asset } from './contract.ts'
import { metadataOf, tone } from './testdata/kit.ts'
import { smallWav } from './testdata/leave.ts'

interface Context {
  server: RunningServer
  visitor: Visitor
  token: string
}

const uploads = '/api/v1/media/uploads'
const test = suite<Context>('uploads and a server that dies')
test.before(async (context) => {
  context.server = await startServer({ roles: ['web', 'worker'] })
  context.visitor = new Visitor(context.server)
  context.token = (await context.visitor.signIn()).accessToken
})
test.after(({ server }) => server?.close())

const asset = async ({ visitor }: Context, id: string): Promise<Asset> =>
  (await visitor.call<Asset>(`/api/v1/media/assets/${id}`)).body
const ready = (context: Context, id: string) =>
  eventually(`the file to be ready`, async () => {
    const found = await asset(context, id)
    assert.is.not(found.state, 'failed', JSON.stringify(found.refusal))
    return found.state === 'ready' ? found : null
  })

/** A WAV of noise, long enough to be cut and to be encoded for a while. */
const wavOf = (bytes: number): Buffer => {
  const head = Buffer.from(smallWav.subarray(0, 44))
  head.writeUInt32LE(bytes + 36, 4)
  head.writeUInt32LE(bytes, 40)
  return Buffer.concat([head, randomBytes(bytes)])
}

async function begin({ visitor, token }: Context, sizeBytes: number): Promise<string> {
  const headers = {
    authorization: `Bearer ${token}`,
    'tus-resumable': '1.0.0',
    'upload-length': String(sizeBytes),
    'upload-metadata': metadataOf({ filename: 'noise.wav' }),
  }
  const response = await fetch(visitor.url + uploads, { method: 'POST', headers })
  assert.is(response.status, 201)
  return response.headers.get('location')?.split('/').at(-1) ?? ''
}

function resume({ visitor, token }: Context, id: string, bytes: Buffer, chunkSize: number) {
  const uploadUrl = `${visitor.url}${uploads}/${id}`
  const upload = new Upload(bytes, { uploadUrl, headers: { authorization: `Bearer ${token}` }, chunkSize })
  // As long as a start is waited for: a busy machine takes its time to start a server again.
  const retryDelays = Array.from({ length: (2 * patienceMs) / 250 }, () => 250)
  const ended = new Promise<void>((resolve, reject) => {
    Object.assign(upload.options, { retryDelays, onSuccess: () => resolve(), onError: reject })
  })
  // Whoever waits for it hears of it, whenever that is.
  ended.catch(() => {})
  upload.start()
  return { upload, ended }
}

async function withDatabase<T>(
  { server }: Context,
  work: (db: Db, folder: string) => Promise<T>,
): Promise<T> {
  const folder = join(server.dataDir, 'sites', 'main')
  const database = await openDatabase({ location: join(folder, 'veza.db') })
  return work(database.db, folder).finally(() => database.close())
}

const orphans = (context: Context) =>
  withDatabase(context, async (db, folder) => {
    const storage = await createDiskStorage({ dir: join(folder, 'storage'), signer: {} as never })
    return mediaOrphans({ db, storage })
  })

/** Folders of attempts under way. */
const working = ({ server }: Context) =>
  readdir(join(server.dataDir, 'sites', 'main', 'storage', 'media', 'work')).catch(() => [])

test('the upload goes on by itself after the server was killed in its middle [FILE-01]', async (context) => {
  const { server, visitor } = context
  const bytes = wavOf(1_000_000)
  const id = await begin(context, bytes.length)
  const { upload, ended } = resume(context, id, bytes, 200_000)
  const [pid] = await new Promise<[number]>((resolve) => {
    upload.options.onChunkComplete = (_size, accepted) => {
      if (accepted >= 400_000) resolve([server.pid])
    }
  })
  await server.kill('SIGKILL')
  await server.restart()
  assert.is.not(server.pid, pid)
  await soon('the rest to arrive', ended, 30_000)
  const { sizeBytes, durationMs } = await ready(context, id)
  assert.equal([sizeBytes, durationMs], [bytes.length, Math.round(1_000_000 / 88.2)])
  const original = join(server.dataDir, 'sites', 'main', 'storage', 'media', id, 'original.wav')
  assert.ok((await readFile(original)).equals(bytes))
  assert.is(await visitor.ready(), 200)
})

test('a job that was killed in its middle runs again, and nothing half-made is left [FILE-07]', async (context) => {
  const { server } = context
  const long = await readFile(await tone(server.dataDir, 'long.mp3', { seconds: 30, args: ['-b:a', '64k'] }))
  const id = await begin(context, long.length)
  await soon('the upload', resume(context, id, long, long.length).ended, 30_000)
  await eventually('the job to be at work', async () => (await working(context)).length > 0)
  await server.kill('SIGKILL')
  assert.is((await working(context)).length, 1)
  // As if the minute after which a silent worker is given up had passed.
  await withDatabase(context, (db) =>
    db('jobs').where({ state: 'running' }).update({ leaseUntil: '2020-01-01T00:00:00.000Z' }),
  )
  await server.restart()
  const { durationMs } = await ready(context, id)
  assert.ok(Math.abs((durationMs ?? 0) - 30_000) < 100, `${durationMs} ms`)
  await eventually('what was left to be swept', async () => (await working(context)).length === 0)
  assert.equal(await orphans(context), [])
})

test.run()
