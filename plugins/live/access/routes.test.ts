import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Route } from '#contract'
import { identity } from '#contract'
import { newId } from '#sdk'
import type { TestAccount } from '../../../test/kit/app.ts'
import type { Channel } from '../channels.ts'
import * as contract from '../contract.ts'
import { insertKey } from '../stream-keys.ts'
import { findStream, guardShow, insertStream, markLive, type Stream } from '../streams.ts'
import { type LiveApp, liveApp } from '../testdata/kit.ts'
import { onAir } from '../testdata/on-air.ts'
import { insertCodes } from './passes.ts'

interface Context extends LiveApp {
  dj: TestAccount
  other: TestAccount
  ann: TestAccount
  channel: Channel
  stream: Stream
}
const test = suite<Context>('access of channels')

test.before(async (context) => {
  Object.assign(context, await liveApp())
  context.dj = await context.app.addAccount({ roles: ['artist'] })
  context.other = await context.app.addAccount({ roles: ['artist'] })
})
test.before.each(async (context) => {
  context.ann = await context.app.addAccount()
  Object.assign(context, await onAir(context.ctx, { ownerId: context.dj.id }))
})
test.after(({ app }) => app.close())

const opened = async ({ app, ctx, dj, channel }: Context, access: contract.Access) => {
  const input = { params: { slug: channel.slug }, body: { access } }
  const { status } = await app.as(dj).call(contract.updateChannel, input)
  assert.is(status, 200)
  // Everybody's page may be half a second old.
  await ctx.db('live_channels').where({ id: channel.id }).first()
}
const isOpen = async ({ app, channel }: Context, who: TestAccount | null) => {
  const client = who ? app.as(who) : app
  const { body } = await client.call(contract.getChannel, { params: { slug: channel.slug } })
  assert.is(body.isLocked, body.playback === null)
  return !body.isLocked
}

test('members, followers, guests and strangers see what each access lets them [LIVE-20]', async (context) => {
  const { app, dj, ann, channel } = context
  const slug = channel.slug
  const follower = await app.addAccount()
  const guest = await app.addAccount()
  const admin = await app.addAccount({ roles: ['admin'] })
  await app.as(follower).call(contract.followChannel, { params: { slug } })
  const invited = await app
    .as(dj)
    .call(contract.addGuest, { params: { slug }, body: { username: guest.username } })
  assert.equal([invited.status, invited.body.person?.id], [201, guest.id])
  const table: [contract.Access, boolean[]][] = [
    ['public', [true, true, true, true, true, true]],
    ['members', [false, true, true, true, true, true]],
    ['followers', [false, false, true, true, true, true]],
    ['subscribers', [false, false, false, true, true, true]],
    ['ticket', [false, false, false, true, true, true]],
  ]
  for (const [access, expected] of table) {
    await opened(context, access)
    const seen = []
    for (const who of [null, ann, follower, guest, dj, admin]) seen.push(await isOpen(context, who))
    assert.equal(seen, expected, access)
  }
  assert.is(await isOpen(context, context.other), false)
})

test('a channel is made closed in one call, and was never open [LIVE-20]', async (context) => {
  const { app, ctx, dj, ann, channel } = context
  for (const access of contract.Access.options) {
    const body = { slug: `${channel.slug}-${access}`, title: 'Back room', description: '', access }
    const made = await app.as(dj).call(contract.createChannel, { body })
    assert.equal([made.status, made.body.access], [201, access])
    const entry = await ctx.db('audit_entries').where({ subject: body.slug }).first()
    assert.equal([entry?.action, entry?.detailJson], ['live.channel-created', { access }])
    const { row } = await insertKey(ctx.db, made.body.id)
    const { id } = await insertStream(ctx.db, { channelId: made.body.id, keyId: row.id, title: 'Late' })
    await markLive(ctx.db, id, { hasVideo: true, hasAudio: true, startedAt: null })
    const seen = (await app.as(ann).call(contract.getChannel, { params: { slug: body.slug } })).body
    const isOpenToHer = access === 'public' || access === 'members'
    assert.equal([seen.status, seen.isLocked, seen.playback === null], ['live', !isOpenToHer, !isOpenToHer])
  }
  const body = { slug: `${channel.slug}-x`, title: 'X', description: '', access: 'friends' }
  assert.is((await app.as(dj).callRaw(contract.createChannel, { body })).status, 422)
  assert.is((await app.as(dj).callRaw(contract.getChannel, { params: { slug: body.slug } })).status, 404)
})

