import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fragment } from './fmp4.ts'
import { IndexReader } from './index-reader.ts'
import { describeInit, makeInit } from './init-info.ts'
import { finishRecording, readRecording } from './recording.ts'
import { SegmentStore } from './segment-store.ts'
import { StoredStream } from './stored-stream.ts'
import { checkMedia } from './test-kit.ts'
import type { IndexEntry } from './types.ts'

const test = suite<{ dir: string }>('a recording that slides')
test.before.each(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'veza-slide-'))
})
test.after.each(({ dir }) => rm(dir, { recursive: true, force: true }))

const keepMs = 600_000
const config = Buffer.from('1190', 'hex')
const bodyOf = (seq: number) => {
  const frame = { data: Buffer.from('abcd'), durationTicks: 480_000, offsetTicks: 0, isKey: true }
  return fragment({ track: 'audio', sequence: seq, baseTicks: seq * 480_000 }, [frame])
}
const sizeBytes = bodyOf(0).length
const entryOf = (seq: number): IndexEntry => ({
  track: 'audio',
  seq,
  durationMs: 10_000,
  at: new Date(1e12 + seq * 10_000).toISOString(),
  sizeBytes,
  initId: 0,
  isDiscontinuity: false,
  isIndependent: true,
  run: 0,
  startMs: seq * 10_000,
})

async function open(dir: string, keep: number | null): Promise<SegmentStore> {
  const target = { id: 'radio', dir, segmentMs: 10_000, windowMs: 30_000 }
  const store = await SegmentStore.open(keep === null ? target : { ...target, keepMs: keep })
  store.setTargets(10_000, null)
  const init = { ...describeInit('audio', config), initId: 0, config: config.toString('base64') }
  if (store.meta.inits.length === 0) store.addInit(init, makeInit('audio', config))
  return store
}
const add = (store: SegmentStore, from: number, to: number) =>
  Promise.all(
    Array.from({ length: to - from }, (_none, i) => store.addSegment(entryOf(from + i), [bodyOf(from + i)])),
  )
const files = async (dir: string) => (await readdir(dir)).filter((name) => name.endsWith('.m4s')).length

test('gives up the oldest while more comes, and whoever follows its index sees the same [LIVE-13]', async ({
  dir,
}) => {
  const store = await open(dir, keepMs)
  const follower = new IndexReader(dir)
  await add(store, 0, 60)
  await follower.refresh()
  assert.is(follower.entries.length, 60)
  await add(store, 60, 100)
  assert.ok(await follower.refresh())
  const kept = (await readRecording(dir)).entries
  assert.equal(follower.entries, kept)
  assert.is(kept.at(-1)!.seq, 99)
  assert.ok(kept.length >= 60 && kept.length < 65, `${kept.length} segments`)
  assert.is(await files(dir), kept.length)
  const playlist = new StoredStream(dir)
  await playlist.refresh()
  const text = playlist.replay('audio')!.plain.toString()
  assert.not.match(text, 'PLAYLIST-TYPE')
  assert.is(checkMedia(text)[0]!.mediaSequenceNumber, kept[0]!.seq)
  const summary = await store.end()
  assert.equal([summary.segments, summary.sizeBytes], [kept.length, kept.length * sizeBytes])
})

test('goes on after a crash between the new index and the old files, in any order [LIVE-13]', async ({
  dir,
}) => {
  const store = await open(dir, keepMs)
  await add(store, 0, 100)
  await store.settled()
  const { entries } = await readRecording(dir)
  // The files that were about to be deleted, and an index that was about to take the old one's place.
  await writeFile(join(dir, 'a3.m4s'), 'abcd')
  await writeFile(join(dir, '.index.jsonl.tmp'), 'half')
  const again = await open(dir, keepMs)
  assert.is(await files(dir), entries.length)
  assert.is(again.resume.nextSeq.audio, 100)
  await add(again, 100, 130)
  await again.end()
  const last = (await readRecording(dir)).entries
  assert.is(last.at(-1)!.seq, 129)
  assert.ok(last.length < 65)
  assert.is((await finishRecording(dir)).segments, last.length)
})

test('keeps everything where nothing else was said [LIVE-13]', async ({ dir }) => {
  const store = await open(dir, null)
  await add(store, 0, 100)
  assert.is((await store.end()).segments, 100)
  assert.is(await files(dir), 100)
})

test.run()
