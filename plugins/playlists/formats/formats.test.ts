import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { writeJspf } from './jspf.ts'
import { writeM3u } from './m3u.ts'
import { readPlaylistFile } from './read.ts'
import { type FileEntry, textOf, UnreadableFile } from './types.ts'
import { writeXspf } from './xspf.ts'

const read = (text: string | Uint8Array, name = '') =>
  readPlaylistFile(typeof text === 'string' ? Buffer.from(text) : text, name, 10_000)
const refusal = (text: string | Uint8Array, name?: string): string => {
  try {
    read(text, name)
  } catch (error) {
    assert.instance(error, UnreadableFile)
    return (error as UnreadableFile).reason
  }
  return 'read'
}

/** What breaks formats that are put together by hand. */
const odd = fc.constantFrom(
  ']]>',
  '&amp;',
  '<title>',
  '"',
  '\\',
  '#EXTINF:1,x',
  ' - ',
  ',',
  '\u2028',
  '\ufeff',
  'é',
  '🎛',
)
const word = fc
  .array(fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 6 })
  .map((parts) => parts.join(''))
const name = fc.option(word)
const entry: fc.Arbitrary<FileEntry> = fc.record({
  title: name,
  artist: name,
  album: name,
  durationMs: fc.option(fc.integer({ min: 1, max: 86_400 }).map((seconds) => seconds * 1000)),
  isrc: fc.option(fc.constant('FRZ032600123')),
  location: fc.uuid().map((id) => `https://label.test/tracks/${id}`),
})
const file = fc.record({ title: name, description: name, entries: fc.array(entry, { maxLength: 5 }) })

/** A text as the format can hold it. */
const inXml = (text: string | null) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML 1.0 cannot hold
  textOf(textOf(text)?.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ''))
const inLine = (text: string | null) => textOf(textOf(text)?.replace(/[\p{Cc}\u2028\u2029]+/gu, ' '))

function same(
  read: ReturnType<typeof readPlaylistFile>,
  wanted: { title: string | null; entries: FileEntry[] },
  kept: (text: string | null) => string | null,
): void {
  assert.is(read.title, kept(wanted.title))
  assert.equal(
    read.entries.map(({ line: _line, isrc: _isrc, ...words }) => words),
    wanted.entries.map(({ title, artist, album, durationMs, location }) => ({
      title: kept(title),
      artist: kept(artist),
      album: kept(album),
      durationMs,
      location,
    })),
  )
}

test('XSPF comes back as it was written, whatever stands in it [LIST-12]', () => {
  fc.assert(
    fc.property(file, (wanted) => {
      const back = read(writeXspf(wanted))
      same(back, wanted, inXml)
      assert.is(back.description, inXml(wanted.description))
      assert.equal(
        back.entries.map(({ isrc }) => isrc),
        wanted.entries.map(({ isrc }) => isrc),
      )
    }),
  )
})

test('JSPF comes back as it was written, whatever stands in it [LIST-12]', () => {
  fc.assert(
    fc.property(file, (wanted) => {
      const back = read(writeJspf(wanted))
      same(back, wanted, (text) => textOf(textOf(text)))
      assert.is(back.description, textOf(wanted.description))
    }),
  )
})

test('M3U8 comes back as it was written, each value on a line of its own [LIST-12]', () => {
  fc.assert(fc.property(file, (wanted) => same(read(writeM3u(wanted)), wanted, inLine)))
})

test('reads M3U files as other programs write them [LIST-12]', () => {
  const text = [
    '\ufeff#EXTM3U',
    '#PLAYLIST:Night drive',
    '#EXTINF:210 tvg-name="a, b" group-title="x",Ann - Slow - Down',
    'music\\Ann\\01.mp3',
    '',
    '#EXTINF:-1,Only a title',
    'http://radio.test/live',
    'C:\\Music\\bare.flac',
  ].join('\r\n')
  const back = read(text)
  assert.is(back.title, 'Night drive')
  assert.equal(
    back.entries.map(({ line, artist, title, durationMs }) => [line, artist, title, durationMs]),
    [
      [4, 'Ann', 'Slow - Down', 210_000],
      [7, null, 'Only a title', null],
      [8, null, null, null],
    ],
  )
})

test('reads Latin-1, UTF-8 with and without a mark, and UTF-16 [LIST-12]', () => {
  const words = '#EXTM3U\n#EXTINF:1,Zoé - Été\na.mp3\n'
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(words, 'utf16le')])
  for (const bytes of [
    Buffer.from(words, 'latin1'),
    Buffer.from(words),
    Buffer.from(`\ufeff${words}`),
    utf16,
  ]) {
    const [first] = read(bytes, 'list.m3u').entries
    assert.equal([first?.artist, first?.title], ['Zoé', 'Été'])
  }
})

test('reads XSPF with prefixes, comments, CDATA and odd order [LIST-12]', () => {
  const back = read(`<?xml version='1.0'?><!-- <track> -->
    <x:playlist xmlns:x="http://xspf.org/ns/0/" version="1"><x:trackList>
    <x:track note="a > b"><x:creator><![CDATA[A & <B>]]></x:creator><x:title>T&#233;st &amp; &lt;so&gt;</x:title>
    <x:identifier>urn:isrc:fr-z03-26-00123</x:identifier><x:extension><x:title>no</x:title></x:extension></x:track>
    </x:trackList></x:playlist>`)
  const [first] = back.entries
  assert.equal([first?.artist, first?.title, first?.isrc], ['A & <B>', 'Tést & <so>', 'FRZ032600123'])
})

test('refuses entities, declarations, depth, broken and foreign files, in no time [LIST-12]', () => {
  const track = '<track><title>x</title></track>'
  const list = (inside: string, before = '') =>
    `${before}<playlist xmlns="http://xspf.org/ns/0/"><trackList>${inside}</trackList></playlist>`
  const bomb = `<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>`
  const bad = [
    list('<track><title>&b;</title></track>', bomb),
    list('<track><title>&b;</title></track>'),
    list('<track><title>&#0;</title></track>'),
    list('<track><title>a & b</title></track>'),
    list(track, '<!DOCTYPE playlist SYSTEM "file:///etc/passwd">'),
    list('<a>'.repeat(50_000)),
    list(track).slice(0, -3),
    `${list(track)}<more/>`,
    '<html><body>no</body></html>',
    '<',
    '{',
    '{"playlist":{"track":3}}',
    '['.repeat(100_000),
    `{"playlist":${'['.repeat(100_000)}`,
    '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nseg.ts\n',
    'just words',
    'a\u0000b',
    '',
  ]
  for (const text of bad) assert.is(refusal(text), 'format', text.slice(0, 60))
  assert.is(refusal(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10]), 'cover.m3u8'), 'format')
  assert.is(refusal(`#EXTM3U\n${'a.mp3\n'.repeat(10_001)}`), 'entries')
  assert.is(refusal(list('<track/>'.repeat(10_001))), 'entries')
  assert.is(refusal(JSON.stringify({ playlist: { track: Array(10_001).fill({}) } })), 'entries')
  assert.is(read(list('<track/>'.repeat(10_000))).entries.length, 10_000)
})

test.run()
