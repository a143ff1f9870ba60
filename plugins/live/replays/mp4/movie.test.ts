import { createHash } from 'node:crypto'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { FeedServer } from '../../media/feed-server.ts'
import { createReceiver } from '../../media/receiver.ts'
import { readRecording } from '../../media/recording.ts'
import { encode, isSample, probe, publish, run, type Sent } from '../../media/test-kit.ts'
import type { IndexEntry, TrackConfig } from '../../media/types.ts'
import { playInChromium } from '../../testdata/theatre.ts'
import { coveringEntries } from '../kept.ts'
import { type Movie, type Piece, planMovie } from './movie.ts'
import { movieBytes } from './movie-bytes.ts'

let root: string
let feed: FeedServer
let entries: IndexEntry[]
let sent: Sent[][]
const test = suite('one MP4 of many segments')

/** Two publishes with other settings each, with key frames twice a second. */
test.before(async () => {
  root = await mkdtemp(join(tmpdir(), 'veza-movie-'))
  feed = await FeedServer.listen(join(root, 'feed.sock'))
  const dir = join(root, 'rec')
  const receiver = await createReceiver({ id: 'rec', dir, segmentMs: 500, windowMs: 30_000 }, feed)
  sent = [
    await encode({ seconds: 2, gop: 15 }),
    await encode({ seconds: 1, gop: 15, size: '640x360', rate: 44_100 }),
  ]
  publish(receiver, sent[0]!)
  await receiver.interrupt()
  publish(receiver, sent[1]!)
  await receiver.end()
  entries = (await readRecording(dir)).entries
})
test.after(async () => {
  await feed.close()
  await rm(root, { recursive: true, force: true })
})

const plan = (from: readonly IndexEntry[], fromMs: number, untilMs: number) =>
  planMovie(join(root, 'rec'), from, { fromMs, untilMs })
const endOf = (from: readonly IndexEntry[]) => Math.max(...from.map((one) => one.startMs + one.durationMs))

async function write(movie: Movie, name: string): Promise<string> {
  const path = join(root, name)
  await writeFile(path, movieBytes(movie))
  return path
}

/** Hashes of each sample's bytes as a program reads them from a file. */
async function samplesIn(path: string, track: 'v' | 'a'): Promise<string[]> {
  const args = ['-v', 'error', '-i', path, '-map', `0:${track}`, '-c', 'copy', '-f', 'framehash', '-']
  const { stdout } = await run('/usr/bin/ffmpeg', [...args.slice(0, -1), '-hash', 'md5', '-'])
  const rows = stdout
    .toString()
    .split('\n')
    .filter((line) => /^0,/.test(line))
  return rows.map((line) => line.split(',')[5]!.trim())
}

/** Hashes of what was sent; each key frame with its publish's parameter sets in front, where there are any. */
function samplesSent(
  track: 'video' | 'audio',
  settingsOf = (_publish: Sent[]): Buffer => Buffer.alloc(0),
): string[] {
  return sent.flatMap((publish) => {
    const settings = settingsOf(publish)
    const own = publish.filter(isSample).filter((one) => one.track === track)
    return own.map(({ data, isKey }) => {
      const hash = createHash('md5')
      if (isKey) hash.update(settings)
      return hash.update(data).digest('hex')
    })
  })
}

/** The one SPS and the one PPS of a publish as NAL units behind their lengths. */
function parameterSetsOf(publish: Sent[]): Buffer {
  const { config } = publish.find((one) => !isSample(one) && one.track === 'video') as TrackConfig
  const spsBytes = config.readUInt16BE(6)
  const ppsBytes = config.readUInt16BE(9 + spsBytes)
  const unit = (at: number, bytes: number) => [Buffer.from([0, 0, 0, bytes]), config.subarray(at, at + bytes)]
  return Buffer.concat([...unit(8, spsBytes), ...unit(11 + spsBytes, ppsBytes)])
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  return error instanceof Error ? `${error.constructor.name}: ${error.message}` : ''
}

