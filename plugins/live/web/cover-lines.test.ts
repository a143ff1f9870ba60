import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { coverShape } from './cover-lines.ts'

test('draws the same cover for the same channel and others for others [LIVE-15]', () => {
  assert.equal(coverShape('saturday'), coverShape('saturday'))
  const names = ['saturday', 'sunday', 'radio', 'basement', 'quay']
  const covers = new Set(names.map((name) => coverShape(name).lines.join()))
  assert.is(covers.size, names.length)
})

test('draws only numbers, across the whole picture', () => {
  for (const name of ['a', 'été', '', 'x'.repeat(40)]) {
    const { hue, lines } = coverShape(name)
    assert.ok(hue >= 0 && hue < 360)
    for (const line of lines) {
      assert.match(line, /^M-?[\d.]+ [-\d. Q]+$/)
      assert.ok(Number(line.trim().split(/[ Q]/).at(-2)) > 160, line)
    }
  }
})

test.run()
