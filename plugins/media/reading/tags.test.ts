import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readTags } from './tags.ts'
import {
  box,
  chunk,
  id3,
  jpeg,
  latin,
  mp3Frames,
  oggPage,
  type TestFrame,
  textFrame,
  wave,
} from './testdata/bytes.ts'
import { ffmpeg, formats, makeTones, retag, temporary } from './testdata/media.ts'
import { comments, pictureBlock, song, tagsOf } from './testdata/tagged.ts'

const test = suite<{ folder: string; remove: () => Promise<void> }>('tags of a file')
test.before(async (context) => {
  Object.assign(context, await temporary())
  await makeTones(context.folder)
  await retag(context.folder, {
    title: 'Tïtle 日本',
    artist: 'Ann feat. Bob',
    album: 'An album',
    album_artist: 'Ann',
    track: '3/12',
    disc: '1/2',
    date: '2021-03-15',
    genre: 'Techno; House',
    composer: 'Cleo',
    comment: 'Recorded at home',
    copyright: '℗ 2020 L © 2021 M',
    publisher: 'A label',
    lyrics: 'la la',
    TSRC: 'USABC2100001',
    isrc: 'US-ABC-21-00001',
    TBPM: '128',
    bpm: '128',
    barcode: '036000291452',
    CATALOGNUMBER: 'CAT 1',
    initialkey: '8A',
  })
})
test.after(({ remove }) => remove())

test('reads what ffmpeg wrote alike in every format [FILE-04]', async ({ folder }) => {
  for (const { name, kind, hasCover } of formats) {
    const { cover, warnings, ...tags } = await readTags(join(folder, `retagged-${name}`), kind)
    assert.is(tags.title, 'Tïtle 日本', name)
    assert.equal(tags.artists, ['Ann'], name)
    assert.ok(
      tags.credits.some((credit) => credit.name === 'Bob' && credit.role === 'featured'),
      name,
    )
    assert.is(tags.album, 'An album', name)
    assert.equal([tags.trackNumber, tags.trackTotal], [3, 12], name)
    assert.is(tags.releaseDate, '2021-03-15', name)
    assert.equal(tags.genres, ['Techno', 'House'], name)
    assert.is(tags.comment, 'Recorded at home', name)
    assert.equal([tags.pLine, tags.cLine], ['℗ 2020 L', '© 2021 M'], name)
    assert.equal(warnings, [], name)
    assert.is(cover?.mime ?? null, hasCover ? 'image/jpeg' : null, name)
    if (kind === 'wav') continue
    assert.equal(tags.albumArtists, ['Ann'], name)
    assert.equal([tags.discNumber, tags.discTotal], [1, 2], name)
    assert.ok(
      tags.credits.some((credit) => credit.name === 'Cleo' && credit.role === 'composer'),
      name,
    )
    assert.is(tags.lyrics, 'la la', name)
    if (kind === 'm4a') continue
    assert.equal([tags.isrc, tags.bpm, tags.upc], ['USABC2100001', 128, '036000291452'], name)
    assert.equal([tags.catalogNumber, tags.label, tags.key], ['CAT 1', 'A label', 'Am'], name)
  }
})

test('a file without tags is a file with nothing to say and nothing to warn of [FILE-04]', async ({
  folder,
}) => {
  await ffmpeg(folder, '-i tone-cbr.mp3 -map_metadata -1 -c copy -write_id3v2 0 bare.mp3'.split(' '))
  const tags = await readTags(join(folder, 'bare.mp3'), 'mp3')
  const { artists, albumArtists, genres, credits, tags: moods, warnings, isCompilation, ...rest } = tags
  assert.equal([artists, albumArtists, genres, credits, moods, warnings], [[], [], [], [], [], []])
  assert.not(isCompilation)
  assert.ok(Object.values(rest).every((value) => value === null))
})

test('reads Latin-1, UTF-16 and UTF-8, and repairs UTF-8 that calls itself Latin-1 [FILE-04]', async ({
  folder,
}) => {
  const wide = (text: string) => Buffer.concat([latin('\x01\xff\xfe'), Buffer.from(text, 'utf16le')])
  const big = (text: string) => Buffer.concat([latin('\x02'), Buffer.from(text, 'utf16le').swap16()])
  const tags = await tagsOf(
    folder,
    'mp3',
    song(
      id3(3, [
        { id: 'TIT2', body: wide('Größe 日本') },
        { id: 'TPE1', body: latin('\0Motörhead') },
        { id: 'TALB', body: Buffer.concat([latin('\0'), Buffer.from('Café “Noir”')]) },
        { id: 'TPE2', body: big('Ünï') },
      ]),
    ),
  )
  assert.equal(
    [tags.title, tags.artists, tags.album, tags.albumArtists],
    ['Größe 日本', ['Motörhead'], 'Café “Noir”', ['Ünï']],
  )
  const info = chunk(
    'LIST',
    Buffer.concat([latin('INFO'), chunk('INAM', Buffer.from('Žižek\0')), chunk('IART', latin('Bj\xf6rk\0'))]),
  )
  const wav = await tagsOf(folder, 'wav', wave(info, chunk('data', Buffer.alloc(8))))
  assert.equal([wav.title, wav.artists], ['Žižek', ['Björk']])
})

