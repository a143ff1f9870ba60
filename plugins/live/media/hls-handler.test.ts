import { request } from 'node:http'
import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createReceiver } from './receiver.ts'
import { decode, encode, publish, type Sent, Stage, until } from './test-kit.ts'

const test = suite('hls handler')
let stage: Stage
let source: Sent[]

test.before(async () => {
  stage = await Stage.start({ drainWithinMs: 300 })
  source = await encode({ seconds: 5 })
  const receiver = await createReceiver(stage.target('live'), stage.feed)
  publish(receiver, source)
  await receiver.interrupt()
  await until(() => stage.windows.find('live')?.audio.segment(2) !== undefined)
})
test.after(async () => {
  await stage.stop()
})

/** Without fetch's own decompression. */
function get(file: string, headers: Record<string, string> = {}): Promise<{ headers: object; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(stage.url('live', file), { headers }, (res) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('end', () => resolve({ headers: res.headers, body: Buffer.concat(chunks) }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

test('gives each viewer an id and counts it by its playlists [LIVE-03]', async () => {
  const ids = new Set<string>()
  for (let i = 0; i < 2; i++) {
    const text = await stage.text('live', 'index.m3u8')
    const found = [...text.matchAll(/(?:video|audio)\.m3u8\?v=([\w-]{12})/g)].map((match) => match[1]!)
    assert.is(found.length, 2)
    assert.is(found[0], found[1])
    ids.add(found[0]!)
    await stage.text('live', `video.m3u8?v=${found[0]}`)
    assert.is(stage.seen.at(-1), `live ${found[0]}`)
  }
  assert.is(ids.size, 2)
  const before = stage.seen.length
  assert.not.match(await stage.text('live', 'index.m3u8?uncounted'), /\?v=/)
  await stage.text('live', 'video.m3u8?v=%3Cscript%3E')
  assert.is(stage.seen.length, before)
})

test('lets caches keep media for ever and playlists for a moment', async () => {
  const expected = {
    'v0.m4s': ['video/mp4', 'public, max-age=31536000, immutable'],
    'a-0.mp4': ['audio/mp4', 'public, max-age=31536000, immutable'],
    'video.m3u8': ['application/vnd.apple.mpegurl', 'no-cache'],
    'video-plain.m3u8': ['application/vnd.apple.mpegurl', 'max-age=1'],
    'index.m3u8': ['application/vnd.apple.mpegurl', 'no-store'],
  }
  for (const [file, wanted] of Object.entries(expected)) {
    for (const method of ['GET', 'HEAD']) {
      const response = await fetch(stage.url('live', file), {
        method,
        headers: { 'accept-encoding': 'identity' },
      })
      assert.is(response.status, 200)
      const names = ['content-type', 'cache-control', 'access-control-allow-origin']
      assert.equal(
        names.map((name) => response.headers.get(name)),
        [...wanted, '*'],
      )
      const body = await response.arrayBuffer()
      const length = Number(response.headers.get('content-length'))
      assert.is(body.byteLength, method === 'HEAD' ? 0 : length)
    }
  }
})

test('answers preflights and refuses other methods', async () => {
  const preflight = await fetch(stage.url('live', 'v0.m4s'), { method: 'OPTIONS' })
  assert.is(preflight.status, 204)
  assert.is(preflight.headers.get('access-control-allow-headers'), 'range')
  assert.is((await fetch(stage.url('live', 'v0.m4s'), { method: 'POST' })).status, 405)
})

test('serves nothing but the files of a stream', async () => {
  const wrong = [
    '..%2fstream.json',
    'stream.json',
    'index.jsonl',
    '.v0.m4s.tmp',
    'v-0.m4s',
    'v0.mp4',
    'v99.m4s',
    'x.m3u8',
  ]
  for (const file of [...wrong, 'v0000000000001.m4s', '']) {
    const response = await fetch(stage.url('live', file))
    assert.is(response.status, 404, file)
    assert.is(await response.text(), 'Not found.\n')
  }
  for (const file of ['index.m3u8', 'video.m3u8', 'replay.m3u8', 'v0.m4s', 'v-0.mp4']) {
    assert.is((await fetch(stage.url('unknown', file))).status, 404)
    assert.is((await fetch(stage.url('never-was', file))).status, 404)
  }
})

test('compresses a playlist once for all who accept it', async () => {
  const plain = await stage.text('live', 'video.m3u8')
  await until(
    async () => 'content-encoding' in (await get('video.m3u8', { 'accept-encoding': 'gzip' })).headers,
  )
  const packed = await get('video.m3u8', { 'accept-encoding': 'gzip, br' })
  assert.is(gunzipSync(packed.body).toString(), plain)
  assert.not('content-encoding' in (await get('video.m3u8')).headers)
})

test('goes on from the disk when memory is empty [LIVE-03]', async () => {
  const inMemory = Buffer.from(await (await fetch(stage.url('live', 'v1.m4s'))).arrayBuffer())
  const playlist = await stage.text('live', 'video-plain.m3u8')
  const apart = await Stage.start({ dirFor: () => stage.target('live').dir })
  assert.is(await apart.text('live', 'video-plain.m3u8'), playlist)
  assert.is(await apart.text('live', 'video.m3u8'), playlist)
  assert.match(await apart.text('live', 'index.m3u8'), /video\.m3u8\?v=/)
  const whole = await fetch(apart.url('live', 'v1.m4s'))
  assert.ok(Buffer.from(await whole.arrayBuffer()).equals(inMemory))
  const cases: [string, number, Buffer][] = [
    ['bytes=10-19', 206, inMemory.subarray(10, 20)],
    ['bytes=100-', 206, inMemory.subarray(100)],
    ['bytes=-5', 206, inMemory.subarray(-5)],
    ['bytes=99999999-', 416, Buffer.alloc(0)],
    ['lines=1', 200, inMemory],
  ]
  for (const [range, status, body] of cases) {
    const response = await fetch(apart.url('live', 'v1.m4s'), { headers: { range } })
    assert.is(response.status, status, range)
    assert.ok(Buffer.from(await response.arrayBuffer()).equals(body), range)
  }
  await apart.stop()
})

test('lets a viewer rewind a stream that still runs [LIVE-12]', async () => {
  const text = await stage.text('live', 'video-replay.m3u8')
  assert.match(text, '#EXT-X-PLAYLIST-TYPE:EVENT')
  assert.not.match(text, 'ENDLIST')
  // Who looks back is there as long as their player asks for more, by its own id or the one that it is given.
  for (const [file, track] of [
    ['replay.m3u8?v=0a1b2c3d', 'video'],
    ['replay.m3u8', 'audio'],
    ['sound-replay.m3u8', 'audio'],
  ] as const) {
    const list = await stage.text('live', file)
    const [, uri = '', id] = new RegExp(`(${track}-replay\\.m3u8\\?v=([\\w-]{8,}))`).exec(list) ?? []
    if (file.includes('?')) assert.is(id, '0a1b2c3d')
    const before = stage.seen.length
    await stage.text('live', uri)
    assert.equal(stage.seen.slice(before), [`live ${id}`], file)
  }
})

test('keeps a replay for a minute once the stream ended [LIVE-13]', async () => {
  const receiver = await createReceiver(stage.target('over'), stage.feed)
  publish(receiver, source)
  await receiver.end()
  const response = await fetch(stage.url('over', 'replay.m3u8'))
  assert.is(response.headers.get('cache-control'), 'max-age=10')
  await until(() => stage.windows.find('over')?.isEnded ?? false)
  stage.windows.sweep(Date.now() + 61_000)
  assert.is(stage.windows.find('over'), undefined)
  await decode(stage.url('over', 'index.m3u8'))
})

test('cuts off a client that does not take its response', async () => {
  const large = await encode({ seconds: 9 })
  const inflated = large.map((one) =>
    'data' in one && one.track === 'video' ? { ...one, data: Buffer.alloc(80_000) } : one,
  )
  const receiver = await createReceiver(stage.target('large'), stage.feed)
  publish(receiver, inflated)
  await receiver.interrupt()
  await until(() => stage.windows.find('large')?.video.segment(1) !== undefined)
  const url = new URL(stage.url('large', 'v0.m4s'))
  const socket = connect(Number(url.port), '127.0.0.1')
  socket.on('error', () => {})
  const closed = new Promise((resolve) => socket.on('close', resolve))
  for (let i = 0; i < 4; i++) socket.write(`GET ${url.pathname} HTTP/1.1\r\nHost: a\r\n\r\n`)
  socket.pause()
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  let taken = 0
  socket.on('data', (chunk) => {
    taken += chunk.length
  })
  socket.resume()
  await closed
  assert.ok(taken < 4 * 4_800_000, String(taken))
  await receiver.end()
})

test.run()
