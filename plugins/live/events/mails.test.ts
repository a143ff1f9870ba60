import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import * as contract from '../contract.ts'
import { end } from '../stream-life.ts'
import {
  freshRoom,
  goLive,
  inMin,
  mailsTo,
  planned,
  remind,
  ring,
  type SetsApp,
  setsApp,
} from '../testdata/sets.ts'
import { readStopToken } from './stop-link.ts'

const test = suite<SetsApp>('mails of planned sets')

test.before(async (context) => {
  Object.assign(context, await setsApp())
})
test.before.each(freshRoom)
test.after(({ app }) => app.close())

test('who wants it is mailed once before the set, in their language, whatever runs twice [LIVE-06]', async (context) => {
  const { app, ctx, ann, ben } = context
  await ctx.db('accounts').where({ id: ben.id }).update({ language: 'fr', timeZone: 'Europe/Paris' })
  const { id, startsAt } = await planned(context, { startsAt: '2031-06-01T20:00:00.000Z' })
  for (const who of [ann, ben, ann]) await remind(context, who, id)
  const silent = await app.addAccount()
  await remind(context, silent, id)
  await app.as(silent).call(identity.updatePreferences, { body: { live: false } })
  await app.jobs.drain()
  assert.equal(await mailsTo(context, ann), [])
  const job = await ctx
    .db('jobs')
    .where({ name: 'live.remind-of-set', state: 'waiting' })
    .orderBy('id', 'desc')
    .first()
  assert.is(job.runAt, '2031-06-01T19:45:00.000Z')
  await ring(context, 'live.remind-of-set')
  await ctx.jobs.enqueue(ctx.db, contract.remindOfSet, { eventId: id, startsAt })
  await app.jobs.drain()
  const [[english, ...more], [french]] = [await mailsTo(context, ann), await mailsTo(context, ben)]
  assert.equal([more, await mailsTo(context, silent)], [[], []])
  assert.match(english?.subject ?? '', /^First light begins soon/)
  assert.match(english?.text ?? '', /1 June.*20:00|20:00.*UTC|22:00/)
  assert.match(french?.text ?? '', /commence à dimanche 1 juin (à )?22:00/)
  assert.is((await app.as(ann).call(contract.getSet, { params: { id } })).body.isReminded, true)
})

test('a title is one line of a mail, whatever is in it [LIVE-06] [SEC-03]', async (context) => {
  const { app, ann } = context
  const forged = 'Your password was stolen: https://evil.test'
  const { id } = await planned(context, { title: `Night\r\n\r\n${forged}\u202e\u2028end` })
  await remind(context, ann, id)
  await ring(context, 'live.remind-of-set')
  await app.jobs.drain()
  const [mail] = await mailsTo(context, ann)
  assert.match(mail?.text ?? '', `“Night ${forged} end” on`)
  assert.match(mail?.subject ?? '', `Night ${forged} end begins soon`)
})

test('a moved set reminds at its new time, a cancelled one tells why nobody comes [LIVE-06]', async (context) => {
  const { app, dj, ann } = context
  const { id } = await planned(context)
  await remind(context, ann, id)
  const startsAt = inMin(300)
  await app.as(dj).call(contract.changeSet, { params: { id }, body: { startsAt } })
  const jobs: { payloadJson: { eventId: string } }[] = await context.ctx
    .db('jobs')
    .where({ name: 'live.remind-of-set', state: 'waiting' })
  assert.is(jobs.filter(({ payloadJson }) => payloadJson.eventId === id).length, 2)
  await ring(context, 'live.remind-of-set')
  assert.is((await mailsTo(context, ann)).length, 1)
  assert.is((await app.as(dj).call(contract.removeSet, { params: { id } })).problem, 'conflict')
  const cancelled = await app.as(dj).call(contract.cancelSet, { params: { id } })
  assert.is(cancelled.body.status, 'cancelled')
  await app.as(dj).call(contract.cancelSet, { params: { id } })
  await app.jobs.drain()
  const mails = await mailsTo(context, ann)
  assert.equal([mails.length, mails[0]?.subject.startsWith('Cancelled: First light')], [2, true])
  assert.is((await remind(context, ann, id)).problem, 'live.set-is-over')
  assert.is(
    (await app.as(dj).call(contract.changeSet, { params: { id }, body: { title: 'x' } })).problem,
    'live.set-is-over',
  )
})

