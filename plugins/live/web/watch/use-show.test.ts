import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Playback } from '../../contract.ts'
import { showOf } from './use-show.ts'

const on = (id: string, ...cameras: string[]) => ({
  id,
  playback: { angles: cameras.map((camera) => ({ id: camera })) } as unknown as Playback,
})

test('another main camera of the same event is the same show, another stream is not [LIVE-10]', () => {
  const first = showOf(null, on('a', 'a', 'b'))
  const second = showOf(first, on('b', 'b', 'a'))
  assert.is(second.id, 'a')
  assert.is(showOf(second, on('c', 'c', 'b')).id, 'a', 'a camera that joined took over')
  assert.is(
    showOf(showOf(null, on('a')), on('b', 'b', 'a')).id,
    'a',
    'the first camera became the second one',
  )
  assert.is(showOf(second, on('d')).id, 'd')
})

test.run()
