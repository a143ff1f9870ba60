import ICAL from 'ical.js'
import sharp from 'sharp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Route } from '#contract'
import { newId } from '#sdk'
import * as contract from '../contract.ts'
import { end } from '../stream-life.ts'
import { findStream } from '../streams.ts'
import { freshRoom, goLive, inMin, input, planned, remind, type SetsApp, setsApp } from '../testdata/sets.ts'

const test = suite<SetsApp>('planned sets')

test.before(async (context) => {
  Object.assign(context, await setsApp())
})
test.before.each(freshRoom)
test.after(({ app }) => app.close())

test('a set is planned, listed, shown, changed and removed by who may publish [LIVE-06]', async (context) => {
  const { app, dj, ann, channel } = context
  const set = await planned(context)
  assert.equal(
    [set.status, set.access, set.hasOwnAccess, set.cover, set.can.edit],
    ['planned', 'public', false, null, true],
  )
  const { body: all } = await app.call(contract.upcomingSets, { query: { limit: 100 } })
  const { body: here } = await app.call(contract.listSets, { params: { slug: channel.slug } })
  assert.ok(all.items.some(({ id }) => id === set.id))
  assert.equal(
    here.items.map(({ id, can }) => [id, can.edit]),
    [[set.id, false]],
  )
  const params = { id: set.id }
  const body = { title: 'Last light', endsAt: inMin(240), access: 'members' as const }
  const changed = await app.as(dj).call(contract.changeSet, { params, body })
  assert.equal(
    [changed.body.title, changed.body.access, changed.body.hasOwnAccess],
    ['Last light', 'members', true],
  )
  assert.equal((await app.call(contract.getSet, { params })).body.isLocked, true)
  assert.equal((await app.as(ann).call(contract.getSet, { params })).body.isLocked, false)
  for (const client of [app, app.as(ann)])
    assert.ok([401, 403].includes((await client.call(contract.changeSet, { params, body })).status))
  assert.is((await app.as(dj).call(contract.removeSet, { params })).status, 204)
  assert.is((await app.call(contract.getSet, { params })).status, 404)
})

test('times that cannot be, and what is not there, are refused [LIVE-06]', async (context) => {
  const { app, dj, channel } = context
  const params = { slug: channel.slug }
  const bad: [Record<string, unknown>, number][] = [
    [{ endsAt: inMin(60) }, 422],
    [{ endsAt: inMin(60 * 24 * 3) }, 422],
    [{ startsAt: 'tomorrow' }, 422],
    [{ timeZone: 'Mars/Olympus' }, 422],
    [{ access: 'friends' }, 422],
    [{ title: ' ' }, 422],
  ]
  for (const [more, status] of bad) {
    const body = input(more)
    assert.is((await app.as(dj).callRaw(contract.planSet as Route, { params, body })).status, status)
  }
  const id = newId()
  for (const route of [
    contract.changeSet,
    contract.cancelSet,
    contract.removeSet,
    contract.getSet,
  ] as Route[])
    assert.is((await app.as(dj).callRaw(route, { params: { id }, body: {} })).status, 404, route.path)
  assert.is((await remind(context, dj, id)).status, 404)
})

test('a cover is cut in two sizes, replaced and taken away [LIVE-06]', async (context) => {
  const { app, dj } = context
  const { id } = await planned(context)
  const picture = sharp({ create: { width: 640, height: 640, channels: 3, background: '#a33' } })
  const body = (await picture.jpeg().toBuffer()) as never
  const set = await app.as(dj).call(contract.setSetCover, { params: { id }, body })
  assert.is(set.status, 200, JSON.stringify(set.body))
  const { small = '', large = '' } = set.body.cover ?? {}
  const sizes = await Promise.all(
    [small, large].map(async (path) => {
      const { width, height } = await sharp(
        Buffer.from(await (await app.request(path)).arrayBuffer()),
      ).metadata()
      return [width, height]
    }),
  )
  assert.equal(sizes, [
    [480, 270],
    [1280, 720],
  ])
  await app.as(dj).call(contract.setSetCover, { params: { id }, body })
  assert.is((await app.request(large)).status, 404)
  assert.is((await app.as(dj).call(contract.removeSetCover, { params: { id } })).body.cover, null)
})