test('a set that is moved to and fro mails nobody each time [LIVE-06] [SEC-06]', async (context) => {
  const { app, ctx, dj, ann } = context
  const { id } = await planned(context)
  await remind(context, ann, id)
  const move = async (startsAt: string) => {
    await app.as(dj).call(contract.changeSet, { params: { id }, body: { startsAt } })
    await app.jobs.drain()
  }
  // Within the quarter of an hour before which one is reminded: mails go out at once.
  for (const min of [10, 11, 300, 12, 9, 500, 8]) await move(inMin(min))
  assert.is((await mailsTo(context, ann)).length, 1)
  await ctx.db('live_reminders').where({ eventId: id }).update({ mailedAt: '2026-01-01T00:00:00.000Z' })
  await move(inMin(10))
  assert.is((await mailsTo(context, ann)).length, 2, 'long after that it is news')
})

test('a set that is cancelled before its time reminds nobody [LIVE-06]', async (context) => {
  const { app, dj, ann, ben } = context
  const { id } = await planned(context)
  await remind(context, ann, id)
  await remind(context, ben, id)
  const params = { slug: context.channel.slug }
  await app.as(ben).call(contract.forgetReminder, { params, query: { eventId: id } })
  await app.as(dj).call(contract.cancelSet, { params: { id } })
  await ring(context, 'live.remind-of-set')
  const subjects = (await mailsTo(context, ann)).map(({ subject }) => subject.split(' · ')[0])
  assert.equal([subjects, await mailsTo(context, ben)], [['Cancelled: First light'], []])
})

test('followers who want it hear once that the channel is live, also when it comes back [LIVE-06]', async (context) => {
  const { app, ctx, ann, ben } = context
  const params = { slug: context.channel.slug }
  await app.as(ben).call(contract.followChannel, { params })
  await remind(context, ann)
  assert.equal((await app.as(ann).call(contract.getFollowing, { params })).body.isMailed, true)
  const stream = await goLive(context)
  await app.jobs.drain()
  const recording = { durationMs: 1000, sizeBytes: 1000, segments: 1 }
  await end(ctx, stream, { reason: 'unpublished', recording })
  await goLive(context)
  await app.jobs.drain()
  const [mail, ...more] = await mailsTo(context, ann)
  assert.match(mail?.subject ?? '', /^Room \d+ is live/)
  assert.equal([more, await mailsTo(context, ben)], [[], []])
})

test('who waits for a set and follows its channel gets one mail of it [LIVE-06]', async (context) => {
  const { app, ann, ben } = context
  const set = await planned(context, { startsAt: inMin(25) })
  for (const who of [ann, ben]) await remind(context, who, set.id)
  await remind(context, ann)
  await goLive(context)
  await app.jobs.drain()
  await ring(context, 'live.remind-of-set')
  for (const who of [ann, ben]) {
    const subjects = (await mailsTo(context, who)).map(({ subject }) => subject.split(' · ')[0])
    assert.equal(subjects, ['First light is live'])
  }
})

test('the link in a mail stops them without signing in, for that channel and account alone [LIVE-06]', async (context) => {
  const { app, ctx, ann, ben, channel } = context
  const { id } = await planned(context, { startsAt: inMin(25) })
  await remind(context, ann, id)
  for (const who of [ann, ben]) await remind(context, who)
  await goLive(context)
  await app.jobs.drain()
  const [mail] = await mailsTo(context, ann)
  const [, path, token = ''] = /(\/live\/\S+)#token=(\S+)/.exec(mail?.text ?? '') ?? []
  assert.is(path, `/live/${channel.slug}/reminders`)
  assert.is((await app.request(path ?? '')).status, 200)
  const stopped = await app.call(contract.stopMails, { body: { token } })
  assert.equal(stopped.body.channel.slug, channel.slug)
  const params = { slug: channel.slug }
  assert.is((await app.as(ann).call(contract.getFollowing, { params })).body.isMailed, false)
  assert.is((await app.as(ann).call(contract.getSet, { params: { id } })).body.isReminded, false)
  assert.is((await app.as(ben).call(contract.getFollowing, { params })).body.isMailed, true)
  for (const bad of [token.slice(0, -1), token.replace(ann.id, ben.id), 'x', ''])
    assert.is((await app.call(contract.stopMails, { body: { token: bad } })).status, 404, bad)
  assert.equal(readStopToken(ctx, token), { accountId: ann.id, channelId: channel.id })
})

test.run()
