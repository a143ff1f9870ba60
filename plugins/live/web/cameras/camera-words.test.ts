import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Translate } from '#web'
import type { Mix, MixCamera } from '../../contract.ts'
import { markOf, nameOf, nextCamera, signed, stateOf } from './camera-words.ts'
import { type MixWords, mixTexts } from './texts.ts'

const test = suite('words of cameras')

const t = ((key: keyof MixWords, values: Record<string, string | number> = {}) =>
  String(mixTexts.fr[key]).replace(/\{(\w+)\}/g, (_all, name: string) =>
    String(values[name]),
  )) as Translate<MixWords>

function camera(said: Partial<MixCamera> = {}): MixCamera {
  return {
    ...{ camera: 2, title: 'Camera 2', status: 'live', streamId: null, poster: null, preview: null },
    ...{ hasVideo: true, hasAudio: true, health: null, measuredMs: null, clock: null, offsetMs: 0, keys: 1 },
    ...said,
  }
}
const mix = (mainCamera: number, onMain: number | null): Mix => {
  return { channel: 'c', mainCamera, audioCamera: null, onMain, onAudio: onMain, cameras: [] }
}

test('a camera without a name is called by its number in the reader’s language', () => {
  assert.is(nameOf(t, camera()), 'Caméra 2')
  assert.is(nameOf(t, camera({ title: 'Platines' })), 'Platines')
})

test('says what a camera does and how it arrives [LIVE-10]', () => {
  const health = { level: 'warn', bitrateKbps: 900, fps: 24.98, height: 720, lagMs: 0 } as const
  assert.equal(stateOf(t, camera({ health })), {
    words: 'En direct, à surveiller · 720p, 25 i/s · 900 kbit/s',
    tone: 'warn',
  })
  assert.equal(
    stateOf(t, camera({ hasVideo: false, health: { ...health, height: 0 } })).words.split(' · ')[1],
    'son seul',
  )
  assert.equal(stateOf(t, camera({ status: 'away' })), { words: 'Partie, peut revenir', tone: 'warn' })
  assert.is(stateOf(t, camera({ status: 'off' })).tone, 'quiet')
})

test('marks what viewers get, and the chosen camera while another stands in [LIVE-10]', () => {
  assert.is(markOf(mix(2, 2), camera()), 'onMain')
  assert.is(markOf(mix(1, 2), camera()), 'standIn')
  assert.is(markOf(mix(2, 1), camera()), 'chosen')
  assert.is(markOf(mix(2, null), camera()), null)
  assert.is(markOf(mix(1, 1), camera()), null)
})

test('offsets carry their sign, and the next camera takes the first free number', () => {
  assert.equal([signed(t, 0), signed(t, 20), signed(t, -20)], ['0 ms', '+20 ms', '\u221220 ms'])
  const taken = (...numbers: number[]) => numbers.map((number) => ({ camera: number }))
  assert.equal([nextCamera(taken(1, 3)), nextCamera(taken(1, 2))], [2, 3])
  assert.is(nextCamera(taken(...Array.from({ length: 16 }, (_none, i) => i + 1))), null)
})

test.run()
