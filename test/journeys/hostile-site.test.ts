import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, identity, type Route } from '#contract'
import * as artists from '../../plugins/artists/contract.ts'
import * as chat from '../../plugins/chat/contract.ts'
import * as live from '../../plugins/live/contract.ts'
import * as profiles from '../../plugins/profiles/contract.ts'
import type { Visitor } from '../kit/browser.ts'
import {
  type Assault,
  type HostileSite,
  listenIn,
  loadAsResources,
  openHostileSite,
  sendFetches,
  sendForms,
} from '../kit/hostile-site.ts'
import { pathOf, sampleBody } from '../kit/routes.ts'
import { dumpOf } from '../kit/sqlite.ts'
import { eventually } from '../kit/wait.ts'
import { type OpenStage, openStage, type Stage } from './stage.ts'

/** The owner of a label, signed in, strolls over pages of somebody who wants to harm it. */
interface Context {
  stage: OpenStage
  hostile: HostileSite
}

const routes = [identity, admin, artists, chat, live, profiles]
  .flatMap((contract) => Object.values(contract) as unknown[])
  .filter((token): token is Route => (token as { kind?: string } | null)?.kind === 'route')
const places = { username: 'owner', slug: 'general', name: 'chat', provider: 'label' }
const assaultOf = (route: Route): Assault => ({
  method: route.method,
  path: pathOf(route, places),
  body: route.takes ? {} : (sampleBody(route) ?? {}),
})
const changing = routes.filter(({ method }) => method !== 'GET').map(assaultOf)
const reading = routes.filter(({ method }) => method === 'GET').map(assaultOf)

const test = suite<Context>('a hostile site')
test.before(async (context) => {
  context.stage = await openStage()
  context.hostile = await openHostileSite()
})
test.after(async ({ stage, hostile }) => {
  await hostile?.close()
  await stage?.close()
})

/** Somebody whose browser reports what it refuses, as it should. */
async function stroller({ visitor, server }: Stage, name: string, isSignedIn = true): Promise<Visitor> {
  const somebody = await visitor(name)
  somebody.page.removeAllListeners('console')
  // The names of functions are kept by a helper that the page lacks.
  await somebody.context.addInitScript({ content: 'globalThis.__name = (work) => work' })
  const { email, password } = server.owner
  const answer = isSignedIn
    ? await somebody.context.request.post('/api/v1/auth/login', { data: { login: email, password } })
    : null
  if (answer) assert.is(answer.status(), 200)
  return somebody
}

/** All that the label keeps, but for what its own clockwork turns. */
async function kept({ server }: Stage): Promise<string[]> {
  const lines = await dumpOf(server.dataDir)
  return lines
    .filter((line) => !/ (?:jobs|job_schedules|audit_head)\.|\.(?:seen_at|seq|hash):/.test(line))
    .sort()
}

/** What was added and taken away between two looks. */
const between = (before: string[], after: string[]): string[] => [
  ...after.filter((line) => !before.includes(line)),
  ...before.filter((line) => !after.includes(line)),
]

const everywhere = (hostile: HostileSite) => [hostile.sameSite, hostile.crossSite]

test('forms and requests of every kind, to every route, change nothing and read nothing [SEC-04]', ({
  stage,
  hostile,
}) =>
  stage.play(async (scene) => {
    const { page, context } = await stroller(scene, 'owner')
    const { url: site } = scene.server
    assert.ok(changing.length > 80, `${changing.length} routes`)
    // Made by whoever looks first.
    await context.request.get('/api/v1/chat/rooms')
    const before = await kept(scene)
    for (const place of everywhere(hostile)) {
      await page.goto(place)
      const posts = changing.filter(({ method }) => method === 'POST')
      assert.is(await page.evaluate(sendForms, { site, assaults: posts }), posts.length * 3)
      assert.equal(await page.evaluate(sendFetches, { site, assaults: [...changing, ...reading] }), [], place)
      const paths = [...new Set([...changing, ...reading].map(({ path }) => path))]
      assert.equal(await page.evaluate(loadAsResources, { site, paths }), [], place)
    }
    assert.equal(between(before, await kept(scene)), [])
    assert.is((await context.request.get('/api/v1/auth/me')).status(), 200, 'still signed in')
    // The same from a page of the site itself does what it says, or nothing above would mean anything.
    await page.goto('/')
    const rename = { method: 'PATCH', path: identity.me.path, body: { displayName: 'Renamed' } }
    const read = await page.evaluate(sendFetches, { site: '', assaults: [rename] })
    assert.match(read.join(), ': 200')
    assert.ok(between(before, await kept(scene)).length > 0)
  }))

test('nobody is signed in by a form of another site [SEC-04]', ({ stage, hostile }) =>
  stage.play(async (scene) => {
    const { page, context } = await stroller(scene, 'stranger', false)
    const { email, password } = scene.server.owner
    const assaults = [
      { method: 'POST', path: identity.login.path, body: { login: email, password } },
      {
        method: 'POST',
        path: identity.register.path,
        body: { email: 'x@people.test', username: 'planted', password },
      },
    ]
    for (const place of everywhere(hostile)) {
      await page.goto(place)
      await page.evaluate(sendForms, { site: scene.server.url, assaults })
      assert.equal(await page.evaluate(sendFetches, { site: scene.server.url, assaults }), [])
    }
    assert.equal(await context.cookies(), [])
    await page.goto('/')
    await page.evaluate(sendFetches, { site: '', assaults })
    assert.ok((await context.cookies()).length > 0, 'the site itself signs in')
  }))

test('the realtime connection is closed to pages of other sites [SEC-04]', ({ stage, hostile }) =>
  stage.play(async (scene) => {
    const { page } = await stroller(scene, 'listener')
    const { url: site } = scene.server
    const frame = { op: 'join', id: 1, channel: chat.roomChannel.name, params: { slug: 'general' } }
    for (const place of everywhere(hostile)) {
      await page.goto(place)
      assert.equal(await page.evaluate(listenIn, { site, frame }), [], place)
    }
  }))

test('the site shows itself in no frame and gives no window a hold on it [SEC-03] [SEC-04]', ({
  stage,
  hostile,
}) =>
  stage.play(async (scene) => {
    const { page, context } = await stroller(scene, 'gazer')
    const { url: site } = scene.server
    for (const place of everywhere(hostile)) {
      await page.goto(place)
      for (const path of ['/', '/login', '/account/security', '/admin']) {
        await page.evaluate((src) => {
          document.body.replaceChildren(Object.assign(document.createElement('iframe'), { src }))
        }, site + path)
        const isRefused = () => page.frames()[1]?.url().startsWith('chrome-error:')
        await eventually(`${path} is refused to a frame`, () => Promise.resolve(isRefused()))
      }
      await page.goto(place)
      await page.evaluate((address) => {
        document.querySelector('button')?.addEventListener('click', () => {
          const opened = window.open(address)
          Object.assign(window, { opened, heard: [] })
        })
      }, site)
      const [popup] = await Promise.all([context.waitForEvent('page'), page.click('button')])
      await popup.waitForLoadState()
      assert.is(await popup.evaluate(() => window.opener), null, place)
      const isLost = () => page.evaluate(() => (window as unknown as { opened: Window }).opened.closed)
      await eventually('the hold is lost', isLost)
      await popup.close()
    }
  }))

test.run()
