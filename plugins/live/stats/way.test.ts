import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { HealthDesk } from '../health-desk.ts'
import { LiveWindow } from '../media/live-window.ts'
import type { IndexEntry, StreamHealth } from '../media/types.ts'
import type { LiveContext } from '../settings.ts'
import type { Stream } from '../streams.ts'
import { type Asking, Viewers } from '../viewers.ts'
import { behindOf, wayOf } from './way.ts'

const entry: IndexEntry = {
  track: 'video',
  seq: 0,
  durationMs: 1_830,
  at: '2026-05-01T20:00:00.000Z',
  sizeBytes: 1,
  initId: 0,
  isDiscontinuity: false,
  isIndependent: true,
  run: 0,
  startMs: 0,
}

function windowOf(partTargetMs: number | null): LiveWindow {
  const window = new LiveWindow('s')
  const open = { type: 'open', streamId: 's', targetDurationMs: 2_000, windowMs: 30_000, take: 1 } as const
  window.apply({ ...open, partTargetMs }, Buffer.alloc(0))
  window.apply({ type: 'segment', streamId: 's', entry, isStored: true }, Buffer.alloc(0))
  return window
}

const test = suite('delay of a stream')
test('is that of a part where there are parts, else of a segment [LIVE-03] [LIVE-17]', () => {
  assert.equal([wayOf(windowOf(333)), wayOf(windowOf(null)), wayOf(undefined)], [333, 1_830, null])
  assert.is(wayOf(new LiveWindow('empty')), null)
  const low = '/hls/t/s/video.m3u8?v=anna&_HLS_msn=4&_HLS_part=1'
  assert.equal([behindOf(windowOf(333), low), behindOf(windowOf(333), '/x?v=anna')], [999, 6_000])
  assert.is(behindOf(windowOf(null), low), 6_000)
})

test('is told to the DJ with that of the middle viewer on top [LIVE-03] [LIVE-17]', () => {
  const told: { delayMs: number | null; viewerDelayMs: number | null; viewers: number }[] = []
  const realtime = {
    presence: () => ({ connections: 0, accounts: [] }),
    publish: (_channel: unknown, _params: unknown, _type: string, view: (typeof told)[number]) =>
      told.push(view),
  }
  const viewers = new Viewers(() => undefined, Date.now, { guessBehind: () => 999 })
  const desk = new HealthDesk(
    { realtime } as unknown as LiveContext,
    viewers,
    async () => null,
    () => 333,
  )
  const stream = { id: 's', status: 'live', startedAt: null } as Stream
  const health = { lagMs: 40, connectedAt: new Date().toISOString(), fps: 30 } as StreamHealth
  desk.tell(stream, 'night')
  desk.measured(stream, 'night', health)
  const ask = (url: string) => ({ url, headers: {}, socket: {} }) as unknown as Asking
  viewers.seen('s', 'anna', ask('/video.m3u8?v=anna&d=1500'))
  viewers.seen('s', 'bert', ask('/video.m3u8?v=bert'))
  viewers.seen('s', 'carl', ask('/video.m3u8?v=carl&d=9000'))
  viewers.stop()
  desk.measured(stream, 'night', health)
  assert.equal(
    told.map(({ delayMs, viewerDelayMs, viewers }) => [delayMs, viewerDelayMs, viewers]),
    [
      [null, null, 0],
      [373, null, 0],
      [373, 1_873, 3],
    ],
  )
})
test.run()
