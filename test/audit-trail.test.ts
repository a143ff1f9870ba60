import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, identity, type Route } from '#contract'
import * as catalog from '../plugins/catalog/contract.ts'
import * as chat from '../plugins/chat/contract.ts'
import { bundledPlugins } from '../plugins/index.ts'
import * as live from '../plugins/live/contract.ts'
import * as media from '../plugins/media/contract.ts'
import * as payments from '../plugins/payments/contract.ts'
import * as player from '../plugins/player/contract.ts'
import * as playlists from '../plugins/playlists/contract.ts'
import * as profiles from '../plugins/profiles/contract.ts'
import * as tips from '../plugins/tips/contract.ts'
import { testApp } from './kit/app.ts'
import { fakeClock } from './kit/clock.ts'
import {
  accountRecipes,
  doorRecipes,
  factorRecipes,
  type Kitchen,
  nameOf,
  type Served,
} from './kit/recipes.ts'
import { pluginRecipes } from './kit/recipes-plugins.ts'
import { staffRecipes } from './kit/recipes-staff.ts'
import { pathOf } from './kit/routes.ts'

/**
 * Made from the routes themselves: a route that changes something is in the recipes, and its call leaves a record,
 * or it is named here with the reason why it leaves none.
 */
const unrecorded = new Map(
  (
    [
      [identity.passkeyCreation, 'makes a challenge; keeping the passkey is recorded'],
      [identity.passkeyRequest, 'makes a challenge; the sign-in is recorded'],
      [identity.startExternal, 'makes an address to go to; coming back is recorded'],
      [identity.externalNewcomer, 'only reads'],
      [identity.refresh, 'each quarter of an hour of every program; a reused token is recorded'],
      [identity.resendVerification, 'mails its holder a link; taking it is recorded'],
      [identity.forgot, 'knows no account, so that it tells of none; the new password is recorded'],
      [identity.checkPassword, 'only reads'],
      [admin.lookAtInvitation, 'only reads'],
      [profiles.previewBio, 'only reads'],
      [chat.postMessage, 'the message is its own record'],
      [live.followChannel, 'a viewer’s own mark'],
      [live.unfollowChannel, 'a viewer’s own mark'],
      [live.remindMe, 'a viewer’s own wish'],
      [live.forgetReminder, 'a viewer’s own wish'],
      [live.stopMails, 'a viewer’s own wish, by the link in a mail'],
      [live.markChapter, 'the recording shows it; setting chapters afterwards is recorded'],
      [tips.giveTip, 'the tip and its payment are their own record'],
      [payments.decideTestPayment, 'no money moves; the payment says what came of it'],
      [payments.takeCallback, 'what a provider tells is kept with its payment'],
      [catalog.setFavourite, 'a listener’s own mark'],
      [catalog.setStars, 'a listener’s own mark'],
      [catalog.downloadTrack, 'only reads'],
      [player.saveQueue, 'a listener’s own, with each track that begins'],
      [player.countPlay, 'the play is its own record'],
      [player.savePosition, 'a listener’s own mark'],
      [player.removeHistoryItem, 'a listener’s own; the play stays'],
      [player.clearHistory, 'a listener’s own; the plays stay'],
      [playlists.previewRules, 'only reads'],
      [playlists.syncDocument, 'only reads'],
      [playlists.editDocument, 'the playlist says who added what'],
      [playlists.addItems, 'the playlist says who added what'],
      [playlists.removeItems, 'kept for thirty days with whose it was'],
      [playlists.moveItems, 'the order of a list; all editors see it at once'],
      [playlists.followPlaylist, 'a listener’s own mark'],
      [playlists.unfollowPlaylist, 'a listener’s own mark'],
      [playlists.markSeen, 'a listener’s own mark'],
      [playlists.createFolder, 'a listener’s own order of things'],
      [playlists.updateFolder, 'a listener’s own order of things'],
      [playlists.removeFolder, 'a listener’s own order of things; the playlists stay'],
      [media.createUpload, 'the file is recorded when all of it is there'],
      [media.removeUpload, 'what is removed never became a file'],
    ] as [Route, string][]
  ).map(([route, reason]) => [nameOf(route), reason]),
)
const all = [...doorRecipes, ...accountRecipes, ...factorRecipes, ...staffRecipes, ...pluginRecipes]
const recipes = new Map(all)

interface Entry {
  action: string
  actorId: string | null
  actorName: string | null
  subject: string | null
  address: string | null
  requestId: string | null
  detailJson: unknown
}
/** What came of one call. */
interface Course {
  route: Route
  served: Served
  status: number
  requestId: string
  text: string
  setCookie: string
  entries: Entry[]
}

const test = suite<{ courses: Course[] } & Kitchen>('audit trail')
test.before(async (context) => {
  context.clock = fakeClock(new Date())
  const { clock } = context
  context.app = await testApp({ plugins: bundledPlugins, clock, sites: ['other'] })
  context.courses = []
  for (const { route } of [...context.app.site.table.routes()]) {
    const cook = recipes.get(nameOf(route))
    if (!cook) continue
    // A minute passes, so that no limit is met; tokens and proofs of who sits there are new each time.
    clock.advance(61_000)
    context.owner = await context.app.addAccount({ roles: ['owner'] })
    context.courses.push(await course(context, route, await cook(context)))
  }
})
test.after(({ app }) => app.close())