test('a channel is followed, counted and listed, and unfollowing closes it again [LIVE-20]', async (context) => {
  const { app, ann, channel } = context
  const params = { slug: channel.slug }
  await opened(context, 'followers')
  assert.is((await app.call(contract.followChannel, { params })).status, 401)
  const none = await app.call(contract.getFollowing, { params })
  assert.equal(none.body, { isFollowing: false, isMailed: false, followers: 0 })
  const now = await app.as(ann).call(contract.followChannel, { params })
  assert.equal(now.body, { isFollowing: true, isMailed: false, followers: 1 })
  assert.is(await isOpen(context, ann), true)
  const { body } = await app.as(ann).call(contract.listFollowed)
  assert.equal(
    body.items.map(({ channel: { slug, isLive } }) => [slug, isLive]),
    [[params.slug, true]],
  )
  assert.is((await app.as(ann).call(contract.unfollowChannel, { params })).body.followers, 0)
  assert.is(await isOpen(context, ann), false)
  assert.is((await app.as(ann).call(contract.followChannel, { params: { slug: 'nowhere' } })).status, 404)
})

test('ticket codes are shown once and are each good for one account [LIVE-20]', async (context) => {
  const { app, dj, ann, channel } = context
  const params = { slug: channel.slug }
  await opened(context, 'ticket')
  const made = await app.as(dj).call(contract.createTickets, { params, body: { count: 2 } })
  assert.equal([made.status, made.body.items.length], [201, 2])
  const [code, second] = made.body.items.map((item) => item.code) as [string, string]
  const ben = await app.addAccount()
  assert.is((await app.call(contract.claimTicket, { params, body: { code } })).status, 401)
  const wrong = await app.as(ann).call(contract.claimTicket, { params, body: { code: 'AAAA-BBBB-CCCC' } })
  assert.equal([wrong.status, wrong.problem], [422, 'live.bad-code'])
  const claims = await Promise.all(
    [ann, ben].map((who) => app.as(who).call(contract.claimTicket, { params, body: { code } })),
  )
  assert.equal(claims.map(({ status }) => status).sort(), [200, 422])
  const winner = claims[0]?.status === 200 ? ann : ben
  const loser = winner === ann ? ben : ann
  assert.equal([await isOpen(context, winner), await isOpen(context, loser)], [true, false])
  assert.ok(claims.find(({ status }) => status === 200)?.body.playback)
  await app.as(loser).call(contract.claimTicket, { params, body: { code: second } })
  assert.is(await isOpen(context, loser), true)
  const list = await app.as(dj).call(contract.listGuests, { params })
  assert.equal(new Set(list.body.items.map(({ person }) => person?.id)), new Set([ann.id, ben.id]))
  assert.not.match(JSON.stringify(list.body), new RegExp(code))
  const theirs = list.body.items.find(({ person }) => person?.id === loser.id)
  assert.is((await app.as(dj).call(contract.removeGuest, { params: { id: theirs?.id ?? '' } })).status, 204)
  assert.is(await isOpen(context, loser), false)
})

test('an invitation by mail brings a code that no log is sent [LIVE-20]', async (context) => {
  const { app, dj, ann, channel } = context
  const params = { slug: channel.slug }
  await opened(context, 'ticket')
  const body = { email: 'friend@people.test' }
  const made = await app.as(dj).call(contract.addGuest, { params, body })
  assert.equal([made.body.kind, made.body.email, made.body.person], ['mail', body.email, null])
  const [mail] = await app.inbox()
  assert.is(mail?.toAddress, body.email)
  const [, code] = /#code=([\w-]+)/.exec(mail?.text ?? '') ?? []
  await app.as(ann).call(contract.claimTicket, { params, body: { code: code ?? '' } })
  assert.is(await isOpen(context, ann), true)
  const bad = await app.as(dj).call(contract.addGuest, { params, body: { username: 'nobody-here' } })
  assert.is(bad.problem, 'live.unknown-guest')
})

test('invitations are few: of one address, and by one DJ on all channels [LIVE-20] [SEC-06]', async (context) => {
  const { app, ctx, channel } = context
  const dj = await app.addAccount({ roles: ['artist'] })
  const { channel: own } = await onAir(ctx, { ownerId: dj.id })
  const invite = (email: string, slug = own.slug) =>
    app.as(dj).call(contract.addGuest, { params: { slug }, body: { email } })
  for (const email of ['victim@people.test', 'Victim@people.test', 'victim@people.test'])
    assert.is((await invite(email)).status, 201)
  const { channel: another } = await onAir(ctx, { ownerId: dj.id })
  assert.is((await invite('VICTIM@people.test', another.slug)).problem, 'live.too-many-invitations')
  const rest = Array.from({ length: 296 }, () => ({ count: 1, email: `${newId()}@people.test` }))
  const where = { channelId: another.id, eventId: null }
  await ctx.db.tx(async (db) => {
    for (const wish of rest) await insertCodes(db, where, wish)
  })
  assert.is((await invite('last@people.test')).status, 201)
  for (const slug of [own.slug, another.slug])
    assert.is((await invite('more@people.test', slug)).problem, 'live.too-many-invitations')
  const admin = app.as(await app.addAccount({ roles: ['admin'] }))
  const body = { email: 'more@people.test' }
  for (const slug of [own.slug, channel.slug])
    assert.is((await admin.call(contract.addGuest, { params: { slug }, body })).status, 201)
})

