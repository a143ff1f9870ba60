import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseVolume } from './volume.ts'

test('reads the volume that was kept', () => {
  assert.equal(parseVolume('{"volume":0.4,"isMuted":true}'), { volume: 0.4, isMuted: true })
})

test('plays at full volume where nothing sensible was kept', () => {
  const full = { volume: 1, isMuted: false }
  for (const text of [null, '', 'x', 'null', '{"volume":7}', '{"volume":"0.5"}', '{"isMuted":true}'])
    assert.equal(parseVolume(text), full, String(text))
})

test.run()
