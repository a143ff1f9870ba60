import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Storyboard } from '../../contract.ts'
import { stillAt } from './storyboard.ts'

const board: Storyboard = {
  sheets: ['/first', '/second'],
  everyMs: 10_000,
  count: 8,
  columns: 3,
  rows: 2,
  width: 160,
  height: 90,
}
const test = suite('pictures on the line')

test('each moment has the picture of its stretch, over rows and sheets [LIVE-13] [LIVE-15]', () => {
  const places = [0, 9_999, 10_000, 39_000, 60_000, 79_999].map((ms) => stillAt(board, ms))
  assert.equal(places, [
    { sheet: '/first', column: 0, row: 0 },
    { sheet: '/first', column: 0, row: 0 },
    { sheet: '/first', column: 1, row: 0 },
    { sheet: '/first', column: 0, row: 1 },
    { sheet: '/second', column: 0, row: 0 },
    { sheet: '/second', column: 1, row: 0 },
  ])
})

test('beyond both ends are the first and the last one, and none where a sheet is not there', () => {
  assert.equal(stillAt(board, -5), stillAt(board, 0))
  assert.equal(stillAt(board, 1e9), stillAt(board, 79_999))
  assert.is(stillAt({ ...board, sheets: ['/first'] }, 60_000), null)
  assert.is(stillAt({ ...board, sheets: [] }, 0), null)
})

test.run()
