import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { runFfmpeg } from '#ffmpeg'
import { AdtsReader } from './adts-reader.ts'
import { BodyReader } from './body-reader.ts'
import { OggHead } from './ogg-head.ts'
import { credentialsOf, endOfHead, hostOf, mountOf, type RequestHead, readHead } from './request-head.ts'
import { cleanTitle, titleOfQuery } from './song-title.ts'
import { titleOfComments } from './vorbis-comments.ts'

const head = (text: string) => readHead(Buffer.from(text, 'latin1'))
const withHeaders = (headers: Record<string, string>): RequestHead => ({
  method: 'PUT',
  path: '/radio',
  query: '',
  headers: new Map(Object.entries(headers)),
})

const requests = suite('requests of Icecast sources [LIVE-05]')

requests('reads a request of either protocol and refuses what is none', () => {
  const put = head('PUT /radio.mp3?cam=2 HTTP/1.1\r\nHost: a.test:8000\r\nIce-Name:  Night ')
  assert.equal([put?.method, put?.path, put?.query], ['PUT', '/radio.mp3', 'cam=2'])
  assert.equal([put?.headers.get('ice-name'), put && hostOf(put)], ['Night', 'a.test'])
  assert.is(head('SOURCE /radio ICE/1.0\nice-public: 1')?.method, 'SOURCE')
  for (const bad of [
    '',
    'GET',
    'GET radio HTTP/1.1',
    'PUT /a HTTP/2',
    'PUT /a b HTTP/1.1',
    'PUT /a HTTP/1.1\r\n: x',
  ])
    assert.is(head(bad), null, bad)
  const folded = head('PUT /a HTTP/1.1\r\nA: b\r\n folded')
  assert.is(folded, null)
})

requests('a mount is a channel, with or without an ending', () => {
  assert.equal(mountOf('/Late-Night.mp3'), { slug: 'late-night', suffix: 'mp3' })
  assert.equal(mountOf('/radio/'), { slug: 'radio', suffix: '' })
  for (const bad of ['/', '/a/b', '/radio.exe', '/../x', `/${'a'.repeat(70)}`])
    assert.is(mountOf(bad), null, bad)
})

requests('only Basic credentials count, with a key that may hold colons', () => {
  const of = (value: string) => credentialsOf(withHeaders({ authorization: value }))
  assert.equal(of(`Basic ${btoa('source:a:b')}`), { isSource: true, key: 'a:b' })
  assert.equal(of(`basic ${btoa('admin:x')}`), { isSource: false, key: 'x' })
  for (const bad of ['', 'Digest x', 'Basic', 'Basic ***', `Basic ${btoa('source')}`])
    assert.is(of(bad), null, bad)
})

requests('the end of the head is found in both styles', () => {
  assert.equal(endOfHead(Buffer.from('a\r\n\r\nb')), { end: 1, next: 5 })
  assert.equal(endOfHead(Buffer.from('a\n\nb')), { end: 1, next: 3 })
  assert.is(endOfHead(Buffer.from('a\r\n\r')), null)
})
requests.run()

const bodies = suite('bodies of Icecast sources')
const unframed = (headers: Record<string, string>, chunks: string[]) => {
  const taken: string[] = []
  const reader = new BodyReader(withHeaders(headers), (bytes) => taken.push(bytes.toString()))
  for (const chunk of chunks) reader.push(Buffer.from(chunk))
  return [taken.join(''), reader.isEnded]
}

bodies('without framing everything is sound', () => {
  assert.equal(unframed({}, ['abc', 'd']), ['abcd', false])
  assert.equal(unframed({ 'content-length': '0' }, ['abc']), ['abc', false])
})
bodies('a length and chunks end by themselves, however they are cut', () => {
  assert.equal(unframed({ 'content-length': '3' }, ['ab', 'cd']), ['abc', true])
  const chunked = '3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n'
  const headers = { 'transfer-encoding': 'chunked' }
  assert.equal(unframed(headers, [chunked]), ['abcdefg', true])
  assert.equal(unframed(headers, [...chunked]), ['abcdefg', true])
})
bodies('impossible chunks are refused', () => {
  for (const bad of ['xyz\r\n', 'fffffff0\r\n', '1'.repeat(100), '-1\r\n'])
    assert.throws(() => unframed({ 'transfer-encoding': 'chunked' }, [bad]), /chunk/i, bad)
})
bodies.run()

