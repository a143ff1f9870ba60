import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { contrast, deriveAccent } from './accent.ts'

test('contrast is that of WCAG', () => {
  assert.is(contrast('#000000', '#ffffff'), 21)
  assert.is(contrast('#777777', '#ffffff').toFixed(2), '4.48')
  assert.is(contrast('not a colour', '#ffffff'), 1)
})

test('any colour of a label is readable in both themes, as text and under text', () => {
  const steps = [0, 51, 102, 153, 204, 255].map((value) => value.toString(16).padStart(2, '0'))
  const grounds = { light: ['#f7f6f3', '#ffffff'], dark: ['#101013', '#17171b', '#1e1e23'] }
  for (const r of steps)
    for (const g of steps)
      for (const b of steps)
        for (const mode of ['light', 'dark'] as const) {
          const { brand, onBrand, accent, onAccent } = deriveAccent(`#${r}${g}${b}`, mode)
          assert.ok(contrast(accent, onAccent) >= 4.5, `#${r}${g}${b} ${mode}: text on ${accent}`)
          assert.ok(contrast(brand, onBrand) >= 4.5, `#${r}${g}${b} ${mode}: text on ${brand}`)
          for (const ground of grounds[mode])
            assert.ok(contrast(brand, ground) >= 4.5, `#${r}${g}${b} ${mode}: ${brand} on ${ground}`)
        }
})

test('a colour that is readable already is left as it is', () => {
  assert.is(deriveAccent('#4b3fd8', 'light').brand, '#4b3fd8')
  assert.is(deriveAccent('#9d94ff', 'dark').brand, '#9d94ff')
})

test('surfaces keep the label’s colour unless the page would swallow it', () => {
  assert.equal(
    ['#ffcc00', '#fdfdfb', '#4b3fd8'].map((colour) => deriveAccent(colour, 'light').accent === colour),
    [true, false, true],
  )
  assert.is(deriveAccent('#ffcc00', 'light').onAccent, '#000000')
  assert.is.not(deriveAccent('#101010', 'dark').accent, '#101010')
})

test('something that is no colour falls back to one that works', () => {
  assert.ok(contrast(deriveAccent('red', 'light').brand, '#ffffff') >= 4.5)
})

test.run()