test('a planned set is open to others than its channel, and a ticket for it opens only it [LIVE-20] [LIVE-06]', async (context) => {
  const { app, ctx, dj, ann, channel, stream } = context
  const params = { slug: channel.slug }
  const set = await app.as(dj).call(contract.planSet, {
    params,
    body: {
      title: 'Premiere',
      description: '',
      startsAt: soon(3),
      endsAt: null,
      timeZone: null,
      access: 'ticket',
    },
  })
  const made = await app
    .as(dj)
    .call(contract.createTickets, { params, body: { count: 1, eventId: set.body.id } })
  await app.as(ann).call(contract.claimTicket, { params, body: { code: made.body.items[0]?.code ?? '' } })
  assert.is(await isOpen(context, null), true)
  await guardShow(ctx.db, stream.showId, { access: 'ticket', eventId: newId() })
  await opened(context, 'public')
  assert.equal([await isOpen(context, ann), await isOpen(context, null)], [false, false])
  await guardShow(ctx.db, stream.showId, { access: 'ticket', eventId: set.body.id })
  await opened(context, 'public')
  assert.equal([await isOpen(context, ann), await isOpen(context, null)], [true, false])
  const foreign = { count: 1, eventId: newId() }
  assert.is((await app.as(dj).call(contract.createTickets, { params, body: foreign })).status, 404)
})

const soon = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()

test('the guest list is closed to all who may not publish there [LIVE-20]', async (context) => {
  const { app, dj, other, ann, channel } = context
  const params = { slug: channel.slug }
  const made = await app.as(dj).call(contract.addGuest, { params, body: { username: ann.username } })
  const routes: [Route, Record<string, string>, unknown?][] = [
    [contract.listGuests as Route, params],
    [contract.addGuest as Route, params, { username: ann.username }],
    [contract.addGuest as Route, params, { email: 'a@people.test' }],
    [contract.createTickets as Route, params, { count: 1 }],
    [contract.removeGuest as Route, { id: made.body.id }],
  ]
  for (const [route, params, body] of routes) {
    assert.is((await app.callRaw(route, { params, body })).status, 401, route.path)
    for (const who of [ann, other])
      assert.is((await app.as(who).callRaw(route, { params, body })).problem, 'not-allowed', route.path)
  }
  const bad: [Route, unknown][] = [
    [contract.addGuest as Route, {}],
    [contract.addGuest as Route, { username: 'x', email: 'a@people.test' }],
    [contract.addGuest as Route, { email: 'not an address' }],
    [contract.createTickets as Route, { count: 501 }],
    [contract.createTickets as Route, { count: 0 }],
  ]
  for (const [route, body] of bad)
    assert.is((await app.as(dj).callRaw(route, { params, body })).status, 422, JSON.stringify(body))
  assert.is(
    (await app.as(dj).callRaw(contract.removeGuest as Route, { params: { id: newId() } })).status,
    404,
  )
})

test('who sells tickets opens the door, and one that fails opens nothing [LIVE-20]', async (context) => {
  const { ctx, channel, stream, ann } = context
  const { Rights } = await import('./rights.ts')
  const rights = new Rights(ctx.db, ctx.log)
  const sold = new Set<string>()
  rights.addGate('ticket', async (accountId) => sold.has(accountId))
  rights.addGate('ticket', async () => Promise.reject(new Error('away')))
  const who = { id: ann.id, canPublish: () => false }
  const may = (access: contract.Access) => rights.mayWatch(who, { channel: { ...channel, access }, stream })
  assert.is(await may('ticket'), false)
  sold.add(ann.id)
  assert.equal([await may('ticket'), await may('subscribers')], [true, false])
})

test('who is suspended or gone has no right left [LIVE-20]', async (context) => {
  const { app, ctx, ann, channel } = context
  const params = { slug: channel.slug }
  await app.as(ann).call(contract.followChannel, { params })
  const lost = async () => ctx.db('live_lost_rights').where({ accountId: ann.id }).first()
  await ctx.db.tx((db) => ctx.events.emit(db, identity.accountSuspended, { accountId: ann.id }))
  await app.jobs.drain()
  assert.ok(await lost())
  await ctx.db.tx((db) => ctx.events.emit(db, identity.accountDeleted, { accountId: ann.id }))
  await app.jobs.drain()
  assert.is((await app.call(contract.getFollowing, { params })).body.followers, 0)
  assert.ok(await findStream(ctx.db, context.stream.id))
})

test.run()
