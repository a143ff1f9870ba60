import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cropOf, moved, wholePixels, zoomed } from './crop-area.ts'

const test = suite('crop area')

test('begins with as much as has the shape, in the middle', () => {
  assert.equal(cropOf({ width: 400, height: 300 }, 1), { x: 50, y: 0, width: 300, height: 300 })
  assert.equal(cropOf({ width: 300, height: 400 }, 4), { x: 0, y: 162.5, width: 300, height: 75 })
  assert.equal(cropOf({ width: 400, height: 400 }, 1, 2), { x: 100, y: 100, width: 200, height: 200 })
})

test('whatever is done to it, it stays on the picture and keeps its shape [PROF-03]', () => {
  const size = fc.record({
    width: fc.integer({ min: 1, max: 9000 }),
    height: fc.integer({ min: 1, max: 9000 }),
  })
  const steps = fc.array(
    fc.record({
      x: fc.integer({ min: -9999, max: 9999 }),
      y: fc.integer({ min: -9999, max: 9999 }),
      zoom: fc.float({ min: 0, max: 20, noNaN: true }),
    }),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(size, fc.constantFrom(1, 4), steps, (picture, shape, all) => {
      let area = cropOf(picture, shape)
      for (const { x, y, zoom } of all) area = zoomed(moved(area, picture, { x, y }), picture, shape, zoom)
      assert.ok(Math.abs(area.width / area.height - shape) < 1e-6)
      const whole = wholePixels(area, picture)
      assert.ok(whole.x >= 0 && whole.y >= 0 && whole.width >= 1 && whole.height >= 1)
      assert.ok(whole.x + whole.width <= picture.width && whole.y + whole.height <= picture.height)
    }),
  )
})

test.run()