test('splits names only where they are written as a list [FILE-04]', async ({ folder }) => {
  const artistsOf = async (major: 3 | 4, text: string) =>
    (await tagsOf(folder, 'mp3', song(id3(major, [textFrame('TPE1', text)])))).artists
  assert.equal(await artistsOf(3, 'AC/DC'), ['AC/DC'])
  assert.equal(await artistsOf(3, 'Ann / Bob'), ['Ann', 'Bob'])
  assert.equal(await artistsOf(4, 'Ann / Bob'), ['Ann / Bob'])
  assert.equal(await artistsOf(4, 'Ann\0Bob\0ann'), ['Ann', 'Bob'])
  assert.equal(await artistsOf(4, 'Ann; Bob'), ['Ann', 'Bob'])
  assert.equal(await artistsOf(4, 'Simon & Garfunkel'), ['Simon & Garfunkel'])
  assert.equal(await artistsOf(4, 'Earth, Wind & Fire'), ['Earth, Wind & Fire'])
  assert.equal(await artistsOf(4, '10 Ft. Ganja Plant'), ['10'])
  assert.equal(await artistsOf(4, '10 Ft Ganja Plant'), ['10 Ft Ganja Plant'])
})

test('reads people, lyrics and codes from ID3 frames of each version [FILE-04]', async ({ folder }) => {
  const note = (id: string, text: string): TestFrame => ({ id, body: latin(`\0eng\0${text}`) })
  const named = (name: string, value: string): TestFrame => ({
    id: 'TXXX',
    body: latin(`\0${name}\0${value}`),
  })
  const sung = Buffer.concat([
    latin('\0eng\x02\x01\0'),
    latin('One\0\0\0\x03\xe8'),
    latin('Two\0\0\x01\x11\x70'),
  ])
  const four = await tagsOf(
    folder,
    'mp3',
    song(
      id3(4, [
        textFrame('TPE1', 'Ann (ft. Bob & Cy)'),
        textFrame('TIPL', 'producer\0Pat\0mix\0Max\0mastering\0Mo\0'),
        textFrame('TMCL', 'guitar\0Gil'),
        textFrame('TMOO', 'dark'),
        textFrame('TIT1', 'live'),
        textFrame('TCMP', '1'),
        textFrame('TDRC', '2020-05-06T10:00:00'),
        textFrame('TCON', '(17)'),
        named('ITUNESADVISORY', '1'),
        named('INITIALKEY', '1m'),
        named('BPM', '127,5'),
        named('BARCODE', '036000291453'),
        { id: 'WCOP', body: latin('https://creativecommons.org/licenses/by/4.0/') },
        note('COMM', 'a comment'),
        note('USLT', 'one\r\ntwo'),
        { id: 'SYLT', body: sung },
      ]),
    ),
  )
  assert.equal(four.credits, [
    { name: 'Pat', role: 'producer' },
    { name: 'Max', role: 'mixer' },
    { name: 'Mo', role: 'mastering' },
    { name: 'Gil', role: 'performer' },
    { name: 'Bob & Cy', role: 'featured' },
  ])
  assert.equal(
    [four.artists, four.tags, four.isCompilation, four.isExplicit],
    [['Ann'], ['dark', 'live'], true, true],
  )
  assert.equal(
    [four.releaseDate, four.genres, four.key, four.bpm, four.upc],
    ['2020-05-06', ['Rock'], 'Am', 127.5, null],
  )
  assert.is(four.licence, 'https://creativecommons.org/licenses/by/4.0/')
  assert.equal(
    [four.comment, four.lyrics, four.syncedLyrics],
    ['a comment', 'one\ntwo', '[00:01.00]One\n[01:10.00]Two'],
  )
  const three = id3(3, [textFrame('TYER', '1998'), textFrame('TDAT', '0312'), textFrame('TIT2', 'Three')])
  assert.is((await tagsOf(folder, 'mp3', song(three))).releaseDate, '1998-12-03')
  const two = await tagsOf(
    folder,
    'mp3',
    song(id3(2, [textFrame('TT2', 'Two'), textFrame('TRK', '2/9'), note('COM', 'old')])),
  )
  assert.equal([two.title, two.trackNumber, two.trackTotal, two.comment], ['Two', 2, 9, 'old'])
})

