import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ReadPace } from './read-pace.ts'

const test = suite('reading many publishers')
const { wait } = Atomics
let sleeps: unknown[] = []

test.before.each(() => {
  sleeps = []
  Atomics.wait = ((...args: unknown[]) => sleeps.push(args[3])) as unknown as typeof wait
})
test.after.each(() => {
  Atomics.wait = wait
})

/** What the event loop does in one round: reads, then what was put behind them. */
async function round(pace: ReadPace, reads: number): Promise<void> {
  for (let i = 0; i < reads; i++) pace.hasRead()
  assert.is(sleeps.length, 0, 'never before all were read')
  await new Promise((resolve) => setImmediate(resolve))
}

test('sleeps once after each round of reads, whoever was read', async () => {
  const pace = new ReadPace(15, () => 4)
  await round(pace, 3)
  assert.equal(sleeps, [15])
  sleeps = []
  await round(pace, 1)
  assert.equal(sleeps, [15])
})

test('does not sleep when nothing was read', async () => {
  await round(new ReadPace(15, () => 4), 0)
  assert.equal(sleeps, [])
})

test('does not sleep for a few publishers, nor where it was not asked to', async () => {
  await round(new ReadPace(15, () => 3), 2)
  await round(new ReadPace(0, () => 50), 2)
  assert.equal(sleeps, [])
})

test('does not sleep over what viewers wait for, and again once it is sent', async () => {
  let hasUnsent = true
  const pace = new ReadPace(
    15,
    () => 4,
    () => hasUnsent,
  )
  await round(pace, 1)
  assert.equal(sleeps, [])
  hasUnsent = false
  await round(pace, 1)
  assert.equal(sleeps, [15])
})

test.run()
