import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../ingest/test-kit.ts'
import { EncodedOutlet, type StartEncoder } from './outlet.ts'
import type { Piece } from './sound-feed.ts'

const test = suite('sound that is encoded for listeners')
/** A frame of MP3 at 192 kbit/s and 48 kHz. */
const frame = (mark: number) => Buffer.alloc(576, mark)

test('goes to each of them in few writes, whole and in order, to the last frame [BEY-02]', async () => {
  let encoder: Parameters<StartEncoder>[1] | undefined
  const start: StartEncoder = async (_args, options) => {
    encoder = options
    const finish = () => {
      options.onOutput(frame(99))
      options.onEnd('')
    }
    return { write: () => undefined, pendingBytes: 0, finish, kill: () => undefined }
  }
  const outlet = new EncodedOutlet({
    format: 'mp3',
    start,
    recent: () => [{ bytes: Buffer.alloc(10), atMs: 1_000 }],
    left: () => undefined,
    onTrouble: assert.unreachable,
  })
  const taken: Piece[] = []
  let isEnded = false
  outlet.join({
    take: (piece) => taken.push(piece),
    end: () => {
      isEnded = true
    },
  })
  await until(() => encoder !== undefined, 'the encoder')
  // As a third of a second comes out of one: a frame for each read.
  for (let mark = 1; mark <= 14; mark++) encoder?.onOutput(frame(mark))
  await until(() => taken.length > 0, 'sound')
  assert.equal(
    taken.map(({ bytes, atMs }) => [bytes.length, bytes[0], bytes.at(-1), atMs]),
    [[14 * 576, 1, 14, 1_000]],
  )
  outlet.finish()
  assert.equal([taken.length, taken[1]?.bytes[0], isEnded], [2, 99, true])
})

test.run()
