import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Library } from './kit/library.ts'
import { makeSounds } from './kit/odd-sounds.ts'
import { costOf, heapOf } from './kit/processes.ts'
import { type RunningServer, startServer } from './kit/server.ts'

interface Context {
  server: RunningServer
  library: Library
  /** Of the sound, everybody's. */
  path: string
}

const test = suite<Context>('people who leave in the middle')
test.before(async (context) => {
  const env = { VEZA_PLUGINS_MEDIA_PROFILES: 'aac-96', NODE_OPTIONS: '--inspect-port=127.0.0.1:0' }
  context.server = await startServer({ env })
  const library = await Library.open(context.server)
  const { 'a.wav': wav } = await makeSounds({ 'a.wav': ['-metadata', 'artist=Ann'] }, 20)
  const { id } = await library.bring('a.wav', wav as Buffer)
  await library.settled(id)
  const [track] = await library.publish([id])
  Object.assign(context, { library, path: track?.playback?.progressive[0]?.url ?? '' })
})
test.after(({ server }) => server?.close())

/** Sends this, reads so many bytes, and is gone without a word. */
async function leave({ server }: Context, lines: string[], body: Buffer, readBytes: number): Promise<void> {
  const socket = connect(server.port, '127.0.0.1')
  const closed = once(socket, 'close')
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(`${[...lines, 'host: 127.0.0.1', '', ''].join('\r\n')}`)
  if (body.length > 0) socket.write(body)
  let read = 0
  if (readBytes > 0)
    await new Promise<void>((resolve) => {
      socket.on('data', (chunk: Buffer) => {
        read += chunk.length
        if (read >= readBytes) resolve()
      })
      socket.once('close', () => resolve())
    })
  else await delay(5)
  socket.resetAndDestroy()
  await closed
}

async function storm(context: Context, rounds: number): Promise<void> {
  const { library, path } = context
  const { id, status } = await library.begin('never.wav', 50_000_000)
  assert.is(status, 201)
  const upload = [
    `PATCH /api/v1/media/uploads/${id} HTTP/1.1`,
    `authorization: ${library.authorization}`,
    'tus-resumable: 1.0.0',
    'content-type: application/offset+octet-stream',
    'content-length: 50000000',
  ]
  const part = Buffer.alloc(20_000, 1)
  for (let round = 0; round < rounds; round++) {
    // What arrived is kept, so the next one goes on from there.
    const { offset } = await library.arrived(id)
    const range = `range: bytes=${round * 100}-`
    await Promise.all([
      leave(context, [...upload, `upload-offset: ${offset}`], part, 0),
      ...Array.from({ length: 4 }, () =>
        leave(context, [`GET ${path} HTTP/1.1`, range], Buffer.alloc(0), 1000),
      ),
      leave(context, upload.slice(0, 3), Buffer.alloc(0), 0),
    ])
  }
  assert.is((await library.ask('DELETE', `/api/v1/media/uploads/${id}`, {})).status, 204)
}

/** The heap once all that is garbage is collected, and open files once all is closed. */
async function cost({ server }: Context, files: number): Promise<{ files: number; heapMb: number }> {
  const heapMb = await heapOf(server)
  for (let waited = 0; waited < 400 && (await costOf(server.pid)).files > files; waited++) await delay(100)
  return { files: (await costOf(server.pid)).files, heapMb }
}

test('two thousand uploads and ranges that break off leave no open file and no memory [FILE-01]', async (context) => {
  const { library, server } = context
  assert.ok(context.path)
  await storm(context, 40)
  await delay(500)
  const before = await cost(context, Number.POSITIVE_INFINITY)
  assert.ok(before.heapMb > 1, 'the heap is told')
  await storm(context, 300)
  const after = await cost(context, before.files)
  assert.ok(after.files <= before.files + 2, `${before.files} open files before, ${after.files} after`)
  assert.ok(after.heapMb < before.heapMb + 10, `${before.heapMb} MB before, ${after.heapMb} MB after`)
  assert.is(await library.ready(), 200)
  const whole = await fetch(server.url + context.path)
  assert.is((await whole.arrayBuffer()).byteLength, Number(whole.headers.get('content-length')))
  assert.equal(await library.orphans(), [])
  assert.not.match(server.output(), /"level":"(?:error|fatal)"/)
})

test.run()
