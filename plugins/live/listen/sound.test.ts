import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { AdtsReader } from '../icecast/adts-reader.ts'
import { audioInit, fragment } from '../media/fmp4.ts'
import { LiveWindow } from '../media/live-window.ts'
import type { FeedMessage } from '../media/types.ts'
import { adtsHeader } from './adts.ts'
import { readAudioConfig, readAudioPart } from './audio-part.ts'
import { splitterOf } from './encoded.ts'
import { formatFor } from './formats.ts'
import { IcyWriter, icyText, metaEvery } from './icy.ts'
import { Backlog, Listener } from './listener.ts'
import type { Piece } from './sound-feed.ts'
import { Station } from './station.ts'

const asc = Buffer.from('1210', 'hex')
const rateHz = 44_100
const description = { codec: 'mp4a.40.2', sampleRateHz: rateHz, channels: 2, frameSamples: 1024 }
const frames = (count: number, size = 100) =>
  Array.from({ length: count }, (_, i) => ({
    data: Buffer.alloc(size, i + 1),
    durationTicks: 1024,
    offsetTicks: 0,
    isKey: true,
  }))
/** A part of some frames, as the ingest sends it. */
const part = (seq: number, baseTicks: number, count = 14): [FeedMessage, Buffer] => [
  {
    type: 'part',
    streamId: 's',
    track: 'audio',
    seq,
    at: '2026-01-01T00:00:00.000Z',
    initId: 0,
    run: 0,
    startMs: (baseTicks * 1000) / rateHz,
    part: 0,
    durationMs: (count * 1024_000) / rateHz,
    isIndependent: true,
    isLast: true,
  },
  fragment({ track: 'audio', sequence: seq + 1, baseTicks }, frames(count)),
]

const units = suite('sound for listeners [BEY-02]')

units('parts are read back into frames with their places, and their settings', () => {
  const read = readAudioPart(fragment({ track: 'audio', sequence: 1, baseTicks: 88_200 }, frames(3)), rateHz)
  assert.equal(
    read.map(({ data, atMs }) => [data[0], data.length, Math.round(atMs)]),
    [
      [1, 100, 2000],
      [2, 100, 2023],
      [3, 100, 2046],
    ],
  )
  assert.equal(readAudioConfig(audioInit(asc, description)), asc)
  assert.is(readAudioConfig(Buffer.from('no esds here')), null)
  assert.throws(() => readAudioPart(Buffer.alloc(40), rateHz), /no moof/)
})

units('ADTS headers are read back as the same settings', () => {
  const header = adtsHeader(asc)!
  const got: string[] = []
  const reader = new AdtsReader({
    config: (config, rate) => got.push(`${config.toString('hex')} ${rate}`),
    frame: (data) => got.push(`${data.length}`),
    unsupported: () => assert.unreachable(),
  })
  for (const length of [5, 2_000, 700]) reader.push(Buffer.concat([header(length), Buffer.alloc(length)]))
  assert.equal(got, ['1210 44100', '5', '2000', '700'])
  // SBR said outright (HE-AAC at 22,050 Hz) has a core of AAC-LC; a rate spelt out has no place in ADTS.
  assert.is(adtsHeader(Buffer.from('2b920800', 'hex'))!(1)[2]! >> 6, 1)
  assert.is(adtsHeader(Buffer.from('1780', 'hex')), null)
})

units('a player gets the format it likes best, and MP3 where it does not mind', () => {
  const asked = [
    '',
    '*/*',
    'audio/*;q=0.9,*/*;q=0.8',
    'text/html',
    'audio/aac',
    'audio/mpeg;q=0.2, audio/ogg',
    'audio/ogg;q=0',
  ]
  assert.equal(asked.map(formatFor), ['mp3', 'mp3', 'mp3', 'mp3', 'aac', 'opus', 'mp3'])
})

units('titles stand after every 16,000 bytes, once each, and cannot end early', () => {
  const writer = new IcyWriter()
  const first = writer.write(Buffer.alloc(metaEvery + 10), "It's';StreamUrl='x")
  const text = "StreamTitle='It's’;StreamUrl='x';"
  assert.is(first[metaEvery], Math.ceil(Buffer.byteLength(text) / 16))
  assert.is(first.toString('utf8', metaEvery + 1, metaEvery + 1 + Buffer.byteLength(text)), text)
  const second = writer.write(Buffer.alloc(metaEvery), "It's';StreamUrl='x")
  assert.equal([second.length, second[metaEvery - 10]], [metaEvery + 1, 0])
  assert.is(Buffer.from(icyText('Été\r\nX-Evil: 1'), 'latin1').toString(), 'Été X-Evil: 1')
})

