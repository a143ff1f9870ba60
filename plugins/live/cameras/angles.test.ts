import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Stream } from '../streams.ts'
import { pictureOf } from './angles.ts'
import { cameraOf } from './camera-of.ts'
import type { Choice } from './cameras.ts'
import { ClockBook } from './clock-book.ts'

const test = suite('cameras of a show')

function stream(camera: number, said: Partial<Stream> = {}): Stream {
  const id = said.id ?? `s${camera}`
  const startedAt = `2026-11-22T20:0${camera}:00.000Z`
  return {
    ...{ id, camera, channelId: 'c', keyId: 'k', showId: 's1', isMain: camera === 1, title: 'Friday' },
    ...{ status: 'live', createdAt: startedAt, startedAt, interruptedAt: null, endedAt: null },
    ...{ endReason: null, stopReason: null, durationMs: 0, sizeBytes: 0, hasVideo: true, hasAudio: true },
    ...{ posterKey: null, isRemoved: false, clockOffsetMs: null, timeCodeOffsetMs: null },
    ...said,
  } as Stream
}
const choice = (said: Partial<Choice> = {}): Choice => {
  return { mainCamera: 1, audioCamera: null, cameras: [], ...said }
}
const onMain = (streams: Stream[], chosen: Choice) => pictureOf(streams, chosen)?.camera

test('the chosen camera is main, while it is away the live one with the lowest number, then it again [LIVE-10]', () => {
  const chosen = choice({ mainCamera: 2 })
  const away = stream(2, { status: 'interrupted' })
  assert.is(onMain([stream(1), stream(2), stream(3)], chosen), 2)
  assert.is(onMain([away, stream(3), stream(1)], chosen), 1)
  assert.is(onMain([stream(3)], chosen), 3)
  assert.is(onMain([stream(1), stream(2)], chosen), 2)
  assert.is(pictureOf([], chosen), null)
})

test('a channel waits only when no camera is live, and then for the chosen one [LIVE-10]', () => {
  const away = [stream(1, { status: 'interrupted' }), stream(2, { status: 'interrupted' })]
  const picture = pictureOf(away, choice({ mainCamera: 2 }))
  assert.equal([picture?.camera, picture?.status, picture?.angles], [2, 'interrupted', []])
  assert.is(pictureOf([...away.slice(0, 1), stream(3)], choice())?.status, 'live')
})

test('angles are the live cameras, the main one first; one camera has none [LIVE-10]', () => {
  const streams = [stream(3), stream(1), stream(2, { status: 'interrupted' }), stream(4)]
  const cameras = [{ channelId: 'c', camera: 4, title: 'Decks', offsetMs: 0 }]
  const picture = pictureOf(streams, choice({ mainCamera: 3, cameras }))
  assert.equal(
    picture?.angles.map(({ camera, title }) => `${camera} ${title}`),
    ['3 Camera 3', '1 Camera 1', '4 Decks'],
  )
  assert.is(picture?.since, stream(1).startedAt)
  assert.equal(pictureOf([stream(1), stream(2, { status: 'interrupted' })], choice())?.angles, [])
})

test('of one camera the newest stream counts: while one takes over, both are there', () => {
  assert.is(pictureOf([stream(1, { id: 'old' }), stream(1, { id: 'new' })], choice())?.id, 'new')
})

test('the sound is the chosen camera’s, the main one’s where that is away, another’s where that is silent [LIVE-11]', () => {
  const sound = (streams: Stream[], audioCamera: number | null) =>
    pictureOf(streams, choice({ audioCamera }))?.sound?.camera ?? null
  const silent = stream(1, { hasAudio: false })
  assert.is(sound([stream(1), stream(2)], null), null)
  assert.is(sound([stream(1), stream(2)], 2), 2)
  assert.is(sound([stream(1), stream(2, { status: 'interrupted' }), stream(3)], 2), null)
  assert.is(sound([silent, stream(2), stream(3)], null), 2)
  assert.is(sound([silent, stream(2, { hasAudio: false })], 2), null)
})

test('offsets are the measured and the manual ones against the main camera’s [LIVE-11]', () => {
  const cameras = [
    { channelId: 'c', camera: 1, title: null, offsetMs: 20 },
    { channelId: 'c', camera: 2, title: null, offsetMs: -50 },
  ]
  const streams = [stream(1, { clockOffsetMs: -400 }), stream(2, { clockOffsetMs: -30 }), stream(3)]
  const angles = pictureOf(streams, choice({ cameras }))?.angles
  assert.equal(
    angles?.map(({ offsetMs }) => offsetMs),
    [0, -30 - 50 - (-400 + 20), 400 - 20],
  )
})

test('time codes count only where every camera sends them [LIVE-11]', () => {
  const coded = (camera: number, clockOffsetMs: number, timeCodeOffsetMs: number | null) =>
    stream(camera, { clockOffsetMs, timeCodeOffsetMs })
  const second = (...streams: Stream[]) => pictureOf(streams, choice())?.angles[1]?.offsetMs
  assert.is(second(coded(1, -100, 2_000), coded(2, -300, 2_050)), 50)
  assert.is(second(coded(1, -100, 2_000), coded(2, -300, null)), -200)
  assert.is(second(coded(1, -100, 2_000), coded(2, -300, 2_050), coded(3, 0, null)), -200)
})

test('a key publishes as its own camera; only the main one’s may ask for another [LIVE-02]', () => {
  assert.is(cameraOf({ camera: 1 }, {}), 1)
  assert.is(cameraOf({ camera: 3 }, {}), 3)
  assert.is(cameraOf({ camera: 1 }, { cam: '2' }), 2)
  assert.is(cameraOf({ camera: 3 }, { cam: '3' }), 3)
  assert.match(String(cameraOf({ camera: 3 }, { cam: '1' })), /camera 3 only/)
  for (const cam of ['0', '17', '-1', '1.5', '2e0', '', 'two', '999'])
    assert.match(String(cameraOf({ camera: 1 }, { cam })), /from 1 to 16/, cam)
})

test('a clock is told when it moved by 10 ms; a recording keeps that of its longest connection [LIVE-11]', () => {
  let nowMs = 0
  const book = new ClockBook(() => nowMs)
  const health = (clockOffsetMs?: number) =>
    ({ ...(clockOffsetMs !== undefined && { clockOffsetMs }) }) as never
  const told = (known: number | null, measured?: number) =>
    book.measured(stream(1, { clockOffsetMs: known }), health(measured))?.clockOffsetMs ?? null
  assert.is(told(null), null)
  assert.is(told(null, -80), -80)
  nowMs = 60_000
  assert.is(told(-80, -75), null)
  assert.is(told(-80, -90), -90)
  book.reconnected('s1')
  nowMs = 70_000
  assert.is(told(-90, -300), -300)
  assert.is(book.of('s1')?.clockOffsetMs, -90)
  book.reconnected('s1')
  nowMs = 200_000
  assert.is(told(-300, 5), 5)
  assert.is(book.of('s1')?.clockOffsetMs, 5)
  book.forget('s1')
  assert.is(book.of('s1'), null)
})

test.run()
