import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Account } from '#sdk'
import { somebody } from '../../test/kit/account.ts'
import { canManage, canPublish, canRemoveReplay } from './policy.ts'

const test = suite('live policy')
const account = (id: string, ...permissions: string[]): Account =>
  somebody(id, { permissions: new Set(permissions) })
const artist = account('artist', 'live.publish')
const other = account('other', 'live.publish')
const admin = account('admin', 'live.publish', 'live.manage')
const fan = account('fan')
const own = { ownerId: 'artist' }
const house = { ownerId: null }

test('an artist goes live on their own channels only', () => {
  assert.is(canPublish(artist, own), true)
  assert.is(canPublish(other, own), false)
  assert.is(canPublish(artist, house), false)
})

test('a manager sees to every channel, also those of the label', () => {
  assert.is(canManage(admin), true)
  assert.is(canPublish(admin, own), true)
  assert.is(canPublish(admin, house), true)
})

test('owning a channel is worth nothing once the permission is gone', () => {
  assert.is(canPublish(account('artist'), own), false)
})

test('visitors and fans may do nothing', () => {
  for (const nobody of [null, fan]) assert.is(canPublish(nobody, own), false)
  assert.is(canPublish(null, house), false)
})

test('a replay that may still go on cannot be removed, not even by a manager', () => {
  assert.is(canRemoveReplay(admin, own, { status: 'interrupted' }), false)
  assert.is(canRemoveReplay(artist, own, { status: 'ended' }), true)
  assert.is(canRemoveReplay(other, own, { status: 'ended' }), false)
})

test.run()