test('reads what other programs do to ID3: unsynchronised, wrong sizes, tags behind the audio [FILE-04]', async ({
  folder,
}) => {
  const escaped = { id: 'TIT2', body: latin('\x01\xff\0\xfeA\0B\0') }
  const unsynced = id3(3, [escaped], 0x80)
  unsynced.writeUInt32BE(escaped.body.length - 1, 14)
  assert.is((await tagsOf(folder, 'mp3', song(unsynced))).title, 'AB')
  const long = 'x'.repeat(259)
  const itunes = id3(4, [textFrame('TALB', long), textFrame('TIT2', 'After')])
  itunes.writeUInt32BE(260, 14)
  const read = await tagsOf(folder, 'mp3', song(itunes))
  assert.equal([read.album, read.title], [long.slice(0, 200), 'After'])
  const v1 = Buffer.alloc(128)
  latin('TAGOld title').copy(v1)
  latin('Old artist').copy(v1, 33)
  latin('1987').copy(v1, 93)
  v1[126] = 7
  v1[127] = 8
  const old = await tagsOf(folder, 'mp3', Buffer.concat([mp3Frames(3), v1]))
  assert.equal(
    [old.title, old.artists, old.releaseDate, old.trackNumber, old.genres],
    ['Old title', ['Old artist'], '1987', 7, ['Jazz']],
  )
  const item = Buffer.concat([latin('\x08\0\0\0\0\0\0\0Title\0'), Buffer.from('Apé\0Two')])
  const mark = Buffer.alloc(32)
  mark.write('APETAGEX', 'latin1')
  mark.writeUInt32LE(item.length + 32, 12)
  mark.writeUInt32LE(1, 16)
  const ape = await tagsOf(folder, 'mp3', Buffer.concat([mp3Frames(3), item, mark, v1]))
  assert.equal([ape.title, ape.artists], ['Apé', ['Old artist']])
})

test('reads Vorbis comments with pictures, MP4 items of other programs and broadcast chunks [FILE-04]', async ({
  folder,
}) => {
  const picture = jpeg(500)
  const encoded = `METADATA_BLOCK_PICTURE=${pictureBlock(3, picture).toString('base64')}`
  const list = [
    'title=Song',
    'PERFORMER=Pia',
    'ARTISTS=Ann',
    'artists=Bob',
    'LYRICS=[00:01.00]a\n[00:02.50]b',
    'KEY=F♯ minor',
    'date=03.04.2020',
    'YEAR=2019',
  ]
  const opus = Buffer.concat([
    oggPage(1, 2, [latin('OpusHead')]),
    oggPage(1, 0, [Buffer.concat([latin('OpusTags'), comments(encoded, ...list)])]),
    oggPage(1, 4, [Buffer.alloc(9)]),
  ])
  const ogg = await tagsOf(folder, 'ogg', opus)
  assert.equal(ogg.cover, { mime: 'image/jpeg', bytes: picture })
  assert.equal([ogg.title, ogg.artists, ogg.key, ogg.releaseDate], ['Song', ['Ann', 'Bob'], 'F#m', '2019'])
  assert.equal([ogg.lyrics, ogg.syncedLyrics], ['a\nb', '[00:01.00]a\n[00:02.50]b'])
  const data = (type: number, value: Buffer) =>
    box('data', Buffer.concat([Buffer.of(0, 0, 0, type, 0, 0, 0, 0), value]))
  const free = (name: string, value: string) =>
    box(
      '----',
      Buffer.concat([
        box('mean', latin('\0\0\0\0com.apple.iTunes')),
        box('name', latin(`\0\0\0\0${name}`)),
        data(1, Buffer.from(value)),
      ]),
    )
  const items = [
    box('\xa9nam', data(1, Buffer.from('Ünder'))),
    box('rtng', data(21, Buffer.of(4))),
    box('cpil', data(21, Buffer.of(1))),
    box('tmpo', data(21, Buffer.of(0, 174))),
    free('ISRC', 'GBAYE0000351'),
    free('LABEL', 'Free'),
    free('initialkey', '3d'),
  ]
  const meta = (list: Buffer) =>
    box('moov', box('udta', box('meta', Buffer.concat([Buffer.alloc(4), box('ilst', list)]))))
  const mp4 = await tagsOf(folder, 'm4a', meta(Buffer.concat(items)))
  assert.equal(
    [mp4.title, mp4.isExplicit, mp4.isCompilation, mp4.bpm, mp4.isrc, mp4.label, mp4.key],
    ['Ünder', true, true, 174, 'GBAYE0000351', 'Free', 'D'],
  )
  const bext = Buffer.alloc(602)
  latin('A take in studio two').copy(bext)
  const broadcast = wave(
    chunk('bext', bext),
    chunk('data', Buffer.alloc(8)),
    chunk('id3 ', id3(3, [textFrame('TIT2', 'Take')])),
  )
  const wav = await tagsOf(folder, 'wav', broadcast)
  assert.equal([wav.title, wav.comment], ['Take', 'A take in studio two'])
})

test.run()
