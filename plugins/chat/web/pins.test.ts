import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import type { Message } from '../contract.ts'
import { pinsAt, shareLeft } from './pins.ts'

const start = Date.parse('2026-11-22T10:00:00.000Z')
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString()
const superchat = (pinS: number | null, more: Partial<Message> = {}): Message => ({
  id: newId(),
  roomId: newId(),
  author: { id: newId(), username: 'ana', displayName: 'Ana', isModerator: false, isHost: false },
  text: 'hello',
  createdAt: at(0),
  deletedAt: null,
  clientId: null,
  paid: {
    tipId: newId(),
    amountMinor: 500,
    currency: 'EUR',
    tone: 1,
    pinnedUntil: pinS === null ? null : at(pinS),
  },
  ...more,
})
const known = { ended: [], hidden: [], now: start + 60_000 }

test('shows what is pinned now, newest first and each once, until its time is over [LIVE-09]', () => {
  const [first, second, over] = [superchat(120), superchat(90), superchat(60)]
  const all = [first, superchat(null), second, superchat(120, { paid: null }), over, { ...first }]
  assert.equal(
    pinsAt(all, known).map(({ id }) => id),
    [second.id, first.id],
  )
  assert.equal(pinsAt(all, { ...known, now: start + 120_000 }), [])
})

test('leaves out what was removed, and those the reader blocks [LIVE-09]', () => {
  const [ended, removed, blocked] = [superchat(90), superchat(90, { text: null }), superchat(90)]
  const hidden = [blocked.author?.id ?? '']
  assert.equal(pinsAt([ended, removed, blocked], { ...known, ended: [ended.id], hidden }), [])
  assert.is(pinsAt([ended], known).length, 1)
})

test('the time left goes from all to nothing', () => {
  const message = superchat(120)
  const shares = [-5, 0, 60, 120, 500].map((seconds) => shareLeft(message, start + seconds * 1000))
  assert.equal(shares, [1, 1, 0.5, 0, 0])
})

test.run()
