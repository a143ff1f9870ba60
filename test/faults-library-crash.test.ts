import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Upload } from 'tus-js-client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Library } from './kit/library.ts'
import { processesWith } from './kit/processes.ts'
import { type RunningServer, startServer } from './kit/server.ts'
import { type SlowFfmpeg, slowFfmpeg } from './kit/slow-ffmpeg.ts'
import { integrity } from './kit/sqlite.ts'
import { eventually, patienceMs } from './kit/wait.ts'

interface Context {
  server: RunningServer
  library: Library
  slow: SlowFfmpeg
  /** Files that were brought, with what they are. */
  brought: { id: string; bytes: Buffer }[]
}

const test = suite<Context>('music on a server that is killed')
test.before(async (context) => {
  context.brought = []
  context.slow = await slowFfmpeg(4)
  const env = { VEZA_PLUGINS_MEDIA_PROFILES: 'aac-96', VEZA_FFMPEG_PATH: context.slow.program }
  context.server = await startServer({ env })
  context.library = await Library.open(context.server)
})
test.after(async ({ server, slow }) => {
  await server?.close()
  await slow?.close()
})

const originalOf = ({ library }: Context, id: string) =>
  readFile(join(library.folder, `storage/media/${id}/original.wav`))

test('an upload goes on after a kill -9, by the usual client, and every byte arrives [FILE-01] [OPS-13]', async (context) => {
  const { server, library, slow } = context
  const bytes = await slow.song(12)
  let restarted: Promise<void> | null = null
  const upload = new Upload(bytes as never, {
    endpoint: `${server.url}/api/v1/media/uploads`,
    headers: { authorization: library.authorization },
    metadata: { filename: 'long.wav' },
    chunkSize: 300_000,
    // As long as a start is waited for: a busy machine takes its time to start a server again.
    retryDelays: Array.from({ length: (2 * patienceMs) / 250 }, () => 250),
    onChunkComplete: (_size, accepted) => {
      if (accepted < 900_000 || restarted) return
      restarted = server.kill('SIGKILL').then(() => server.restart())
    },
  })
  await new Promise<void>((resolve, reject) => {
    Object.assign(upload.options, { onSuccess: () => resolve(), onError: reject })
    upload.start()
  })
  assert.ok(restarted, 'the server was killed')
  await restarted
  const id = upload.url?.split('/').at(-1) ?? ''
  assert.ok((await originalOf(context, id)).equals(bytes))
  assert.is((await library.settled(id)).state, 'ready')
})

/** What is waited for before the server is killed, and whether it runs long enough to be met. */
type Moment = (context: Context, id: string) => Promise<unknown>
const inWork =
  (pattern: RegExp): Moment =>
  ({ library }, _id) =>
    eventually(`${pattern} in the works`, async () =>
      (await library.storedAt('media/work')).some(({ key }) => pattern.test(key)),
    )
const moments: Record<string, Moment> = {
  'when the last byte arrived': async () => {},
  'while tags and hashes are read': () => delay(15),
  'while waveforms are drawn': inWork(/\.dat$/),
  'while it is encoded': inWork(/\.mp4$/),
  'while it is put in its place': async ({ library }, id) => {
    for (let moved = false; !moved; await delay(1))
      moved = (await library.storedAt(`media/${id}`)).some(({ key }) => key.split('/').length > 3)
  },
}

for (const [when, moment] of Object.entries(moments))
  test(`a kill -9 ${when} leaves no encoder at work, and the job waits [FILE-07] [OPS-13]`, async (context) => {
    const { server, library, slow, brought } = context
    const bytes = await slow.song(3)
    const { id, status } = await library.bring('song.wav', bytes)
    assert.is(status, 204)
    brought.push({ id, bytes })
    await moment(context, id)
    await server.kill('SIGKILL')
    await eventually('the encoders to end', async () => (await processesWith(server.dataDir)).length === 0)
    // As if the minute had passed after which a silent worker's job is another's.
    await library.withDatabase(async (db) => {
      await db('jobs').where({ state: 'running' }).update({ leaseUntil: '2020-01-01T00:00:00.000Z' })
    })
    await server.restart()
    assert.is(await library.ready(), 200)
  })

test('an encoder that is killed alone is started again [FILE-07]', async (context) => {
  const { library, server, slow, brought } = context
  const bytes = await slow.song(3)
  const { id } = await library.bring('last.wav', bytes)
  brought.push({ id, bytes })
  for (const one of brought.slice(0, -1)) await library.settled(one.id)
  const [pid] = await eventually('an encoder', async () => {
    const found = await library.encoders()
    return found.length > 0 ? found : null
  })
  process.kill(pid ?? 0, 'SIGKILL')
  await eventually('the try to fail', () => /a job failed and will be tried again/.test(server.output()))
  assert.is((await library.settled(id)).state, 'ready')
})

test('everything was made in the end, each once, and nothing else is left [FILE-07] [OPS-13]', async (context) => {
  const { library, brought, server } = context
  assert.is(brought.length, 6)
  for (const { id, bytes } of brought) {
    const asset = await library.settled(id)
    assert.equal([asset.state, asset.refusal, asset.durationMs], ['ready', null, 3000])
    assert.ok((await originalOf(context, id)).equals(bytes))
    const folders = new Set(
      (await library.storedAt(`media/${id}`)).map(({ key }) => key.split('/').slice(2, -1).join('/')),
    )
    assert.is(folders.size, 2, `the original and one attempt: ${[...folders]}`)
  }
  assert.equal(await library.orphans(), [])
  await library.withDatabase(async (db) => {
    const ids = brought.map(({ id }) => id)
    assert.is((await db('media_renditions').whereIn('asset_id', ids)).length, brought.length)
    assert.equal(await db('jobs').where({ state: 'failed' }), [])
    assert.is((await db('audit_entries').where({ action: 'media.added' })).length, brought.length + 1)
  })
  await server.stop()
  assert.equal(await integrity(server.dataDir), ['ok'])
})

test.run()
