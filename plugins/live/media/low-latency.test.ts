import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkLowLatency, type LowLatency } from '../testdata/low-latency.ts'
import { PlayedStream } from '../testdata/played-stream.ts'
import { LiveWindow, type RenditionKey } from './live-window.ts'
import { WindowPlaylists } from './playlists.ts'
import { checkMedia } from './test-kit.ts'

const test = suite('low-latency playlists')

function read(window: LiveWindow, key: RenditionKey, form: 'whole' | 'delta' | 'plain' = 'whole'): string {
  return new WindowPlaylists(window).media(key, form)!.plain.toString()
}

/** A stream with so many whole segments of six parts in both tracks. */
function played(segments: number): PlayedStream {
  const stream = new PlayedStream()
  for (let i = 0; i < segments; i++) {
    stream.segment('video')
    stream.segment('audio')
  }
  return stream
}

test('says where the next part will be, and lists parts near the end alone [LIVE-03]', () => {
  const stream = played(9)
  stream.part('video')
  const list = checkLowLatency(read(stream.window, 'video'))
  assert.equal(list.unfinished, ['v9.0.m4s'])
  assert.is(list.hint, 'v9.1.m4s')
  assert.equal([...new Set(list.parts.map((name) => name.split('.')[0]))], ['v7', 'v8', 'v9'])
  // The last part is there, and listed together with its segment.
  stream.part('video', { isLast: true })
  assert.is(checkLowLatency(read(stream.window, 'video')).hint, 'v9.1.m4s')
  assert.is(stream.window.video.partsOf(9)!.length, 2)
  stream.finish('video')
  const after = checkLowLatency(read(stream.window, 'video'))
  assert.is(after.hint, 'v10.0.m4s')
  assert.is(after.segments.length, 10)
})

test('reports where the other renditions end [LIVE-04]', () => {
  const stream = played(3)
  stream.segment('720')
  stream.part('720')
  stream.part('audio')
  const text = read(stream.window, 'video')
  assert.match(text, '#EXT-X-RENDITION-REPORT:URI="audio.m3u8",LAST-MSN=3,LAST-PART=0\n')
  assert.match(text, '#EXT-X-RENDITION-REPORT:URI="video-720.m3u8",LAST-MSN=4,LAST-PART=0\n')
  assert.not.match(text, 'REPORT:URI="video.m3u8"')
})

test('skips what a player knows, but nothing of the last six target durations [LIVE-03]', () => {
  const stream = played(14)
  const had = checkLowLatency(read(stream.window, 'video'))
  stream.part('video')
  const delta = checkLowLatency(read(stream.window, 'video', 'delta'), had)
  assert.is(delta.skipped, 7)
  assert.equal(delta.segments, checkLowLatency(read(stream.window, 'video')).segments)
  assert.is(checkLowLatency(read(played(4).window, 'video', 'delta')).skipped, 0)
})

test('goes on behind an ingest process that died in the middle of a segment [LIVE-02]', () => {
  const stream = played(3)
  stream.part('video')
  stream.part('video')
  stream.restart()
  const text = read(stream.window, 'video')
  assert.is(checkLowLatency(text).hint, 'v3.0.1.m4s')
  assert.not.match(text, 'v3.1')
  stream.part('video')
  const list = checkLowLatency(read(stream.window, 'video'))
  assert.equal(list.unfinished, ['v3.0.1.m4s'])
  assert.match(
    read(stream.window, 'video'),
    /#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:[^\n]+\n#EXT-X-PART/,
  )
})

test('tells who joins late of the unfinished segment, part by part [LIVE-03]', () => {
  const stream = played(5)
  stream.part('video')
  stream.part('video')
  stream.segment('720')
  const late = new LiveWindow(stream.id)
  stream.retell(late)
  const [there, here] = [stream.window, late].map((window) => checkLowLatency(read(window, 'video')))
  assert.equal(here!.unfinished, there!.unfinished)
  assert.equal(here!.segments, there!.segments)
  assert.is(here!.hint, there!.hint)
  assert.is(late.rungs.get(720)!.segments[0]!.parts!.length, 6)
})

