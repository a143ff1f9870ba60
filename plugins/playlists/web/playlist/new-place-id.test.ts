import { validate, version } from 'uuid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { newPlaceId } from './new-place-id.ts'

test('ids made in the page are UUIDs of version 7 with their time in front', () => {
  const now = Date.UTC(2026, 10, 22, 12, 0, 0, 123)
  const id = newPlaceId(now)
  assert.ok(validate(id) && version(id) === 7)
  assert.is(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16), now)
  assert.is.not(newPlaceId(now), id)
})

test.run()
