import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { ClockPoint } from '../contract.ts'
import { type MadeFrom, madeChapters } from './made-chapters.ts'

const began = Date.parse('2026-05-01T20:00:00.000Z')
/** At a position, so many seconds after the beginning. */
const point = (atS: number, seconds: number): ClockPoint => ({
  atMs: atS * 1000,
  date: new Date(began + seconds * 1000).toISOString(),
})
const camera = (atS: number, number = 2, title: string | null = null) => ({
  atMs: atS * 1000,
  camera: number,
  title,
})
const hour = { clock: [point(0, 0)], cameras: [], named: [], durationMs: 3_600_000 }
const made = (from: Partial<MadeFrom>) =>
  madeChapters({ ...hour, ...from }).map(({ atMs, title }) => [atMs / 1000, title])

const test = suite('chapters that make themselves')

test('begin after an interruption and where the director took another camera [LIVE-13]', () => {
  const chapters = madeChapters({
    ...hour,
    clock: [point(0, 0), point(600, 720)],
    cameras: [camera(1_200, 2, 'Decks'), camera(1_800, 3)],
  })
  assert.equal(chapters, [
    { atMs: 600_000, title: 'After an interruption', cause: { kind: 'interruption' } },
    { atMs: 1_200_000, title: 'Switch to Decks', cause: { kind: 'camera', camera: 2, title: 'Decks' } },
    { atMs: 1_800_000, title: 'Switch to camera 3', cause: { kind: 'camera', camera: 3, title: null } },
  ])
})

test('are none for an encoder that was back at once, nor for dates that only drift [LIVE-13]', () => {
  assert.equal(made({ clock: [point(0, 0), point(600, 603), point(900, 903.4)] }), [])
})

test('are never near one that somebody named, nor the beginning or the end [LIVE-13]', () => {
  const named = [{ atMs: 1_000_000, title: 'A song' }]
  assert.equal(made({ named, cameras: [camera(971), camera(1_029)] }), [])
  assert.equal(made({ named, cameras: [camera(970), camera(1_030)] }).length, 2)
  assert.equal(made({ cameras: [camera(-1), camera(0), camera(29), camera(3_571), camera(9_999)] }), [])
})

test('are one where several things happen within half a minute, the interruption rather than a camera [LIVE-13]', () => {
  assert.equal(made({ cameras: [camera(100, 2), camera(110, 3), camera(129, 1), camera(131, 4)] }), [
    [100, 'Switch to camera 2'],
    [131, 'Switch to camera 4'],
  ])
  const clock = [point(0, 0), point(110, 300)]
  assert.equal(made({ clock, cameras: [camera(100), camera(150)] }), [
    [110, 'After an interruption'],
    [150, 'Switch to camera 2'],
  ])
})

test('stay a list to read when a director changes cameras all the time [LIVE-13]', () => {
  const cameras = Array.from({ length: 100 }, (_none, i) => camera(35 * (i + 1), (i % 3) + 1))
  const { length } = made({ cameras })
  assert.ok(length >= 15 && length <= 40, `${length}`)
})

test.run()
