import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { PublisherClock } from './timestamps.ts'

const test = suite('publisher clock')
const wrap = 2 ** 32
const uint32 = fc.integer({ min: 0, max: wrap - 1 })
const track = fc.constantFrom<'video' | 'audio'>('video', 'audio')

test('steps stay what they were across the end of the 32-bit clock [LIVE-02]', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 50 })
  fc.assert(
    fc.property(uint32, steps, (start, distances) => {
      const clock = new PublisherClock()
      let raw = start
      const first = clock.next('video', raw)
      let expected = first
      for (const distance of distances) {
        raw = (raw + distance) % wrap
        expected += distance
        assert.is(clock.next('video', raw), expected)
      }
      assert.is(clock.jumps, 0)
    }),
  )
})

test('the time of a track never goes back, whatever the publisher sends', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(track, uint32), { maxLength: 100 }), (messages) => {
      const clock = new PublisherClock()
      const last = { video: -Infinity, audio: -Infinity }
      for (const [name, raw] of messages) {
        const ms = clock.next(name, raw)
        assert.ok(Number.isSafeInteger(ms) && ms >= last[name])
        last[name] = ms
      }
    }),
  )
})

test('a restart at 0 goes on right after the last time, for both tracks together', () => {
  // Just before the wrap a restart cannot be told from the wrap, and need not be.
  const start = fc.integer({ min: 20_000, max: wrap - 20_000 })
  fc.assert(
    fc.property(start, fc.integer({ min: 0, max: 400 }), (before, offset) => {
      const clock = new PublisherClock()
      clock.next('audio', before - 10)
      const last = clock.next('video', before)
      const video = clock.next('video', 0)
      const audio = clock.next('audio', offset)
      assert.ok(video > last && video < last + 100)
      assert.is(audio - video, offset)
      assert.is(clock.jumps, 1)
    }),
  )
})

test('a restart within the first seconds is noticed by the track that goes back', () => {
  const clock = new PublisherClock()
  for (let ms = 0; ms <= 4_000; ms += 40) clock.next('video', ms)
  assert.is(clock.next('video', 0), 4_001)
  assert.is(clock.next('video', 40), 4_041)
})

test('tracks that lag behind each other keep their own times', () => {
  const clock = new PublisherClock()
  assert.equal(
    [clock.next('video', 100), clock.next('audio', 0), clock.next('video', 133), clock.next('audio', 23)],
    [100, 0, 133, 23],
  )
  assert.is(clock.jumps, 0)
})

test.run()
