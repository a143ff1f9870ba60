import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { IngestLimits } from '../ingest/limits.ts'
import { RawClient, type TestIngest, until } from '../ingest/test-kit.ts'
import { FfmpegSource, icecastIngest, RawSource } from './test-kit.ts'

const limits: Partial<IngestLimits> = {
  publishWithinMs: 600,
  lingerMs: 50,
  sourceIdleMs: 500,
  keyFrameWithinMs: 600,
}
const test = suite<{ live: TestIngest; port: number }>('the Icecast port and hostile peers')
test.before(async (context) => {
  Object.assign(context, await icecastIngest(limits))
})
test.after(({ live }) => live.ingest.stop())

const put = 'PUT /radio HTTP/1.1'
const mp3 = { 'Content-Type': 'audio/mpeg' }

test('without credentials it is asked for them, under another name or type told so, all in a sentence [LIVE-05]', async ({
  live,
  port,
}) => {
  const answers: [line: string, headers: Record<string, string>, key: string | undefined, answer: RegExp][] =
    [
      [put, mp3, undefined, /^HTTP\/1\.0 401 [\s\S]*WWW-Authenticate: Basic[\s\S]*Log in as source/],
      [
        put,
        { ...mp3, Authorization: `Basic ${btoa('admin:good')}` },
        undefined,
        /401[\s\S]*user name is source/,
      ],
      [put, { 'Content-Type': 'video/webm' }, 'good', /415[\s\S]*Send MP3/],
      [put, {}, 'good', /415/],
      ['SOURCE /a/b HTTP/1.0', mp3, 'good', /404[\s\S]*address of a channel/],
      [put, mp3, 'wrong', /401[\s\S]*This stream key is not valid/],
      ['OPTIONS * HTTP/1.1', {}, undefined, /^HTTP\/1\.0 204 [\s\S]*Allow: GET, PUT, SOURCE, OPTIONS/],
      ['GET /status-json.xsl HTTP/1.0', {}, undefined, /200[\s\S]*{"icestats":/],
      ['GET /admin/stats HTTP/1.0', {}, undefined, /200[\s\S]*<icestats>/],
      ['GET /radio HTTP/1.0', {}, undefined, /404[\s\S]*Listen on the web page/],
      ['DELETE /radio HTTP/1.0', {}, undefined, /404/],
    ]
  for (const [line, headers, key, answer] of answers) {
    const peer = new RawSource(port)
    peer.ask(line, headers, key)
    await peer.closed()
    assert.match(peer.received, answer, line)
  }
  assert.is(live.receivers.size, 0)
})

test('who asked in time is not cut off while a busy server makes up its mind [LIVE-02] [LIVE-05]', async () => {
  const { live, port } = await icecastIngest(limits)
  live.answersAfterMs = 2 * limits.publishWithinMs!
  const source = new RawSource(port)
  source.ask(put, { 'Content-Type': 'audio/aac' }, 'other-source')
  const encoder = new RawClient(live.last('listening')!.port)
  await encoder.publish('other-encoder')
  await source.waitFor('200 OK')
  await encoder.waitFor('NetStream.Publish.Start')
  await live.ingest.stop()
})

test('Expect: 100-continue waits for the answer; sound sent early and in chunks is not lost', async ({
  live,
  port,
}) => {
  const sound = new RawSource(port)
  const headers = { 'Content-Type': 'audio/aac', Expect: '100-continue', 'Transfer-Encoding': 'chunked' }
  sound.ask(put, headers, 'other-chunked')
  const frame = Buffer.from(`fff15080021ffc${'00'.repeat(9)}`, 'hex')
  const send = () => sound.socket.write(Buffer.concat([Buffer.from('10\r\n'), frame, Buffer.from('\r\n')]))
  send()
  await sound.waitFor('HTTP/1.1 100 Continue\r\n\r\n')
  send()
  send()
  const samples = () => live.receivers.get('other-chunked')?.samples ?? []
  await until(() => samples().length === 3, 'three frames')
  assert.equal(
    [samples()[0]!.data.length, live.receivers.get('other-chunked')!.configs[0]!.config.toString('hex')],
    [9, '1210'],
  )
  sound.socket.write('0\r\n\r\n')
  await sound.waitFor('HTTP/1.0 200 OK')
  await sound.closed()
  assert.is((await live.wait('publisher-gone')).cause, 'unpublished')
})

test('garbage, endless headers, a slow head and a silent source are cut; their memory is not kept [LIVE-05]', async (context) => {
  const { live, port } = context
  const [garbage, tls, endless, slow, many, silent] = Array.from({ length: 6 }, () => new RawSource(port))
  garbage!.socket.write('\u0000\u0001\u0002garbage\r\n\r\n')
  tls!.socket.write(Buffer.from('16030100c8010000c40303', 'hex'))
  endless!.socket.write(`PUT /radio HTTP/1.1\r\nX: ${'x'.repeat(9_000)}`)
  many!.socket.write(`PUT /radio HTTP/1.1\r\n${'A: b\r\n'.repeat(100)}\r\n`)
  slow!.socket.write('PUT /radio HTTP/1.1\r\n')
  const drip = setInterval(() => slow!.socket.write('A: b\r\n'), 50)
  silent!.ask(put, { 'Content-Type': 'audio/aac' }, 'other-silent')
  for (const peer of [garbage, tls, endless, slow, many, silent]) await peer!.closed()
  clearInterval(drip)
  assert.match(garbage!.received, /^HTTP\/1\.0 400 /)
  assert.match(endless!.received, /^HTTP\/1\.0 431 /)
  assert.match(many!.received, /^HTTP\/1\.0 400 /)
  assert.equal([tls!.received, slow!.received], ['', ''])
  await until(() => live.ingest.openConnections === 0, 'all connections to go')
})

test('noise under a good key is turned away by name; a title of ten megabytes never arrives', async ({
  live,
  port,
}) => {
  const noise = new RawSource(port)
  noise.ask(put, { 'Content-Type': 'audio/aac' }, 'other-noise')
  await noise.waitFor('200 OK')
  const bytes = Buffer.from(Array.from({ length: 64 * 1024 }, (_, i) => (i * i * 31) % 251))
  const feed = setInterval(() => noise.socket.write(bytes), 20)
  await noise.closed()
  clearInterval(feed)
  const { streamId, code, detail } = await live.wait('warning')
  assert.equal([streamId, code, detail], ['other-noise', 'unsupported-codec', 'sound that cannot be read'])
  const title = new RawSource(port)
  title.ask(
    `GET /admin/metadata?mode=updinfo&mount=/radio&song=${'x'.repeat(10_000_000)} HTTP/1.0`,
    {},
    'good',
  )
  await title.closed()
  assert.not.match(title.received, /200/)
  const source = new FfmpegSource(`icecast://source:good@127.0.0.1:${port}/radio`, 'aac')
  await until(() => (live.receivers.get('one')?.samples.length ?? 0) > 0, 'a good source after all that')
  await source.stop()
})

test.run()