units('MP3 comes in whole frames, each at its place', () => {
  const pieces: Piece[] = []
  const parts = {
    startMs: () => 5_000,
    take: (piece: Piece) => pieces.push(piece),
    takeHead: () => undefined,
  }
  const splitter = splitterOf('mp3', parts)
  for (const size of [500, 100, 1_200, 576]) splitter.push(Buffer.alloc(size))
  assert.equal(
    pieces.map(({ bytes, atMs }) => [bytes.length, atMs]),
    [
      [576, 5_000],
      [1_152, 5_024],
      [576, 5_072],
    ],
  )
})

const untitled = { wantsTitles: false, titleAt: () => '' }
/** A listener whose line takes that part of what is sent, and how much it has not taken. */
function listenerBy(backlog: Backlog, taken = 0) {
  const state = { destroyed: false, writableLength: 0 }
  const res = Object.assign(new EventEmitter(), state, {
    write: (bytes: Buffer) => {
      res.writableLength += bytes.length * (1 - taken)
    },
    destroy: () => {
      res.destroyed = true
      res.emit('close')
    },
  })
  const listener = new Listener(res as unknown as ServerResponse, { ...untitled, backlog })
  return { res, listener }
}
const second = { bytes: Buffer.alloc(24_000), atMs: 0 }

units('a listener who does not take the sound is cut off', () => {
  const { res, listener } = listenerBy(new Backlog())
  for (let i = 0; i < 100; i++) listener.take(second)
  assert.is(res.destroyed, true)
  assert.ok(res.writableLength < 600_000, `${res.writableLength}`)
})

units(
  'ten thousand who take nothing hold no more memory than a few, and disturb nobody [BEY-02] [SEC-06]',
  () => {
    const backlog = new Backlog(16 * 1024 * 1024)
    const crowd = Array.from({ length: 10_000 }, () => listenerBy(backlog))
    const fast = listenerBy(backlog, 1)
    for (let i = 0; i < 30; i++) for (const { listener } of [...crowd, fast]) listener.take(second)
    const unsent = crowd.reduce((sum, { res }) => sum + (res.destroyed ? 0 : res.writableLength), 0)
    assert.ok(unsent <= 17 * 1024 * 1024, `${unsent} bytes`)
    assert.is(fast.res.destroyed, false)
    for (const { res } of [...crowd, fast]) if (!res.destroyed) res.destroy()
    // Nothing is counted any more: a slow one has as much room as before.
    const slow = listenerBy(backlog)
    for (let i = 0; i < 15; i++) slow.listener.take(second)
    assert.is(slow.res.destroyed, false)
  },
)

units('who joins late hears the last seconds first; a title begins at its place; nothing comes twice', () => {
  const window = new LiveWindow('s')
  const hear = ([message, body]: [FeedMessage, Buffer]) => {
    if (message.type !== 'end') window.apply(message, body)
    station.hear(message, body)
  }
  const station = new Station({
    window: () => window,
    start: () => Promise.reject(new Error('none')),
    onTrouble: () => undefined,
  })
  const init: FeedMessage = {
    type: 'init',
    streamId: 's',
    initId: 0,
    bitrate: 1,
    track: 'audio',
    codec: 'mp4a.40.2',
    sampleRateHz: rateHz,
    channels: 2,
  }
  const noBody = Buffer.alloc(0)
  hear([
    { type: 'open', streamId: 's', targetDurationMs: 2000, windowMs: 30_000, partTargetMs: 333, take: 1 },
    noBody,
  ])
  hear([init, audioInit(asc, description)])
  const ticks = 14 * 1024
  for (let seq = 0; seq < 20; seq++) {
    hear(part(seq, seq * ticks))
    hear([segmentOf(seq), noBody])
  }
  const got: number[] = []
  const taker = { take: ({ atMs }: Piece) => got.push(Math.round(atMs)), end: () => got.push(-1) }
  station.join('aac', taker)
  const place = (seq: number) => Math.round((seq * ticks * 1000) / rateHz)
  const burst = got.length
  assert.ok(burst >= 3 && got.at(-1) === place(19), `${got}`)
  hear(part(20, 20 * ticks))
  hear(part(20, 20 * ticks))
  hear(part(3, 3 * ticks))
  assert.equal(got.slice(burst), [place(20)])
  hear([{ type: 'title', streamId: 's', title: 'Now', atMs: place(21) }, noBody])
  assert.equal([station.titleAt(place(21) - 1), station.titleAt(place(21))], ['', 'Now'])
  hear([{ type: 'end', streamId: 's' }, noBody])
  assert.is(got.at(-1), -1)
})

function segmentOf(seq: number): FeedMessage {
  const [message, body] = part(seq, seq * 14 * 1024)
  const { at, initId, run, startMs, durationMs } = message as Extract<FeedMessage, { type: 'part' }>
  const entry = {
    track: 'audio',
    seq,
    at,
    initId,
    run,
    startMs,
    durationMs,
    sizeBytes: body.length,
    isDiscontinuity: false,
    isIndependent: true,
  } as const
  return { type: 'segment', streamId: 's', entry, isStored: true }
}

units.run()
