import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { dateAt, positionOf } from '../contract.ts'
import type { IndexEntry } from '../media/types.ts'
import { chaptersOf, placesOf } from './chapters.ts'
import { clockOf, coveringEntries, durationOf, hasUntil, keptEntries, snap, stretchBetween } from './kept.ts'

const began = Date.parse('2026-05-01T20:00:00.000Z')
const at = (ms: number) => new Date(began + ms).toISOString()

/** Two-second pictures and sound that begins 7 ms later, ten seconds a run, with a minute without a publisher between. */
function recording(runs: number, tracks: readonly IndexEntry['track'][] = ['video', 'audio']): IndexEntry[] {
  return Array.from({ length: runs * 5 }, (_none, seq) =>
    tracks.map((track): IndexEntry => {
      const run = Math.floor(seq / 5)
      const startMs = 67 + seq * 2_000 + (track === 'audio' ? 7 : 0)
      const wall = startMs - 67 + run * 60_000
      const shared = { initId: 0, isDiscontinuity: false, isIndependent: true, sizeBytes: 1_000 }
      return { ...shared, track, seq, durationMs: 2_000, at: at(wall), run, startMs }
    }),
  ).flat()
}
const seqs = (entries: IndexEntry[], track: string) =>
  entries.filter((entry) => entry.track === track).map(({ seq }) => seq)

const test = suite('what is kept of a recording')

test('is cut at key frames, never less than was asked for, the sound with the pictures [LIVE-13]', () => {
  const entries = recording(2)
  const cut = snap(entries, { startMs: 3_900, endMs: 12_100 })!
  assert.equal(cut.positions, { startMs: 2_000, endMs: 14_000 })
  const kept = keptEntries(entries, cut.stretch)
  assert.equal(seqs(kept, 'video'), [1, 2, 3, 4, 5, 6])
  assert.equal(seqs(kept, 'audio'), [1, 2, 3, 4, 5, 6])
  assert.is(durationOf(kept), 12_000)
})

test('does not begin at a segment without a key frame, and knows when nothing is cut [LIVE-13]', () => {
  const entries = recording(1).map((entry) => ({ ...entry, isIndependent: entry.seq !== 1 }))
  assert.is(snap(entries, { startMs: 3_000, endMs: 10_000 }), null)
  assert.equal(snap(entries, { startMs: 4_500, endMs: 10_000 })!.positions, { startMs: 4_000, endMs: 10_000 })
  assert.is(snap(entries, { startMs: 0, endMs: 10_000 }), null)
  assert.is(snap([], { startMs: 0, endMs: 1_000 }), null)
})

test('of sound alone it is cut at its own segments [LIVE-13]', () => {
  const entries = recording(1, ['audio'])
  const cut = snap(entries, { startMs: 2_500, endMs: 5_000 })!
  assert.equal(cut.positions, { startMs: 2_000, endMs: 6_000 })
  assert.equal(seqs(keptEntries(entries, cut.stretch), 'audio'), [1, 2])
})

test('has a clock that jumps over interruptions, both ways [LIVE-07]', () => {
  const clock = clockOf(recording(2))
  assert.equal(clock, [
    { atMs: 0, date: at(0) },
    { atMs: 10_000, date: at(70_000) },
  ])
  assert.is(positionOf(clock, at(9_000)), 9_000)
  assert.is(positionOf(clock, at(30_000)), 10_000, 'while nobody published: where it goes on')
  assert.is(positionOf(clock, at(71_000)), 11_000)
  assert.is(positionOf(clock, at(-1)), null)
  assert.is(dateAt(clock, 9_999), at(9_999))
  assert.is(dateAt(clock, 12_000), at(72_000))
})

test('has a clock that follows dates which drift away from the media [LIVE-07]', () => {
  const entries = recording(1, ['video']).map((entry, i) => ({ ...entry, at: at(i * 2_100) }))
  assert.equal(
    clockOf(entries).map(({ atMs }) => atMs),
    [0, 6_000],
  )
})

test('has chapters where their dates are, and what goes on at its beginning as the first [LIVE-13]', () => {
  const marks = [
    { beginsAt: at(-5_000), title: 'Before' },
    { beginsAt: at(1_000), title: 'Going on' },
    { beginsAt: at(40_000), title: 'In the pause' },
    { beginsAt: at(72_000), title: 'Late' },
    { beginsAt: at(99_000), title: 'After' },
  ]
  const entries = recording(2)
  assert.equal(chaptersOf(placesOf(marks, clockOf(entries)), durationOf(entries)), [
    { atMs: 0, title: 'Before' },
    { atMs: 1_000, title: 'Going on' },
    { atMs: 10_000, title: 'In the pause' },
    { atMs: 12_000, title: 'Late' },
  ])
  const kept = keptEntries(entries, snap(entries, { startMs: 4_000, endMs: 12_000 })!.stretch)
  assert.equal(chaptersOf(placesOf(marks, clockOf(kept)), durationOf(kept)), [
    { atMs: 0, title: 'Going on' },
    { atMs: 6_000, title: 'In the pause' },
  ])
})

test('a clip reads from the key frame before it and knows when its end is there [LIVE-14]', () => {
  const entries = recording(1)
  const stretch = stretchBetween(entries, at(3_000), at(5_000))!
  assert.equal(stretch, { fromMs: 3_067, untilMs: 5_067 })
  assert.equal(seqs(coveringEntries(entries, stretch), 'video'), [1, 2])
  const between = entries.map((entry) => ({ ...entry, isIndependent: entry.seq !== 1 }))
  assert.equal(seqs(coveringEntries(between, stretch), 'video'), [0, 1, 2])
  assert.not.ok(hasUntil(entries, at(10_001)))
  assert.ok(hasUntil(entries, at(10_000)))
  assert.is(stretchBetween(entries, at(11_000), at(12_000)), null)
})

test('a clip over an interruption has what was received on both sides [LIVE-14]', () => {
  const entries = recording(2)
  assert.equal(stretchBetween(entries, at(8_000), at(71_000)), { fromMs: 8_067, untilMs: 11_067 })
})

test.run()
