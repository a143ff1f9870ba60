import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import type { Message } from '../contract.ts'
import { rowsOf } from './rows.ts'
import {
  asTold,
  earlierCursor,
  emptyTimeline,
  gapCursor,
  trimmed,
  withDraft,
  withFailure,
  withMessages,
  withNewestPage,
  withOlderPage,
  withoutAuthors,
  withPaid,
  withRemoved,
} from './timeline.ts'

const me = newId()
const roomId = newId()
const message = (over: Partial<Message> = {}): Message => ({
  id: newId(),
  roomId,
  author: { id: me, username: 'ana', displayName: 'Ana', isModerator: false, isHost: false },
  text: 'hello',
  createdAt: '2026-11-22T10:00:00.000Z',
  deletedAt: null,
  clientId: null,
  paid: null,
  ...over,
})
const many = (count: number) => Array.from({ length: count }, () => message())
const ids = (items: readonly Message[]) => items.map((item) => item.id)

test('shows each message once and in order, however often and in whatever order it comes [CHAT-19]', () => {
  const all = many(12)
  const parts = fc.array(fc.subarray(all), { maxLength: 6 })
  fc.assert(
    fc.property(parts, fc.shuffledSubarray(all, { minLength: all.length }), (some, rest) => {
      let timeline = emptyTimeline
      for (const part of [...some, rest]) timeline = withMessages(timeline, part, me)
      assert.equal(ids(timeline.items), ids(all))
    }),
  )
})

test('settles a draft when its message arrives, by socket or by page, and a late failure changes nothing [CHAT-19]', () => {
  const draft = { clientId: 'c1', text: 'hello', state: 'sending' as const, reason: null }
  const waiting = withDraft(emptyTimeline, draft)
  const foreign = { ...message({ clientId: 'c1' }).author!, id: newId() }
  assert.is(withMessages(waiting, [message({ clientId: 'c1', author: foreign })], me).drafts.length, 1)
  const arrived = withMessages(waiting, [message({ clientId: 'c1' })], me)
  assert.equal(arrived.drafts, [])
  assert.equal(withFailure(arrived, 'c1', 'offline').drafts, [])
  assert.is(withFailure(waiting, 'c1', 'offline').drafts[0]?.state, 'failed')
  assert.is(withDraft(withFailure(waiting, 'c1', 'offline'), draft).drafts[0]?.state, 'sending')
})

test('leaves out what hidden authors say, and keeps those whose account is gone [PROF-09]', () => {
  const theirs = message({ author: { ...message().author!, id: newId() } })
  const all = [message(), theirs, message({ author: null })]
  assert.equal(withoutAuthors(all, [theirs.author!.id]), [all[0], all[2]])
  assert.is(withoutAuthors(all, []), all)
})

test('a removed message stays removed when an older copy of it comes again [CHAT-18]', () => {
  const one = message()
  const removed = withRemoved(withMessages(emptyTimeline, [one], me), one.id)
  assert.is(withMessages(removed, [one], me).items[0]?.text, null)
})

test('a message is removed even where the page that holds it was read before and comes after [CHAT-18]', () => {
  const [one, other] = many(2) as [Message, Message]
  const removed = withRemoved(emptyTimeline, one.id)
  const page = { items: [one, other], before: null }
  const shown = withNewestPage(removed, page, me).items
  assert.equal(
    shown.map(({ text, deletedAt }) => [text, deletedAt]),
    [
      [null, one.createdAt],
      ['hello', null],
    ],
  )
  assert.is(withOlderPage(removed, page).items[0]?.text, null)
})

test('the newest page lets go of what lies before a gap, and keeps what came by socket meanwhile', () => {
  const [old, missed, shown, late] = many(4) as [Message, Message, Message, Message]
  const timeline = withMessages(emptyTimeline, [old, late], me)
  const fresh = withNewestPage(timeline, { items: [shown], before: shown.id }, me)
  assert.equal(ids(fresh.items), [shown.id, late.id])
  const whole = withOlderPage(fresh, { items: [old, missed], before: null })
  assert.equal(ids(whole.items), [old.id, missed.id, shown.id, late.id])
  assert.is(whole.before, null)
})

