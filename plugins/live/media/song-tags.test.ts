import HLS from 'hls-parser'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkLowLatency } from '../testdata/low-latency.ts'
import { PlayedStream } from '../testdata/played-stream.ts'
import { LiveWindow, type RenditionKey } from './live-window.ts'
import { renderMedia } from './playlist.ts'
import { type MediaForm, WindowPlaylists } from './playlists.ts'
import { dateSongs } from './song-tags.ts'
import { checkMedia } from './test-kit.ts'
import type { IndexEntry } from './types.ts'

const test = suite('songs in playlists')

const read = (window: LiveWindow, form: MediaForm, key: RenditionKey = 'video') =>
  new WindowPlaylists(window).media(key, form)!.plain.toString()
/** Of each song's tag its title and its date in seconds of the stream. */
const songs = (text: string) =>
  [...text.matchAll(/^#EXT-X-DATERANGE:(.*)$/gm)].map(([, tag = '']) => {
    const [, date = '', title = ''] = /START-DATE="([^"]+)".*X-COM-VEZA-TITLE="([^"]*)"$/.exec(tag) ?? []
    return [title, (Date.parse(date) - 1_700_000_000_000) / 1000]
  })

function played(segments: number): PlayedStream {
  const stream = new PlayedStream()
  for (let i = 0; i < segments; i++) {
    stream.segment('video')
    stream.segment('audio')
  }
  return stream
}
const sing = (stream: PlayedStream, title: string, atS: number) =>
  stream.say({ type: 'title', streamId: stream.id, title, atMs: atS * 1000 })

const began = 1_700_000_000_000
const entries = (count: number, gapMs = 0): IndexEntry[] =>
  Array.from({ length: count }, (_none, seq) => ({
    track: 'video',
    seq,
    durationMs: 2_000,
    at: new Date(began + seq * 2_000 + (seq >= 3 ? gapMs : 0)).toISOString(),
    sizeBytes: 1_000,
    initId: 0,
    isDiscontinuity: gapMs > 0 && seq === 3,
    isIndependent: true,
    run: gapMs > 0 && seq >= 3 ? 1 : 0,
    startMs: seq * 2_000,
  }))

