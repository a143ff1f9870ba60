import * as assert from 'uvu/assert'
import type { TestAccount, TestAppOptions } from '../../../test/kit/app.ts'
import { type Channel, insertChannel } from '../channels.ts'
import * as contract from '../contract.ts'
import { insertKey } from '../stream-keys.ts'
import { begin, play } from '../stream-life.ts'
import { type LiveApp, liveApp } from './kit.ts'

/** A DJ with a channel of their own, and two members. */
export interface SetsApp extends LiveApp {
  dj: TestAccount
  ann: TestAccount
  ben: TestAccount
  channel: Channel
}
let count = 0

export async function setsApp(options: TestAppOptions = {}): Promise<Pick<SetsApp, 'dj'> & LiveApp> {
  const live = await liveApp(options)
  return { ...live, dj: await live.app.addAccount({ roles: ['artist'] }) }
}

/** Another channel and other members, before each test. */
export async function freshRoom(context: SetsApp): Promise<void> {
  const { app, ctx, dj } = context
  context.ann = await app.addAccount()
  context.ben = await app.addAccount()
  const slug = `sets-${++count}`
  context.channel = await insertChannel(ctx.db, {
    slug,
    title: `Room ${count}`,
    description: '',
    ownerId: dj.id,
  })
}

export const inMin = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
export const input = (more: Record<string, unknown> = {}) => ({
  title: 'First light',
  description: 'All vinyl.',
  startsAt: inMin(120),
  endsAt: null,
  timeZone: 'Europe/Paris',
  access: null,
  ...more,
})

export async function planned({ app, dj, channel }: SetsApp, more: Record<string, unknown> = {}) {
  const params = { slug: channel.slug }
  const made = await app.as(dj).call(contract.planSet, { params, body: input(more) })
  assert.is(made.status, 201, JSON.stringify(made.body))
  return made.body
}
export const remind = ({ app, channel }: SetsApp, who: TestAccount, eventId?: string) =>
  app.as(who).call(contract.remindMe, { params: { slug: channel.slug }, body: eventId ? { eventId } : {} })

export async function goLive({ ctx, channel }: SetsApp) {
  const { row } = await insertKey(ctx.db, channel.id)
  return play(ctx, await begin(ctx, channel, row, { camera: 1, showId: undefined }), {
    hasVideo: true,
    hasAudio: true,
  })
}
export const mailsTo = async ({ app }: LiveApp, who: TestAccount) =>
  (await app.inbox()).filter(({ toAddress }) => toAddress === who.email)

/** Runs what waits for this moment. */
export async function ring({ app, ctx }: LiveApp, name: string) {
  await ctx
    .db('jobs')
    .where({ name, state: 'waiting' })
    .update({ runAt: inMin(-1) })
  await app.jobs.drain()
}