test('a channel shows a cover of its own, set and taken away by who may publish there [LIVE-06]', async (context) => {
  const { app, dj, ann, channel } = context
  const params = { slug: channel.slug }
  const picture = sharp({ create: { width: 640, height: 640, channels: 3, background: '#3a3' } })
  const body = (await picture.png().toBuffer()) as never
  const query = { x: 0, y: 0, width: 320, height: 180 }
  assert.is((await app.as(ann).callRaw(contract.setChannelCover as Route, { params, body })).status, 403)
  const set = await app.as(dj).call(contract.setChannelCover, { params, query, body })
  assert.is(set.status, 200, JSON.stringify(set.body))
  const large = set.body.cover?.large ?? ''
  const shown = await app.request(large)
  const { width, height } = await sharp(Buffer.from(await shown.arrayBuffer())).metadata()
  assert.equal([width, height], [1280, 720])
  assert.is((await app.call(contract.getChannel, { params })).body.cover?.large, large)
  assert.match(await (await app.request(`/live/${channel.slug}`)).text(), large)
  assert.is((await app.as(ann).callRaw(contract.removeChannelCover as Route, { params })).status, 403)
  assert.is((await app.as(dj).call(contract.removeChannelCover, { params })).body.cover, null)
  assert.is((await app.call(contract.getChannel, { params })).body.cover, null)
  assert.is((await app.request(large)).status, 404)
})

test('a stream around its time is the set, which is over with it [LIVE-06]', async (context) => {
  const { app, ctx } = context
  const set = await planned(context, { startsAt: inMin(20), access: 'members' })
  const stream = await goLive(context)
  assert.equal([stream.eventId, stream.access, stream.title], [set.id, 'members', 'First light'])
  const { body: view } = await app.call(contract.getChannel, { params: { slug: context.channel.slug } })
  assert.equal([view.access, view.isLocked], ['members', true])
  await app.jobs.drain()
  const on = await app.call(contract.getSet, { params: { id: set.id } })
  assert.equal([on.body.status, on.body.streamId], ['live', stream.id])
  const recording = { durationMs: 1000, sizeBytes: 1000, segments: 1 }
  await end(ctx, stream, { reason: 'unpublished', recording })
  await app.jobs.drain()
  assert.is((await app.call(contract.getSet, { params: { id: set.id } })).body.status, 'over')
})

test('a set planned while its stream is on air closes it at once, and opens it again [LIVE-06] [LIVE-20]', async (context) => {
  const { app, ctx, dj, channel } = context
  const stream = await goLive(context)
  const set = await planned(context, { startsAt: inMin(1), access: 'ticket' })
  assert.equal([set.status, set.streamId], ['live', stream.id])
  const locked = async () =>
    (await app.call(contract.getChannel, { params: { slug: channel.slug } })).body.isLocked
  assert.is(await locked(), true)
  await app.as(dj).call(contract.changeSet, { params: { id: set.id }, body: { access: null } })
  assert.equal([await locked(), (await findStream(ctx.db, stream.id))?.eventId], [false, set.id])
})

test('calendars can be followed, and keep what was cancelled [LIVE-06]', async (context) => {
  const { app, dj, channel } = context
  const set = await planned(context)
  const [feed, file] = [await app.request('/live/calendar.ics'), await app.request(set.calendar)]
  assert.match(file.headers.get('content-type') ?? '', /^text\/calendar/)
  const eventsIn = (text: string) => new ICAL.Component(ICAL.parse(text) as []).getAllSubcomponents('vevent')
  const [event] = eventsIn(await file.text())
  assert.is(event?.getFirstPropertyValue('summary'), 'First light')
  const uid = event?.getFirstPropertyValue('uid')
  assert.is(uid, `${set.id}@main.test`)
  await app.as(dj).call(contract.cancelSet, { params: { id: set.id } })
  const after = eventsIn(await (await app.request('/live/calendar.ics')).text())
  const found = after.find((one) => one.getFirstPropertyValue('uid') === uid)
  assert.equal(
    [found?.getFirstPropertyValue('status'), found?.getFirstPropertyValue('sequence')],
    ['CANCELLED', 1],
  )
  assert.ok(eventsIn(await feed.text()).some((one) => one.getFirstPropertyValue('uid') === uid))
  for (const path of [
    set.calendar.replace(channel.slug, 'sets-1000'),
    set.calendar.replace(set.id, newId()),
    '/x.ics',
  ])
    assert.is((await app.request(path)).status, 404, path)
})

test('pages of sets can be read without JavaScript, and by search engines [LIVE-06]', async (context) => {
  const { app, channel } = context
  const set = await planned(context, { title: 'Night </script><b>' })
  const path = `/live/${channel.slug}/events/${set.id}`
  const page = await app.request(path)
  const text = await page.text()
  assert.match(text, '<h1>Night &lt;/script&gt;&lt;b&gt;</h1>')
  const [, json = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(text) ?? []
  const about = JSON.parse(json) as Record<string, unknown>
  assert.equal([about['@type'], about.name, about.startDate], ['Event', 'Night </script><b>', set.startsAt])
  for (const other of ['/live', `/live/${channel.slug}`])
    assert.match(await (await app.request(other)).text(), path)
  const french = await app.request(path, { headers: { 'accept-language': 'fr' } })
  assert.match(await french.text(), /Ajouter à l’agenda/)
  for (const bad of [`/live/${channel.slug}/events/x`, `/live/${channel.slug}/events/${newId()}`])
    assert.is((await app.request(bad)).status, 404, bad)
})

test.run()