async function course({ app }: Kitchen, route: Route, served: Served): Promise<Course> {
  const { host = 'main.test', body } = served
  const cookies = [served.as?.cookie, served.cookie].filter(Boolean).join('; ')
  const isBytes = Buffer.isBuffer(body)
  const response = await app.request(pathOf(route, served.params), {
    method: route.method,
    host,
    headers: {
      ...(cookies ? { cookie: cookies } : {}),
      ...(body === undefined ? {} : { 'content-type': isBytes ? 'image/png' : 'application/json' }),
      ...served.headers,
    },
    ...(body === undefined ? {} : { body: (isBytes ? body : JSON.stringify(body)) as never }),
  })
  const requestId = response.headers.get('x-request-id') ?? 'none'
  const { database } = app.siteNamed(host.replace('.test', ''))
  return {
    route,
    served,
    status: response.status,
    requestId,
    text: await response.text(),
    setCookie: response.headers.get('set-cookie') ?? '',
    entries: await database.db('audit_entries').where({ requestId }),
  }
}

test('every route that changes something has a recipe, or a reason to leave no record [SEC-01]', ({
  app,
}) => {
  const names = app.site.table
    .routes()
    .filter(({ route }) => route.method !== 'GET')
    .map(({ route }) => nameOf(route))
  for (const name of names)
    assert.ok(recipes.has(name) !== unrecorded.has(name), `${name} is in neither or both`)
  for (const name of [...recipes.keys(), ...unrecorded.keys()])
    assert.ok(names.includes(name), `${name} is no route any more`)
  assert.is(recipes.size, all.length)
})

test('each call that changes something is recorded with who, from where and by which request [SEC-01]', ({
  courses,
}) => {
  assert.ok(courses.length > 70, `${courses.length} calls`)
  for (const { route, served, status, text, entries } of courses) {
    const what = `${nameOf(route)}: ${status} ${text.slice(0, 300)}`
    assert.ok(status === 200 || status === 201 || status === 204, what)
    assert.ok(entries.length > 0, `${what} left no record`)
    for (const { action, address, actorId } of entries) {
      assert.match(action, /^[a-z-]+\.[a-z-]+$/)
      assert.is(address, '127.0.0.1', what)
      if (served.as) assert.is(actorId, served.as.id, `${what} ${action}`)
    }
    const known = entries.some(({ actorId, subject }) => actorId !== null || subject !== null)
    assert.ok(known, `${what} tells of nobody`)
  }
})

test('a call that is refused changes nothing and leaves no record of a change [SEC-01]', async (context) => {
  const { app, courses } = context
  const { db } = app.site.database
  const [{ n: before }] = await db('audit_entries').count('* as n')
  for (const { route, served } of courses.filter(({ served }) => served.as && !served.host)) {
    const { as: _somebody, ...asNobody } = served
    const again = await course(context, route, asNobody)
    // Signing out twice is no mistake.
    assert.is(again.status, route.path === identity.logout.path ? 204 : 401, nameOf(route))
  }
  assert.equal(await db('audit_entries').count('* as n'), [{ n: before }])
})

/** What must be known to nobody but its holder: of what was sent, answered and set as cookie. */
function secretsOf({ served, text, setCookie }: Course): string[] {
  const named =
    /^(?:password|currentPassword|newPassword|token|ticket|code|secret|uri|url|key|accessToken|refreshToken)$/
  const found: string[] = []
  const look = (value: unknown, name = ''): void => {
    if (typeof value === 'string' && named.test(name)) found.push(value)
    else if (Array.isArray(value))
      for (const one of value) look(one, name === 'recoveryCodes' ? 'code' : name)
    else if (value && typeof value === 'object' && !Buffer.isBuffer(value))
      for (const [key, one] of Object.entries(value)) look(one, key)
  }
  look(served.body)
  if (text.startsWith('{')) look(JSON.parse(text))
  for (const [, value = ''] of setCookie.matchAll(/(?:^|, )veza_[a-z]+=([^;]+)/g)) found.push(value)
  return found.filter((secret) => secret.length >= 6)
}

test('no record holds a password, code, token, key or cookie [SEC-01] [SEC-09]', async ({ app, courses }) => {
  const secrets = courses.flatMap(secretsOf)
  assert.ok(secrets.length > 40, `${secrets.length} secrets`)
  for (const name of ['main', 'other']) {
    const entries: Entry[] = await app.siteNamed(name).database.db('audit_entries')
    for (const entry of entries) {
      const text = JSON.stringify(entry)
      for (const secret of secrets) assert.not.ok(text.includes(secret), `${entry.action}: ${text}`)
    }
  }
})

test('the log of it all is whole [SEC-01]', async ({ app, owner }) => {
  await app.site.audit.sealed()
  const { isWhole, finding } = (await app.as(owner).call(admin.verifyAudit)).body
  assert.equal([isWhole, finding], [true, null])
})

test.run()