test('a page read while the room was empty takes nothing away that was heard meanwhile [CHAT-19]', () => {
  const heard = withMessages(emptyTimeline, many(2), me)
  const loaded = withNewestPage(heard, { items: [], before: null }, me)
  assert.equal(ids(loaded.items), ids(heard.items))
  assert.ok(loaded.isLoaded)
})

test('lets the oldest messages go once there are many, and can load them again', () => {
  const all = many(450)
  const timeline = trimmed(withMessages(emptyTimeline, all, me))
  assert.is(timeline.items.length, 200)
  assert.is(timeline.before, timeline.items[0]?.id)
})

test('asks again from well before the last message after an interruption [CHAT-19]', () => {
  const all = many(60)
  const cursor = gapCursor(withMessages(emptyTimeline, all, me))
  assert.ok(cursor && cursor < all[10]!.id)
  assert.is(gapCursor(emptyTimeline), null)
  assert.is(earlierCursor('0198f000-0000-7abc-8000-000000000000', 1), '0198efff-ffff-7000-8000-000000000000')
})

test('begins a group at a new author, after a pause, and a separator at a new day', () => {
  const other = { ...message().author!, id: newId() }
  const at = (createdAt: string, author = message().author) => message({ createdAt, author })
  const rows = rowsOf([
    at('2026-11-21T12:00:00.000Z'),
    at('2026-11-21T12:01:00.000Z'),
    at('2026-11-21T12:02:00.000Z', other),
    at('2026-11-21T12:20:00.000Z', other),
    at('2026-11-22T12:20:00.000Z', other),
  ])
  const shape = rows.map((row) => (row.kind === 'day' ? 'day' : row.isFirst ? 'first' : 'next'))
  assert.equal(shape, ['day', 'first', 'next', 'first', 'first', 'day', 'first'])
})

test('a superchat that is unpinned stays in its place, one that is paid back is an ordinary line [LIVE-09]', () => {
  const paid = {
    tipId: newId(),
    amountMinor: 500,
    currency: 'EUR',
    tone: 1,
    pinnedUntil: '2026-11-22T10:05:00.000Z',
  }
  const [plain, superchat] = [message(), message({ paid })]
  const room = withMessages(emptyTimeline, [plain, superchat], me)
  const unpinned = withPaid(room, superchat.id, { ...paid, pinnedUntil: null })
  assert.equal(unpinned.items, [plain, { ...superchat, paid: { ...paid, pinnedUntil: null } }])
  assert.equal(withPaid(room, superchat.id, null).items[1]?.paid, null)
  assert.equal(asTold(unpinned, superchat).paid?.pinnedUntil, null, 'also where it is read from elsewhere')
  const rows = rowsOf(withMessages(room, [message()], me).items)
  assert.equal(
    rows.flatMap((row) => (row.kind === 'message' ? [row.isFirst] : [])),
    [true, true, true],
    'it stands by itself among lines of the same author',
  )
})

test('a superchat shows what is left of it, in whatever order that is heard and read [LIVE-09]', () => {
  const paid = { tipId: newId(), currency: 'EUR', tone: 1, pinnedUntil: '2026-11-22T10:02:00.000Z' }
  const of = (amountMinor: number | null) => ({ ...paid, amountMinor })
  const superchat = message({ paid: of(500) })
  const room = withMessages(emptyTimeline, [superchat], me)
  const left = withPaid(withPaid(room, superchat.id, of(200)), superchat.id, of(350))
  const amountOf = (timeline: typeof room) => timeline.items[0]?.paid?.amountMinor
  assert.equal(left.items[0]?.paid, of(200))
  assert.is(amountOf(withMessages(left, [superchat], me)), 200, 'read before it was told')
  assert.is(amountOf(withMessages(left, [{ ...superchat, paid: of(90) }], me)), 90, 'read later')
  const early = withPaid(emptyTimeline, superchat.id, of(200))
  assert.is(amountOf(withMessages(early, [superchat], me)), 200, 'told before it was read')
  assert.is(withMessages(withPaid(left, superchat.id, null), [superchat], me).items[0]?.paid, null)
})

test.run()
