import { cp, open, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { planMovie } from '../replays/mp4/movie.ts'
import { movieBytes } from '../replays/mp4/movie-bytes.ts'
import { createReceiver } from './receiver.ts'
import { finishRecording, readRecording, repairRecording } from './recording.ts'
import { recoverSpool, Spool } from './spool.ts'
import { StoredStream } from './stored-stream.ts'
import { initName, segmentName } from './stream-files.ts'
import { Syncer } from './syncer.ts'
import { checkMedia, encode, probe, publish, type Sent, Stage, until } from './test-kit.ts'
import type { IndexEntry, StreamTarget } from './types.ts'
import { wholeFragments } from './whole-media.ts'

const test = suite('a power cut')
const longAgo = new Date('2001-01-01T00:00:00Z')
const block = 4096
let stage: Stage
let target: StreamTarget
let spoolDir: string
let first: Sent[]
/** As it was when the power went: all segments, the last one of each track open. */
let before: IndexEntry[]
let whole: Map<string, Buffer>

test.before(async () => {
  stage = await Stage.start()
  target = stage.target('cut', { segmentMs: 1_000 })
  spoolDir = join(stage.root, 'spool')
  first = await encode({ seconds: 5, gop: 30, size: '160x90' })
  const second = await encode({ seconds: 4, gop: 30, size: '192x108' })
  const spool = await Spool.open(spoolDir)
  const syncer = new Syncer(spool, 1_000_000)
  const receiver = await createReceiver(target, stage.feed, { spool, syncer })
  publish(receiver, first)
  await receiver.interrupt()
  publish(receiver, second)
  await until(() => receiver.pendingBytes === 0)
  await spool.settle()
  for (const folder of [target.dir, spoolDir]) await cp(folder, `${folder}-whole`, { recursive: true })
  before = (await readRecording(target.dir)).entries
  const names = before.map((entry) => segmentName(entry.track, entry.seq))
  whole = new Map(
    await Promise.all(
      names.map(async (name): Promise<[string, Buffer]> => [name, await readFile(join(target.dir, name))]),
    ),
  )
  await receiver.end()
  await spool.close()
})
test.after(async () => {
  await stage.stop()
})

const media = fc.oneof(
  fc.constant({ as: 'empty' } as const),
  fc.constant({ as: 'gone' } as const),
  fc.record({ as: fc.constant('short' as const), share: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
  fc.record({ as: fc.constant('zeros' as const), blocks: fc.integer({ min: 1, max: 3 }) }),
  fc.constant({ as: 'whole' } as const),
)
type Media = typeof media extends fc.Arbitrary<infer T> ? T : never
const index = fc.oneof(
  fc.constant({ as: 'whole', count: 0 } as const),
  ...(['torn', 'zeros', 'fewer', 'twice'] as const).map((as) =>
    fc.record({ as: fc.constant(as), count: fc.integer({ min: 1, max: 5 }) }),
  ),
)
const cut = fc.record({
  newest: fc.array(media, { maxLength: 8 }),
  index,
  spool: fc.oneof(media, fc.constant({ as: 'whole' } as const)),
  settings: fc.constantFrom('whole', 'empty', 'zeros', 'gone', 'whole'),
  // Decoder settings stand in two files, which are not written at the same time.
  init: fc.constantFrom('whole', 'empty', 'gone', 'whole'),
  leftovers: fc.boolean(),
})
type Cut = typeof cut extends fc.Arbitrary<infer T> ? T : never

async function restore(): Promise<void> {
  for (const folder of [target.dir, spoolDir]) {
    await rm(folder, { recursive: true, force: true })
    await cp(`${folder}-whole`, folder, { recursive: true })
  }
}

async function damage(path: string, how: Media): Promise<void> {
  const { size } = await stat(path)
  if (how.as === 'empty') await truncate(path, 0)
  else if (how.as === 'gone') await rm(path)
  else if (how.as === 'short') await truncate(path, Math.floor(size * how.share))
  else if (how.as === 'zeros')
    await zeros(path, Math.max(0, Math.ceil(size / block) - how.blocks) * block, size)
}

async function zeros(path: string, from: number, until: number): Promise<void> {
  const file = await open(path, 'r+')
  await file.write(Buffer.alloc(until - from), 0, until - from, from)
  await file.close()
}

async function damageIndex({ as, count }: Cut['index']): Promise<void> {
  const path = join(target.dir, 'index.jsonl')
  const text = await readFile(path, 'utf8')
  const lines = text.trimEnd().split('\n')
  const newest = lines.slice(-count).join('\n')
  if (as === 'torn') await truncate(path, text.length - count * 31)
  if (as === 'zeros') await zeros(path, text.length - count * 97, text.length)
  if (as === 'fewer') await truncate(path, text.length - newest.length - 1)
  if (as === 'twice') await writeFile(path, `${text}${newest}\n`)
}

/** What a power cut leaves, and how many segments of the index were not touched by it. */
async function powerCut(how: Cut): Promise<IndexEntry[]> {
  await restore()
  const newest = before.slice(before.length - how.newest.length)
  for (const [i, { track, seq }] of newest.entries())
    await damage(join(target.dir, segmentName(track, seq)), how.newest[i]!)
  await damageIndex(how.index)
  const [name = ''] = await readdir(spoolDir)
  await damage(join(spoolDir, name), how.spool)
  const settings = join(target.dir, 'stream.json')
  if (how.settings === 'zeros') await zeros(settings, 0, (await stat(settings)).size)
  else if (how.settings !== 'whole') await damage(settings, { as: how.settings })
  const init = how.settings === 'whole' ? how.init : 'whole'
  if (init !== 'whole') await damage(join(target.dir, initName('video', 1)), { as: init })
  if (how.leftovers)
    for (const left of ['.v99.m4s.tmp', '.stream.json.tmp', '.index.jsonl.tmp', '.v-7.mp4.tmp'])
      await writeFile(join(target.dir, left), 'half')
  await utimes(join(target.dir, 'index.jsonl'), longAgo, longAgo)
  for (const each of await readdir(spoolDir)) await utimes(join(spoolDir, each), longAgo, longAgo)
  const isTouched = (at: number) => {
    const late = at - (before.length - how.newest.length)
    return (late >= 0 && how.newest[late]!.as !== 'whole') || at >= before.length - lostLines(how.index)
  }
  const cutMs = Math.min(...before.filter((_entry, at) => isTouched(at)).map(({ startMs }) => startMs))
  return before.filter(({ startMs, durationMs }) => startMs + durationMs <= cutMs + 1)
}

const lostLines = ({ as, count }: Cut['index']) => (as === 'whole' || as === 'twice' ? 0 : count)

/** As a player would find it: strictly right playlists, of nothing but whole files. */
async function checkPlayable(): Promise<void> {
  const stream = new StoredStream(target.dir)
  await stream.refresh()
  const { entries, meta } = await readRecording(target.dir)
  for (const track of ['video', 'audio'] as const) {
    const own = entries.filter((entry) => entry.track === track)
    const text = stream.replay(track)?.plain.toString() ?? ''
    if (own.length === 0) continue
    const listed = checkMedia(text)
    assert.equal(
      listed.map(({ uri }) => uri),
      own.map(({ seq }) => segmentName(track, seq)),
    )
    for (const { seq, sizeBytes, initId } of own) {
      const bytes = await readFile(join(target.dir, segmentName(track, seq)))
      assert.equal([bytes.length, wholeFragments(bytes, track).sizeBytes], [sizeBytes, sizeBytes])
      const known = whole.get(segmentName(track, seq))
      if (known?.length === bytes.length) assert.ok(bytes.equals(known), `${track} ${seq} is another one`)
      assert.ok(meta?.inits.some((init) => init.track === track && init.initId === initId))
      assert.ok((await stat(join(target.dir, initName(track, initId)))).size > 500)
    }
  }
}

async function checkMovie(): Promise<void> {
  const { entries } = await readRecording(target.dir)
  if (entries.length === 0) return
  const untilMs = Math.max(...entries.map(({ startMs, durationMs }) => startMs + durationMs))
  const movie = await planMovie(target.dir, entries, { fromMs: 0, untilMs })
  const file = join(stage.root, 'movie.mp4')
  await writeFile(file, movieBytes(movie))
  const { tracks } = await probe(file)
  assert.ok(tracks.length > 0 && tracks.every(({ frames }) => frames > 0))
}

test('takes nothing from a recording but what it hit, and leaves nothing that does not play [LIVE-13] [LIVE-02]', async () => {
  let cutsMade = 0
  const cuts = fc.asyncProperty(cut, async (how) => {
    const untouched = await powerCut(how)
    await recoverSpool(spoolDir)
    await repairRecording(target.dir)
    await checkPlayable()
    const { entries } = await readRecording(target.dir)
    const kept = new Set(entries.map(({ track, seq }) => segmentName(track, seq)))
    for (const { track, seq } of untouched)
      assert.ok(kept.has(segmentName(track, seq)), `${track} ${seq} is lost`)
    const summary = await finishRecording(target.dir)
    assert.equal(summary.segments, entries.length)
    await checkPlayable()
    if (cutsMade++ % 5 === 0) await checkMovie()
    const left = await readdir(target.dir)
    assert.equal(
      left.filter((name) => name.startsWith('.') || name === 'open.json'),
      [],
    )
  })
  await fc.assert(cuts, { seed: 1_882, numRuns: 25, endOnFailure: true })
})

test('is over once the encoder is back: the stream goes on behind what is whole [LIVE-02]', async () => {
  const cuts = fc.asyncProperty(cut, async (how) => {
    await powerCut(how)
    await recoverSpool(spoolDir)
    await repairRecording(target.dir)
    const { entries } = await readRecording(target.dir)
    const receiver = await createReceiver(target, stage.feed)
    publish(receiver, first)
    const { segments } = await receiver.end()
    assert.is(segments, entries.length + 10)
    await checkPlayable()
    await checkMovie()
  })
  await fc.assert(cuts, { seed: 42, numRuns: 4, endOnFailure: true })
})

test('finds in the spool what was not on the disk yet [LIVE-13]', async () => {
  await restore()
  const lost = before.filter(({ run }) => run === 1)
  for (const { track, seq } of lost) await truncate(join(target.dir, segmentName(track, seq)), 0)
  await recoverSpool(spoolDir)
  await finishRecording(target.dir)
  const { entries } = await readRecording(target.dir)
  assert.ok(entries.length > before.length, 'and what was open')
  for (const { track, seq } of lost) {
    const name = segmentName(track, seq)
    assert.ok((await readFile(join(target.dir, name))).equals(whole.get(name)!), name)
  }
})

test('cannot be told from an encoder that fills up with zeros: those are kept', async () => {
  await restore()
  for (const { track, seq } of before) {
    const path = join(target.dir, segmentName(track, seq))
    await zeros(path, (await stat(path)).size - 600, (await stat(path)).size)
  }
  await utimes(join(target.dir, 'index.jsonl'), longAgo, longAgo)
  await rm(spoolDir, { recursive: true })
  await repairRecording(target.dir)
  assert.is((await readRecording(target.dir)).entries.length, before.length)
})

test.run()
