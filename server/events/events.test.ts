import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { defineEvent, z } from '#contract'
import { onEach } from '../jobs/testdata/site.ts'
import { createEvents } from './events.ts'

const test = suite('events')
const on = onEach(test)
const ended = defineEvent({ name: 'live.ended', payload: z.strictObject({ id: z.string() }) })
const endedLong = defineEvent({ name: 'live.ended-long', payload: z.strictObject({ id: z.string() }) })

on('delivers an event to each subscriber once, as a job of its own', async ({ jobs, database: { db } }) => {
  const events = createEvents(jobs)
  const seen: string[] = []
  events.eventsFor('chat').on(ended, 'close-room', async ({ id }) => void seen.push(`chat ${id}`))
  events.eventsFor('mail').on(ended, 'tell', async ({ id }) => void seen.push(`mail ${id}`))
  events.eventsFor('mail').on(endedLong, 'tell', async () => void seen.push('wrong event'))
  await events.eventsFor('live').emit(db, ended, { id: 's1' })
  const { items } = await jobs.list({ limit: 9 })
  assert.equal(items.map((row) => row.name).sort(), [
    'event:live.ended:chat.close-room',
    'event:live.ended:mail.tell',
  ])
  await jobs.drain()
  await jobs.drain()
  assert.equal(seen.sort(), ['chat s1', 'mail s1'])
})

on(
  'tries again for the subscriber that failed, not for the others',
  async ({ jobs, clock, database: { db } }) => {
    const events = createEvents(jobs)
    const seen: string[] = []
    events.eventsFor('chat').on(ended, 'a', async (_payload, run) => {
      seen.push(`a${run.attempt}`)
      if (run.attempt === 1) throw new Error('not yet')
    })
    events.eventsFor('chat').on(ended, 'b', async (_payload, run) => void seen.push(`b${run.attempt}`))
    await events.eventsFor('live').emit(db, ended, { id: 's1' })
    await jobs.drain()
    clock.advance(2000)
    await jobs.drain()
    assert.equal(seen.sort(), ['a1', 'a2', 'b1'])
  },
)

on('forgets an event whose transaction is rolled back', async ({ jobs, database }) => {
  const events = createEvents(jobs)
  events.eventsFor('chat').on(ended, 'a', async () => {})
  const work = database.db.tx(async (db) => {
    await events.eventsFor('live').emit(db, ended, { id: 's1' })
    throw new Error('back')
  })
  await work.catch(() => {})
  assert.is((await jobs.counts()).waiting, 0)
})

on('refuses a payload that does not fit, subscribers or not', async ({ jobs, database: { db } }) => {
  const wrong = { id: 5 } as unknown as { id: string }
  const error = await createEvents(jobs)
    .eventsFor('live')
    .emit(db, ended, wrong)
    .catch((e: Error) => e)
  assert.instance(error, Error)
})

on('does not deliver to a plugin that is disabled, and keeps what it was sent before', async (site) => {
  const { jobs, database } = site
  const events = createEvents(jobs)
  const seen: string[] = []
  const enable = () => events.eventsFor('chat').on(ended, 'a', async ({ id }) => void seen.push(id))
  enable()
  await events.eventsFor('live').emit(database.db, ended, { id: 'before' })
  await jobs.dropOwner('chat')
  await events.eventsFor('live').emit(database.db, ended, { id: 'meanwhile' })
  await jobs.drain()
  assert.equal(seen, [])
  enable()
  await jobs.drain()
  assert.equal(seen, ['before'])
})

test.run()
