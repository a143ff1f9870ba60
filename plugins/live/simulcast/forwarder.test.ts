import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Sample } from '../media/types.ts'
import { Forwarder, type ForwardState } from './forwarder.ts'
import type { RtmpPush } from './rtmp-push.ts'

const test = suite('a stream that is sent on by a slow line [LIVE-19]')
const megabyte = 1024 * 1024

/** A line whose unsent bytes are set by hand; what it was given, pictures as `p`, key frames as `k`, sound as `s`. */
function line(hasVideo = true) {
  const states: ForwardState[] = []
  const push = {
    isPublishing: true,
    pendingBytes: 0,
    sent: '',
    metadata: () => undefined,
    media(type: number, _time: number, payload: Buffer) {
      if (payload.length < 20) return
      this.sent += type === 8 ? 's' : payload[0]! >> 4 === 1 ? 'k' : 'p'
    },
    close: () => undefined,
  }
  let begin = () => {}
  let end: (reason: string, isRefusal: boolean) => void = () => {}
  const forwarder = new Forwarder({
    target: { address: '127.0.0.1', hostName: 'x', port: 1, isTls: false, app: 'live', streamKey: 'k' },
    told: (state) => states.push(state),
    open: (_target, events) => {
      begin = events.started
      end = events.ended
      return push as unknown as RtmpPush
    },
  })
  begin()
  if (hasVideo) forwarder.config({ track: 'video', config: Buffer.alloc(0) })
  let dtsMs = 0
  const give = (frames: string) => {
    for (const frame of frames) {
      dtsMs += 20
      const track = frame === 's' ? 'audio' : 'video'
      const sample: Sample = { track, dtsMs, ctsMs: 0, isKey: frame !== 'p', data: Buffer.alloc(40) }
      forwarder.sample(sample)
    }
    const { sent } = push
    push.sent = ''
    return sent
  }
  /** Of the connection that ends now. */
  const dropped = () => {
    end('gone', false)
    forwarder.close()
    return states.at(-1)?.droppedFrames
  }
  return { push, give, dropped }
}

test('begins with a key frame and the sound behind it', () => {
  const { give, dropped } = line()
  assert.is(give('spspkspss'), 'kspss')
  assert.is(dropped(), 0)
})

test('leaves pictures out until a key frame fits, sound until there is room, and counts them all', () => {
  const { push, give, dropped } = line()
  assert.is(give('ksp'), 'ksp')
  push.pendingBytes = 5 * megabyte
  assert.is(give('psps'), '')
  push.pendingBytes = 2 * megabyte
  assert.is(give('pskp'), '', 'not yet: the key frame would not fit either')
  push.pendingBytes = 0.5 * megabyte
  assert.is(give('psps'), 'ss')
  assert.is(give('kpsp'), 'kpsp')
  assert.is(dropped(), 10)
})

test('goes on with sound alone as soon as there is room', () => {
  const { push, give, dropped } = line(false)
  assert.is(give('ss'), 'ss')
  push.pendingBytes = 5 * megabyte
  assert.is(give('ss'), '')
  push.pendingBytes = 2 * megabyte
  assert.is(give('s'), '')
  push.pendingBytes = 0
  assert.is(give('ss'), 'ss')
  assert.is(dropped(), 3)
})

test.run()
