import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Sample } from '../media/types.ts'
import { Timeline } from './timeline.ts'

const test = suite('the one clock of what is sent on')
const frameMs = 40
/** A camera whose clock shows `ahead` more than ours. */
const camera = (aheadMs: number) => ({ distanceMs: -aheadMs, aheadMs })
type Camera = ReturnType<typeof camera>
const at = (track: Sample['track'], { aheadMs }: Camera, nowMs: number, ctsMs = 0): Sample => ({
  track,
  dtsMs: nowMs + aheadMs - ctsMs,
  ctsMs,
  isKey: true,
  data: Buffer.alloc(0),
})

test('frames of one camera keep their distances, whole milliseconds whole [LIVE-19]', () => {
  const line = new Timeline()
  const own = camera(123.456)
  const sent = (dtsMs: number, track: Sample['track'] = 'video') => ({ ...at(track, own, 0), dtsMs })
  line.showFrom(own, sent(5_000), true)
  const first = line.ofPicture(sent(5_000))
  assert.is(line.ofPicture(sent(5_033)) - first, 33)
  assert.is(line.ofSound(sent(5_021, 'audio'), 0)! - first, 21)
  // What is learnt of the way meanwhile moves nothing.
  own.distanceMs -= 80
  assert.is(line.ofPicture(sent(5_067)) - first, 67)
})

test('whatever is chosen, no track goes back, and picture and sound of a moment stay together [LIVE-19]', () => {
  const change = fc.record({
    picture: fc.integer({ min: 0, max: 2 }),
    sound: fc.option(fc.integer({ min: 0, max: 2 })),
    frames: fc.integer({ min: 1, max: 40 }),
    ctsMs: fc.constantFrom(0, 80),
    /** By how much the new camera's frames are late at this moment. */
    lateMs: fc.integer({ min: 0, max: 300 }),
  })
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 3, maxLength: 3 }),
      fc.array(change),
      (clocks, changes) => {
        const cameras = clocks.map(camera)
        const line = new Timeline()
        const last = { dts: -Infinity, seen: -Infinity, heard: -Infinity }
        let now = 0
        let movedMs = 0
        for (const { picture, sound, frames, ctsMs, lateMs } of changes) {
          const [shown, heard] = [cameras[picture]!, cameras[sound ?? picture]!]
          now += frameMs
          line.showFrom(shown, at('video', shown, now - lateMs, ctsMs), sound === null)
          if (sound !== null) line.hear(heard)
          movedMs += lateMs + ctsMs + 1
          for (let i = 0; i < frames; i++, now += frameMs) {
            const frame = at('video', shown, now - lateMs, ctsMs)
            const dts = line.ofPicture(frame)
            assert.ok(dts >= last.dts && (i > 0 || dts > last.dts))
            assert.ok(dts + ctsMs > last.seen)
            Object.assign(last, { dts, seen: dts + ctsMs })
            const of = line.ofSound(at('audio', heard, now - lateMs), 0)
            if (of === null) continue
            assert.ok(of >= last.heard)
            last.heard = of
            assert.ok(Math.abs(of - (dts + ctsMs)) <= movedMs)
          }
        }
      },
    ),
    { numRuns: 200 },
  )
})

test('a long silence is left out; a short one is kept, and what another camera sends meanwhile [LIVE-19]', () => {
  const [one, two] = [camera(0), camera(700)]
  const line = new Timeline()
  line.showFrom(one, at('video', one, 1_000), true)
  const first = line.ofPicture(at('video', one, 1_000))
  line.leave(one)
  line.showFrom(one, at('video', one, 1_500), true)
  assert.is(line.ofPicture(at('video', one, 1_500)) - first, 500)
  line.leave(one)
  line.showFrom(two, at('video', two, 20_000), false)
  assert.is(line.ofPicture(at('video', two, 20_000)) - first, 540)
  line.hear(one)
  assert.is(line.ofSound(at('audio', one, 20_100), 0)! - first, 640)
  line.leave(two)
  assert.is(line.ofSound(at('audio', one, 30_000), 0)! - first, 10_540)
  line.showFrom(two, at('video', two, 30_000), false)
  assert.is(line.ofPicture(at('video', two, 30_000)) - first, 10_540)
})

test('sound of another camera follows its offset and its drift, and what overlaps is left out [LIVE-11]', () => {
  const [one, two] = [camera(0), camera(0)]
  const line = new Timeline()
  line.showFrom(one, at('video', one, 1_000), true)
  const zero = line.ofPicture(at('video', one, 1_000)) - 1_000
  assert.is(line.ofSound(at('audio', one, 1_000), 0), zero + 1_000)
  line.hear(two, -100)
  assert.is(line.ofSound(at('audio', two, 1_100), -100), null)
  assert.is(line.ofSound(at('audio', two, 1_120), -100), zero + 1_020)
  two.distanceMs += 1
  let heard = 0
  for (let ms = 1_140; ms < 3_000; ms += 20) heard = line.ofSound(at('audio', two, ms), -100)! - zero - ms
  assert.ok(Math.abs(heard + 99) < 0.01, String(heard))
})

test.run()