test('leaves a segment to the disk of which it missed parts [LIVE-03]', () => {
  let isAway = false
  const window = new LiveWindow('missed')
  const stream = new PlayedStream('missed', (message, body = Buffer.alloc(0)) => {
    if (!isAway && message.type !== 'end') window.apply(message, body)
  })
  stream.segment('video')
  stream.part('video')
  isAway = true
  stream.part('video')
  isAway = false
  stream.part('video', { isLast: true })
  stream.finish('video')
  assert.equal(
    window.video.segments.map((segment) => segment.parts?.length ?? null),
    [6, null],
  )
  stream.part('video')
  assert.is(checkLowLatency(read(window, 'video')).hint, 'v2.1.m4s')
})

type Step =
  | { kind: 'part' | 'last' | 'finish' | 'finish-unstored' | 'whole'; track: string }
  | { kind: 'interrupt'; isNew: boolean }
  | { kind: 'restart' | 'resend' | 'close-rung' }

const track = fc.constantFrom('video', 'video', 'audio', '720')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('part' as const), track }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('last', 'finish', 'finish-unstored', 'whole', 'whole'),
      track,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('interrupt' as const), isNew: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('restart', 'resend', 'close-rung') }) },
) as fc.Arbitrary<Step>

/** At most six parts a segment, as a target duration of two seconds has. */
class Walk {
  readonly stream = new PlayedStream()
  readonly #parts = new Map<string, number>()

  take(step: Step): void {
    if (step.kind === 'interrupt') this.stream.interrupt(step.isNew)
    else if (step.kind === 'restart') this.stream.restart()
    else if (step.kind === 'resend') this.stream.retell(this.stream.window)
    else if (step.kind === 'close-rung')
      this.stream.say({ type: 'rung-closed', streamId: 'played', rung: 720 })
    else if ('track' in step) this.#on(step.kind, step.track)
    if (step.kind === 'interrupt' || step.kind === 'restart') this.#parts.clear()
  }

  #on(kind: (Step & { track: string })['kind'], track: string): void {
    const parts = this.#parts.get(track) ?? 0
    for (let i = parts; kind === 'whole' && i < 5; i++) this.stream.part(track)
    const isFull = parts >= 5
    if (kind === 'part' && !isFull) {
      this.stream.part(track)
      this.#parts.set(track, parts + 1)
      return
    }
    if (kind === 'last' || kind === 'whole' || isFull) this.stream.part(track, { isLast: true })
    this.stream.finish(track, kind !== 'finish-unstored')
    this.#parts.delete(track)
  }
}

test('keeps to the rules in every state, and a player that skips knows as much as one that does not [LIVE-03] [LIVE-04]', () => {
  let skips = 0
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 5, maxLength: 250, size: 'max' }),
      fc.boolean(),
      (steps, endsIt) => {
        const walk = new Walk()
        const had = new Map<RenditionKey, LowLatency>()
        const look = (window: LiveWindow, isDelta: boolean) => {
          for (const key of ['video', 'audio', 720] as const) {
            if (!window.rendition(key)?.segments.length) continue
            checkMedia(read(window, key, 'plain'))
            const whole = checkLowLatency(read(window, key))
            const before = had.get(key)
            // A player whose playlist has moved on too far asks for all of it.
            const follows = before && whole.mediaSequence <= before.segments.at(-1)!.seq
            if (isDelta && follows && before.segments[0]!.seq <= whole.mediaSequence) {
              const delta = checkLowLatency(read(window, key, 'delta'), before)
              assert.equal(delta.segments, whole.segments)
              assert.equal(delta.unfinished, whole.unfinished)
              skips += delta.skipped
            }
            if (isDelta) had.set(key, whole)
          }
        }
        for (const one of steps) {
          const before = one.kind === 'resend' ? snapshot(walk.stream.window) : null
          walk.take(one)
          if (before) assert.equal(snapshot(walk.stream.window), before)
          look(walk.stream.window, true)
        }
        const late = new LiveWindow('played')
        walk.stream.retell(late)
        look(late, false)
        if (endsIt) walk.stream.end()
        look(walk.stream.window, true)
      },
    ),
    { numRuns: 25 },
  )
  assert.ok(skips > 0, 'players did skip')
})

function snapshot(window: LiveWindow): string[] {
  const keys = (['video', 'audio', 720] as const).filter((key) => window.rendition(key)?.segments.length)
  return keys.map((key) => read(window, key))
}

test.run()
