import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Stream } from '../streams.ts'
import { Handover } from './handover.ts'

const test = suite('which machine sends a channel on')

const camera = (number: number, originId: string | null, status: Stream['status'] = 'live') =>
  ({ id: `${number}`, camera: number, originId, status, hasAudio: true, startedAt: null }) as Stream
const choice = (mainCamera: number) => ({ mainCamera, audioCamera: null, cameras: [] })

test('sends at once what no other machine can be sending [LIVE-19]', () => {
  for (const originId of ['here', null])
    assert.is(new Handover().waitMs({ onAir: [camera(1, originId)] }, 'here', 5), 0)
  assert.is(new Handover().waitMs({ onAir: [] }, 'here', 5), 0)
})

test('leaves a picture of another machine to that one, and waits to take over until it has looked [LIVE-19] [LIVE-16]', () => {
  const handover = new Handover(2_500)
  const onAir = [camera(1, 'here'), camera(2, 'there')]
  const waits = (mainCamera: number, now: number) =>
    handover.waitMs({ onAir, choice: choice(mainCamera) }, 'here', now)
  assert.equal([waits(2, 0), waits(2, 60_000)], [null, null])
  assert.equal([waits(1, 61_000), waits(1, 62_000), waits(1, 63_500), waits(1, 99_000)], [2_500, 1_500, 0, 0])
  assert.equal([waits(2, 100_000), waits(1, 100_001)], [null, 2_500])
})

test('a first camera waits too where one of another machine is on air, and takes over from one that is lost', () => {
  const onAir = [camera(1, 'here'), camera(2, 'there')]
  assert.is(new Handover(2_500).waitMs({ onAir }, 'here', 0), 2_500)
  const lost = [camera(1, 'there', 'interrupted'), camera(2, 'here')]
  assert.is(new Handover(2_500).waitMs({ onAir: lost }, 'here', 0), 2_500)
  assert.is(new Handover(2_500).waitMs({ onAir: lost }, 'there', 0), null)
})

test.run()