const titles = suite('song titles [LIVE-05]')
titles('one line without control or direction marks, cut to length', () => {
  assert.is(cleanTitle(' a\r\nb\u0000\u202ec\t d '), 'a b c d')
  assert.is([...cleanTitle('🎵'.repeat(500))].length, 200)
  assert.is(cleanTitle('x'.repeat(10_000_000)).length, 200)
})
titles('the charset is what it says, or what it looks like', () => {
  assert.is(titleOfQuery('song=caf%C3%A9'), 'café')
  assert.is(titleOfQuery('song=caf%E9'), 'café')
  assert.is(titleOfQuery('song=%C3%A9&charset=ISO-8859-1'), 'Ã©')
  assert.is(titleOfQuery('title=b%26c&artist=a+d'), 'a d - b&c')
  assert.is(titleOfQuery('mount=/x'), null)
})
titles('letters that a program does not escape are read as it sent them, here by butt 0.1.37', () => {
  const line = 'GET /admin/metadata?mode=updinfo&mount=/radio&song=Léa%20-%20Été%20%26%20co HTTP/1.0\r\n'
  const request = readHead(Buffer.from(`${line}User-Agent: butt 0.1.37`))
  assert.is(request && titleOfQuery(request.query), 'Léa - Été & co')
  assert.is(readHead(Buffer.from('PUT /rädio HTTP/1.1'))?.path && mountOf('/r\xc3\xa4dio'), null)
})
titles('comments cut short or full of lies give what can be read', () => {
  const field = (text: string) => Buffer.concat([Buffer.from([text.length, 0, 0, 0]), Buffer.from(text)])
  const packet = Buffer.concat([
    Buffer.from('OpusTags'),
    field('v'),
    Buffer.from([9, 0, 0, 0]),
    field('TITLE=T'),
    field('artist=A'),
  ])
  assert.is(titleOfComments(packet), 'A - T')
  assert.is(titleOfComments(packet.subarray(0, -3)), 'T')
  assert.is(titleOfComments(Buffer.concat([Buffer.from('OpusTags'), Buffer.alloc(4, 0xff)])), '')
  assert.is(titleOfComments(Buffer.from('nothing')), '')
})
titles.run()

const readers = suite('frames and pages of Icecast sources [LIVE-05]')
const adts = () => runFfmpeg('-f lavfi -i sine=duration=1 -c:a aac -ar 44100 -ac 2 -f adts pipe:1'.split(' '))

/** The access units that come out when the bytes are pushed in pieces of that size. */
function cut(bytes: Buffer, size: number) {
  const out = { frames: [] as string[], configs: [] as string[], unsupported: '' }
  const reader = new AdtsReader({
    config: (asc, rate) => out.configs.push(`${asc.toString('hex')} ${rate}`),
    frame: (frame) => out.frames.push(frame.toString('base64')),
    unsupported: (codec) => {
      out.unsupported = codec
    },
  })
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size))
  return out
}

readers('AAC is cut into the same frames however it arrives, and found again behind garbage', async () => {
  const sound = await adts()
  const whole = cut(sound, sound.length)
  assert.equal(whole.configs, ['1210 44100'])
  assert.ok(whole.frames.length >= 43, `${whole.frames.length}`)
  for (const size of [1, 7, 1000]) assert.equal(cut(sound, size), whole)
  // What looks like a header but has none behind it does not count.
  const lure = Buffer.from(`fff14c8002 1ffc${'00'.repeat(40)}`.replace(' ', ''), 'hex')
  assert.equal(cut(Buffer.concat([lure, sound]), 64), whole)
  const noise = Buffer.from(Array.from({ length: 3_000 }, (_, i) => (i * 37) % 256))
  const noisy = cut(Buffer.concat([noise, sound, noise, sound]), 512)
  assert.ok(
    noisy.frames.length >= 2 * whole.frames.length - 2,
    `${noisy.frames.length} of ${2 * whole.frames.length}`,
  )
  assert.equal(noisy.configs, whole.configs)
})

readers('AAC that browsers do not play is named', async () => {
  const sound = await adts()
  for (let at = 0; at < sound.length; ) {
    const length = ((sound[at + 3]! & 3) << 11) | (sound[at + 4]! << 3) | (sound[at + 5]! >> 5)
    sound[at + 2]! &= 0x3f
    at += length
  }
  const { unsupported, frames } = cut(sound, 300)
  assert.equal([unsupported, frames.length], ['AAC Main', 0])
})

readers('no bytes make the readers throw or hold much', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (chunks) => {
      const reader = new AdtsReader({ config: () => {}, frame: () => {}, unsupported: () => {} })
      const ogg = new OggHead(() => {})
      for (const chunk of chunks) {
        reader.push(Buffer.from(chunk))
        ogg.push(Buffer.concat([Buffer.from('OggS'), Buffer.from(chunk)]))
      }
      assert.ok(ogg.bytes.length <= 1024 * 1024)
    }),
  )
})
readers.run()
