import sharp from 'sharp'
import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { identity, type Route } from '#contract'
import { newId } from '#sdk'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import * as contract from './contract.ts'
import profiles from './index.ts'

interface Context {
  app: TestApp
  ana: TestAccount
}

for (const kind of databaseKinds) {
  const test = suite<Context>(`pictures of profiles on ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ plugins: [profiles], kind })
  })
  test.before.each(async (context) => {
    context.ana = await context.app.addAccount()
  })
  test.after(({ app }) => app.close())
  uploads(test)
  leftovers(test)
  test.run()
}

const picture = (width: number, height: number, background = '#cc2222') =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer()

/** Uploads bytes as the browser does. */
async function put(
  { app, ana }: Context,
  route: Route,
  body: Buffer | string,
  { type = 'image/png', query = '', as = ana as TestAccount | null } = {},
) {
  const answer = await app.request(`${route.path}${query}`, {
    method: 'PUT',
    headers: { 'content-type': type, ...(as ? { authorization: `Bearer ${as.accessToken}` } : {}) },
    body: body as never,
  })
  const text = await answer.text()
  return { status: answer.status, body: JSON.parse(text) as contract.MyProfile & { type?: string } }
}
const putAvatar = contract.putAvatar as Route
const putBanner = contract.putBanner as Route

async function sizeAt(
  app: TestApp,
  url: string,
): Promise<[type: string | null, width: number, height: number]> {
  const answer = await app.request(new URL(url, 'http://main.test').pathname)
  const { width, height, format } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata()
  assert.is(format, 'webp')
  return [answer.headers.get('content-type'), width, height]
}

async function keysOf({ app }: Context): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of app.site.storage.list('profiles')) keys.push(key)
  return keys
}

function uploads(test: Test<Context>) {
  test('an avatar is stored in its sizes and shown wherever its holder is [PROF-03]', async (context) => {
    const { app, ana } = context
    const { status, body } = await put(context, putAvatar, await picture(300, 200))
    assert.is(status, 200)
    assert.equal(await sizeAt(app, body.avatar?.small ?? ''), ['image/webp', 256, 256])
    assert.equal(await sizeAt(app, body.avatar?.large ?? ''), ['image/webp', 768, 768])
    const { body: me } = await app.as(ana).call(identity.me)
    assert.equal(await sizeAt(app, me.avatarUrl ?? ''), ['image/webp', 96, 96])
    const { body: seen } = await app.call(contract.getProfile, { params: { username: ana.username } })
    assert.equal(seen.avatar, body.avatar)
    const page = await (await app.request(`/@${ana.username}`)).text()
    assert.match(page, `property="og:image" content="http://main.test${seen.avatar?.large}"`)
  })

  test('a banner is four times as wide as high [PROF-03]', async (context) => {
    const { body } = await put(context, putBanner, await picture(300, 200))
    assert.equal(await sizeAt(context.app, body.banner?.small ?? ''), ['image/webp', 800, 200])
    assert.equal(await sizeAt(context.app, body.banner?.large ?? ''), ['image/webp', 1600, 400])
    assert.is(body.avatar, null)
  })

  test('the crop is taken in pixels of the picture, whole or not at all [PROF-03]', async (context) => {
    const half = { create: { width: 100, height: 100, channels: 3 as const, background: '#2222cc' } }
    const bytes = await sharp(await picture(200, 100))
      .composite([{ input: half, left: 100, top: 0 }])
      .png()
      .toBuffer()
    const { body } = await put(context, putAvatar, bytes, { query: '?x=100&y=0&width=100&height=100' })
    const answer = await context.app.request(new URL(body.avatar?.small ?? '', 'http://main.test').pathname)
    const { dominant } = await sharp(Buffer.from(await answer.arrayBuffer())).stats()
    assert.ok(dominant.b > 150 && dominant.r < 100, JSON.stringify(dominant))
    const bad = ['?x=1', '?x=0&y=0&width=10', '?x=-1&y=0&width=10&height=10', '?x=a&y=0&width=10&height=10']
    const outside = ['?x=200&y=0&width=10&height=10', '?x=0&y=0&width=0&height=10', '?zoom=2']
    for (const query of [...bad, ...outside])
      assert.is((await put(context, putAvatar, bytes, { query })).status, 422, query)
  })

  test('a new picture replaces the old one, and taking it away leaves no file [PROF-03]', async (context) => {
    const { app, ana } = context
    const before = await keysOf(context)
    const { body: first } = await put(context, putAvatar, await picture(50, 50))
    const { body: second } = await put(context, putAvatar, await picture(60, 60))
    assert.is.not(first.avatar?.small, second.avatar?.small)
    assert.is((await keysOf(context)).length, before.length + 3)
    await put(context, putBanner, await picture(60, 60))
    assert.is((await keysOf(context)).length, before.length + 5)
    const { body } = await app.as(ana).call(contract.removeAvatar)
    assert.equal([body.avatar, body.banner === null], [null, false])
    assert.is((await app.as(ana).call(contract.removeBanner)).body.banner, null)
    assert.is((await app.as(ana).call(identity.me)).body.avatarUrl, null)
    assert.equal(await keysOf(context), before)
  })

  test('refuses strangers, other files, too much and nothing at all [PROF-03]', async (context) => {
    const { app } = context
    const before = await keysOf(context)
    const good = await picture(20, 20)
    for (const route of [putAvatar, putBanner]) {
      assert.is((await put(context, route, good, { as: null })).status, 401)
      assert.is((await put(context, route, good, { type: 'application/json' })).status, 415)
      assert.is((await put(context, route, '')).status, 422)
      assert.is((await put(context, route, Buffer.alloc(10 * 1024 * 1024 + 1))).status, 413)
      for (const text of [
        '<script>alert(1)</script>',
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        'GIF89a/*',
      ]) {
        const { status, body } = await put(context, route, Buffer.from(text), { type: 'image/svg+xml' })
        assert.equal([status, body.type], [422, 'urn:veza:problem:identity.bad-picture'])
      }
    }
    for (const route of [contract.removeAvatar, contract.removeBanner])
      assert.is((await app.call(route)).status, 401)
    assert.equal(await keysOf(context), before)
  })
}

function leftovers(test: Test<Context>) {
  test('what an interrupted upload left is removed by night, what is in use or new stays [PROF-03]', async (context) => {
    const { app, ana } = context
    const { storage, jobs } = app.site
    const { body } = await put(context, putAvatar, await picture(50, 50))
    const inUse = await keysOf(context)
    // A name made in 2020.
    const old = 'profiles/0170000b-0000-7000-8000-000000000000/96.webp'
    const recent = `profiles/${newId()}/96.webp`
    for (const key of [old, recent]) await storage.write(key, Buffer.from('x'))
    // The one in use is made as old.
    const kept = 'profiles/0170000a-0000-7000-8000-000000000000'
    await storage.write(`${kept}/96.webp`, Buffer.from('x'))
    await app.site.database.db('profiles_profiles').where({ accountId: ana.id }).update({ bannerKey: kept })
    await jobs.jobsFor('test').enqueue(app.site.database.db, contract.removeOrphans, {})
    await jobs.drain()
    assert.equal((await keysOf(context)).sort(), [...inUse, recent, `${kept}/96.webp`].sort())
    assert.ok(body.avatar)
    await storage.removeFolder(recent.replace('/96.webp', ''))
  })

  test('a deleted account takes its profile, its pictures and its blocks along [PROF-10]', async (context) => {
    const { app, ana } = context
    const { database, events, jobs } = app.site
    const ben = await app.addAccount()
    const before = await keysOf(context)
    await put(context, putAvatar, await picture(50, 50))
    await app.as(ana).call(contract.blockMember, { params: { username: ben.username } })
    await app.as(ben).call(contract.muteMember, { params: { username: ana.username } })
    const [exported] = app.site.contributions.all().map(([, contribute]) => contribute(ana.id))
    const { data, files } = (await exported)!
    assert.equal(
      (data as { blocks: object[] }).blocks.map((block) => Object.keys(block)),
      [['kind', 'accountId', 'createdAt']],
    )
    assert.equal(
      files?.map(({ name }) => name),
      ['avatar.webp'],
    )
    await events.eventsFor('test').emit(database.db, identity.accountDeleted, { accountId: ana.id })
    await jobs.drain()
    assert.equal(await keysOf(context), before)
    assert.equal(await database.db('profiles_profiles').where({ accountId: ana.id }), [])
    assert.equal(await database.db('profiles_blocks'), [])
  })
}
