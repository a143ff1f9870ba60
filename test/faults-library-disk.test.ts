import { randomBytes } from 'node:crypto'
import { readFile, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Library } from './kit/library.ts'
import { type RunningServer, startServer } from './kit/server.ts'
import { type SlowFfmpeg, slowFfmpeg } from './kit/slow-ffmpeg.ts'
import { type SmallDisk, smallDisk } from './kit/small-disk.ts'
import { integrity } from './kit/sqlite.ts'
import { eventually } from './kit/wait.ts'

interface Context {
  disk: SmallDisk
  server: RunningServer
  library: Library
  slow: SlowFfmpeg
}

const test = suite<Context>('a full disk and music')
test.before(async (context) => {
  context.disk = await smallDisk('40m')
  context.slow = await slowFfmpeg(4)
  const env = { VEZA_PLUGINS_MEDIA_PROFILES: 'mp3-320', VEZA_FFMPEG_PATH: context.slow.program }
  context.server = await startServer({ dataDir: context.disk.dir, env })
  context.library = await Library.open(context.server)
})
test.after(async ({ server, disk, slow }) => {
  await server?.close()
  await disk?.close()
  await slow?.close()
})

test('an upload stops with a sentence, keeps what arrived and goes on when there is room [FILE-03] [FILE-01]', async (context) => {
  const { disk, library } = context
  const bytes = Buffer.concat([await context.slow.song(4), randomBytes(2_000_000)])
  const { id } = await library.begin('long.wav', bytes.length)
  const path = join(library.folder, 'storage/media/uploads', id)
  const told = await library.sendSlowly(id, bytes, 1_500_000, async () => {
    await eventually('the first part', async () => (await stat(path)).size >= 1_400_000)
    await disk.fill()
  })
  assert.equal([told.status, told.problem], [507, 'storage-full'])
  assert.match(told.title ?? '', /^The disk is full.*[.;]/)

  const kept = await library.arrived(id)
  assert.is(kept.status, 200)
  assert.ok(kept.offset >= 1_400_000 && kept.offset < bytes.length, `${kept.offset} of ${bytes.length}`)
  const again = await library.send(id, bytes.subarray(kept.offset), kept.offset)
  assert.equal([again.status, again.problem], [507, 'storage-full'])
  assert.is((await library.begin('other.wav', 1000)).problem, 'storage-full')

  await disk.free()
  assert.is((await library.arrived(id)).offset, kept.offset)
  assert.is((await library.send(id, bytes.subarray(kept.offset), kept.offset)).status, 204)
  assert.is((await library.settled(id)).state, 'ready')
  assert.ok((await readFile(join(library.folder, `storage/media/${id}/original.wav`))).equals(bytes))
  assert.equal(await library.orphans(), [])
})

/** Fills the disk while a file is encoded; nothing moves meanwhile. What the database may need is left. */
async function fillInTheMiddle({ disk, library }: Context, meanwhile: () => Promise<void> = async () => {}) {
  const stopped = await eventually('a rendition under way', async () => {
    const work = await library.storedAt('media/work')
    if (!work.some(({ key }) => key.endsWith('.mp3'))) return null
    return (await library.encoders()).filter((pid) => signal(pid, 'SIGSTOP'))
  })
  await meanwhile()
  await disk.fill()
  const ballast = join(disk.dir, 'ballast')
  await truncate(ballast, (await stat(ballast)).size - 128 * 1024)
  for (const pid of stopped) signal(pid, 'SIGCONT')
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

test('a rendition leaves nothing half made, and is made when there is room [FILE-07] [FILE-03]', async (context) => {
  const { disk, library, server } = context
  const { id } = await library.bring('first.wav', await context.slow.song(4))
  await fillInTheMiddle(context)
  await eventually('the try to fail', () => /a job failed and will be tried again/.test(server.output()))
  const now = (await library.asset(id)).body
  assert.equal([now.state, now.refusal], ['processing', null])
  assert.equal(await madeOf(library, id), ['original.wav'])
  await disk.free()
  const ready = await library.settled(id)
  assert.equal([ready.state, ready.refusal, ready.durationMs], ['ready', null, 4000])
  assert.equal(await library.orphans(), [])
})

/** What lies in its folder. */
const madeOf = async (library: Library, id: string) =>
  (await library.storedAt(`media/${id}`)).map(({ key }) => key.slice(`media/${id}/`.length))

test('one for which there is no room for long fails with its sentence and can be tried again [FILE-07] [FILE-03]', async (context) => {
  const { disk, library } = context
  const { id } = await library.bring('second.wav', await context.slow.song(4))
  // As after three tries: the one after this is the last.
  await fillInTheMiddle(context, () =>
    library.withDatabase(async (db) => {
      await db('media_assets').where({ id }).update({ attempts: 4 })
    }),
  )
  const failed = await library.settled(id)
  assert.equal([failed.state, failed.refusal?.name], ['failed', 'storage-full'])
  assert.match(failed.refusal?.title ?? '', /^The disk is full/)
  assert.equal(await madeOf(library, id), ['original.wav'])
  await disk.free()
  assert.equal(await library.orphans(), [])
  assert.is((await library.call(`/api/v1/media/assets/${id}/retry`, { method: 'POST' })).status, 200)
  assert.is((await library.settled(id)).state, 'ready')
  assert.equal(await library.orphans(), [])
})

test('the server went through all of it, and its data are whole [OPS-13]', async ({ server, library }) => {
  const { pid } = server
  assert.is(await library.ready(), 200)
  assert.is(server.pid, pid)
  await server.stop()
  assert.equal(await integrity(server.dataDir), ['ok'])
})

test.run()
