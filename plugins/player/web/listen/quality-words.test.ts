import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { soundingWords } from './quality-words.ts'

const sounding = { way: 'mse', profile: null, bitrateKbps: null, sampleRate: 44_100 } as const

test('says which codec is heard, and how many bits a second [PLAY-11]', () => {
  assert.is(soundingWords({ ...sounding, codec: 'flac', bitrateKbps: 911.6 }), 'FLAC 912 kbit/s')
  assert.is(soundingWords({ ...sounding, codec: 'mp4a.40.2', bitrateKbps: 256 }), 'AAC 256 kbit/s')
  assert.is(soundingWords({ ...sounding, codec: 'mp3' }), 'MP3')
  assert.is(soundingWords({ ...sounding, codec: 'opus' }), 'OPUS')
  assert.is(soundingWords(null), '')
})

test.run()