test('holds every sample of both publishes, key frames with the settings of each in front [LIVE-13]', async () => {
  const from = Math.min(...entries.map(({ startMs }) => startMs))
  const movie = await plan(entries, from, endOf(entries))
  const path = await write(movie, 'all.mp4')
  assert.equal(await samplesIn(path, 'v'), samplesSent('video', parameterSetsOf))
  // Sound from before the first picture of a publish is not recorded.
  const [heard, said] = [await samplesIn(path, 'a'), samplesSent('audio')]
  assert.is(said.length - heard.length, 2)
  assert.equal(
    heard,
    said.filter((hash) => heard.includes(hash)),
  )
  const { durationSeconds, tracks } = await probe(path)
  assert.ok(Math.abs(durationSeconds * 1000 - (endOf(entries) - from)) < 2)
  assert.equal(
    tracks.map(({ kind }) => kind),
    ['video', 'audio'],
  )
  // Decoded without a complaint: the picture changes its size in the middle.
  const { stderr } = await run('/usr/bin/ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-'])
  assert.is(stderr, '')
})

test('shows a stretch to the frame, though it begins and ends between key frames [LIVE-14]', async () => {
  const video = entries.filter(({ track, run: nth }) => track === 'video' && nth === 0)
  const stretch = { fromMs: video[1]!.startMs + 200, untilMs: video[2]!.startMs + 300 }
  const movie = await plan(coveringEntries(entries, stretch), stretch.fromMs, stretch.untilMs)
  const path = await write(movie, 'part.mp4')
  assert.is((await probe(path)).durationSeconds, 0.6)
  const shown = async (file: string, ...seek: string[]) => {
    const args = ['-v', 'error', ...seek, '-i', file, '-an', '-frames:v', '18', '-f', 'framemd5', '-']
    const { stdout } = await run('/usr/bin/ffmpeg', args)
    return stdout
      .toString()
      .split('\n')
      .filter((line) => /^0,/.test(line))
      .map((line) => line.slice(-32))
  }
  const whole = await write(await plan(entries, video[0]!.startMs, endOf(entries)), 'whole.mp4')
  const frames = await shown(path)
  assert.is(frames.length, 18)
  assert.equal(frames, await shown(whole, '-ss', ((stretch.fromMs - video[0]!.startMs) / 1000).toFixed(3)))
})

test('holds the samples of one publish as they came, and no byte between them [LIVE-13]', async () => {
  const own = entries.filter(({ run: nth }) => nth === 0)
  const movie = await plan(own, own[0]!.startMs, endOf(own))
  assert.is(movie.sizeBytes, movie.head.length + own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))
  const first = samplesSent('video').slice(
    0,
    sent[0]!.filter((one) => isSample(one) && one.track === 'video').length,
  )
  assert.equal(await samplesIn(await write(movie, 'one.mp4'), 'v'), first)
})

test('gives any range of its bytes as they are in the whole, over the borders of its pieces [LIVE-13]', async () => {
  const movie = await plan(entries, entries[0]!.startMs, endOf(entries))
  const whole = await buffer(movieBytes(movie))
  assert.is(whole.length, movie.sizeBytes)
  const first = movie.head.length
  const second = first + movie.pieces[0]!.sizeBytes
  const ranges = [
    [0, 0],
    [first - 3, first + 3],
    [second - 1, second],
    [second + 5, movie.sizeBytes - 1],
    [movie.sizeBytes - 1, movie.sizeBytes - 1],
  ]
  for (const [start, end] of ranges as [number, number][]) {
    const part = await buffer(movieBytes(movie, { start, end }))
    assert.ok(part.equals(whole.subarray(start, end + 1)), `${start} to ${end}`)
  }
})

test('plays in Chromium over a change of the picture’s size, and when gone back and forth [LIVE-13]', async () => {
  const from = Math.min(...entries.map(({ startMs }) => startMs))
  const shown = await playInChromium(await plan(entries, from, endOf(entries)), [0.2, 2.6, 1.2])
  assert.equal(shown, { error: null, widths: [640, 320, 640, 320] })
})

test('refuses what is not the media it should be, and fails where it is cut short under it [LIVE-13]', async () => {
  const movie = await plan(entries, entries[0]!.startMs, endOf(entries))
  const [piece] = movie.pieces
  const { path, sizeBytes } = piece as Extract<Piece, { path: string }>
  await truncate(path, sizeBytes - 10)
  assert.match(await failureOf(buffer(movieBytes(movie))), 'shorter')
  await writeFile(path, Buffer.alloc(sizeBytes, 0xff))
  assert.match(await failureOf(plan(entries, entries[0]!.startMs, endOf(entries))), 'BrokenMedia')
})

test.run()