test('stand before the segment that they begin in, in lists with parts and without [LIVE-03] [LIVE-05]', () => {
  const stream = played(4)
  sing(stream, 'First', 0)
  sing(stream, 'Second', 5)
  for (const key of ['video', 'audio'] as const)
    for (const form of ['whole', 'plain'] as const) {
      const text = read(stream.window, form, key)
      assert.equal(songs(text), [
        ['First', 0],
        ['Second', 5],
      ])
      if (form === 'plain') checkMedia(text)
      else checkLowLatency(text)
    }
  const text = read(stream.window, 'plain')
  const [before, after] = text.split(/#EXT-X-DATERANGE.*Second"\n/)
  assert.match(before!, /v1\.m4s\n$/)
  assert.match(after!, /^#EXT-X-PROGRAM-DATE-TIME:[^\n]+\n#EXTINF:[^\n]+\nv2\.m4s/)
})

test('say what a parser of the rules understands: ids of their own, an end at the next of the class [LIVE-03]', () => {
  const stream = played(4)
  sing(stream, 'First, "loud" = good', 0)
  sing(stream, 'Second', 5)
  HLS.setOptions({ strictMode: true })
  const list = HLS.parse(read(stream.window, 'whole')) as unknown as {
    segments: { dateRange?: { id: string; classId: string; endOnNext: boolean; attributes: object } }[]
  }
  const ranges = list.segments.flatMap(({ dateRange }) => dateRange ?? [])
  assert.equal(
    ranges.map(({ classId, endOnNext, attributes }) => [classId, endOnNext, Object.values(attributes)]),
    [
      ['com.veza.song', true, ["First, 'loud' = good"]],
      ['com.veza.song', true, ['Second']],
    ],
  )
  assert.is(new Set(ranges.map(({ id }) => id)).size, 2)
})

test('a title with quotes, line ends and tags in it stays one attribute of one line [LIVE-03]', () => {
  const hostile = 'a",X-EVIL="1\r\n#EXT-X-ENDLIST\n\u2028\u0085http://evil\0'
  const stream = played(3)
  sing(stream, hostile, 1)
  const text = read(stream.window, 'whole')
  checkLowLatency(text)
  assert.is(text.split('\n').filter((line) => line.includes('evil')).length, 1)
  assert.not.match(text, /^#EXT-X-ENDLIST/m)
  assert.equal(songs(text), [["a',X-EVIL='1 #EXT-X-ENDLIST http://evil ", 1]])
})

test('come with the part in which they begin, and not before [LIVE-03]', () => {
  const stream = played(2)
  const lists = new WindowPlaylists(stream.window)
  const now = () => lists.media('video', 'whole')!.plain.toString()
  assert.equal(songs(now()), [])
  sing(stream, 'Next', 4.2)
  assert.equal(songs(now()), [], 'nothing of it is there yet')
  stream.part('video')
  assert.equal(songs(now()), [['Next', 4.2]])
  assert.match(now(), /Next"\n#EXT-X-PROGRAM-DATE-TIME:[^\n]+\n#EXT-X-PART:/)
  checkLowLatency(now())
  sing(stream, 'Corrected', 4.2)
  assert.equal(songs(now()), [['Corrected', 4.2]], 'without another part')
})

test('a delta update has all of them, also those of segments that it skips [LIVE-03]', () => {
  const stream = played(14)
  for (const [title, atS] of [
    ['Old', 1],
    ['Skipped', 7],
    ['Newest', 25],
  ] as const)
    sing(stream, title, atS)
  const had = checkLowLatency(read(stream.window, 'whole'))
  stream.part('video')
  const whole = read(stream.window, 'whole')
  const delta = read(stream.window, 'delta')
  assert.ok(checkLowLatency(delta, had).skipped > 4)
  assert.equal(songs(delta), songs(whole))
  assert.is(songs(delta).length, 3)
  assert.ok(delta.indexOf('EXT-X-SKIP') < delta.indexOf('EXT-X-DATERANGE'))
})

test('the song that runs goes on when its beginning left the list, by the same date; those before it go [LIVE-03]', () => {
  const stream = played(4)
  sing(stream, 'Gone', 0)
  sing(stream, 'Long', 3.7)
  const [, tag] = /(#EXT-X-DATERANGE.*Long")/.exec(read(stream.window, 'whole'))!
  // What comes then has other dates than by counting on.
  stream.interrupt(false)
  for (let i = 0; i < 30; i++) {
    stream.segment('video')
    stream.segment('audio')
  }
  const text = read(stream.window, 'plain')
  assert.not.match(text, 'v2.m4s')
  assert.equal(songs(text), [['Long', 3.7]])
  assert.match(text, tag!)
  // Who joins only now can tell no more than how long ago it was.
  const late = new LiveWindow(stream.id)
  stream.retell(late)
  assert.equal(songs(read(late, 'plain')), [['Long', 3.8]])
})

test('a recording has them over an interruption; a cut takes those of what it hides [LIVE-13]', () => {
  const marks = [
    { atMs: 1_000, title: 'One' },
    { atMs: 5_000, title: 'Two' },
    { atMs: 7_000, title: 'Three' },
    { atMs: 30_000, title: 'Never heard' },
  ]
  const all = entries(6, 60_000)
  const dated = dateSongs(marks, all)
  const shape = { targetDurationMs: 2_000, kind: 'vod', isEnded: true } as const
  const whole = renderMedia({ ...shape, entries: all, songs: dated })
  checkMedia(whole)
  assert.equal(songs(whole), [
    ['One', 1],
    ['Two', 5],
    ['Three', 67],
  ])
  const cut = renderMedia({ ...shape, entries: all.slice(1, 3), songs: dated })
  checkMedia(cut)
  assert.equal(songs(cut), [
    ['One', 1],
    ['Two', 5],
  ])
  assert.not.match(renderMedia({ ...shape, entries: all }), 'DATERANGE')
})

test.run()
