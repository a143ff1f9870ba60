import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Route } from '#contract'
import { bundledPlugins } from '../plugins/index.ts'
import { plugins as pagesOfPlugins } from '../plugins/web.ts'
import { insertRole, setRolePermission } from '../server/identity/roles.ts'
import type { Site } from '../server/sites/site.ts'
import { setLanguage } from '../web/sdk/language.ts'
import { webPlugins } from '../web/sdk/plugin.ts'
import { permissionTitle } from '../web/shell/admin/roles/words.ts'
import { type TestAccount, type TestApp, testApp } from './kit/app.ts'
import { type FakeClock, fakeClock } from './kit/clock.ts'
import { paramsOf, pathOf, sampleBody } from './kit/routes.ts'

/**
 * Made from the routes themselves: whoever adds one has it tested. Who may not call gets 401 or 403 before anything
 * of the request is looked at; who may gets past that.
 */
interface Context {
  app: TestApp
  clock: FakeClock
  routes: Route[]
  /** The status and the problem of a call, as somebody or nobody. */
  ask(route: Route, account: TestAccount | null, host?: string): Promise<string>
}

const refusals = ['401 not-signed-in', '403 not-allowed']
const nameOf = ({ method, path }: Route) => `${method} ${path}`
const permissionOf = ({ access }: Route) => (typeof access === 'object' ? access.permission : null)

const all = suite<Context>('permissions of every route')
all.before(async (context) => {
  const clock = fakeClock(new Date())
  const app = await testApp({ plugins: bundledPlugins, sites: ['other'], clock })
  const ask: Context['ask'] = async (route, account, host = 'main.test') => {
    // A minute passes, so that no limit is met; tokens are looked at by the cookie's session here.
    clock.advance(61_000)
    const body = sampleBody(route)
    const response = await app.request(pathOf(route), {
      method: route.method,
      host,
      headers: {
        ...(account ? { cookie: account.cookie } : {}),
        ...(route.method === 'GET' ? {} : { 'content-type': 'application/json' }),
      },
      ...(body && route.method !== 'GET' ? { body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    const problem = /"urn:veza:problem:([^"]+)"/.exec(text)?.[1]
    return problem ? `${response.status} ${problem}` : String(response.status)
  }
  const routes = app.site.table.routes().map(({ route }) => route)
  Object.assign(context, { app, clock, routes, ask })
})
all.after(({ app }) => app.close())

/** An account whose only role holds these permissions. */
async function holderOf(app: TestApp, site: Site, name: string, permissions: string[]): Promise<TestAccount> {
  const { db } = site.database
  await insertRole(db, { name, title: name, isBuiltIn: false, needsSecondFactor: false })
  for (const permission of permissions) await setRolePermission(db, name, permission, true)
  await site.permissions.reload(db)
  return app.addAccount({ roles: [name] })
}

all(
  'every permission a route asks for is declared, with words for the roles matrix [SEC-12]',
  ({ app, routes }) => {
    const declared = new Map(app.site.permissions.list().map((info) => [info.name, info]))
    const asked = routes.flatMap((route) => permissionOf(route) ?? [])
    assert.ok(asked.length > 25, `${asked.length} routes ask for one`)
    for (const permission of asked) assert.ok((declared.get(permission)?.title.length ?? 0) > 10, permission)
    webPlugins.value = pagesOfPlugins
    setLanguage('fr')
    const english = [...declared.values()].filter((info) => permissionTitle(info) === info.title)
    setLanguage('en')
    assert.equal(
      english.map(({ name }) => name),
      [],
      'French words',
    )
  },
)

all('strangers get past public routes alone [SEC-12]', async ({ routes, ask }) => {
  for (const route of routes) {
    const answer = await ask(route, null)
    if (route.access === 'public') assert.not.ok(refusals.includes(answer), `${nameOf(route)}: ${answer}`)
    else assert.is(answer, '401 not-signed-in', nameOf(route))
  }
})

all('members get past what signed-in people may, and no further [SEC-12]', async ({ app, routes, ask }) => {
  for (const route of routes) {
    const member = await app.addAccount({ roles: ['member'] })
    const answer = await ask(route, member)
    const permission = permissionOf(route)
    const may = permission === null || app.site.permissions.of(['member']).has(permission)
    if (may) assert.not.ok(refusals.includes(answer), `${nameOf(route)}: ${answer}`)
    else assert.is(answer, '403 not-allowed', nameOf(route))
  }
})

all(
  'a role with every permission but the one is refused, a role with it alone is let in [SEC-12] [AUTH-15]',
  async (context) => {
    const { app, routes, ask } = context
    const names = app.site.permissions.list().map(({ name }) => name)
    for (const permission of new Set(routes.flatMap((route) => permissionOf(route) ?? []))) {
      const slug = permission.replaceAll('.', '-')
      const others = names.filter((name) => name !== permission)
      const without = await holderOf(app, app.site, `no-${slug}`, others)
      const guarded = routes.filter((route) => permissionOf(route) === permission)
      for (const route of guarded) {
        assert.is(await ask(route, without), '403 not-allowed', `${nameOf(route)} without ${permission}`)
        const holder = await holderOf(app, app.site, `only-${slug}-${crypto.randomUUID().slice(0, 8)}`, [
          permission,
        ])
        const answer = await ask(route, holder)
        assert.not.ok(refusals.includes(answer), `${nameOf(route)} with ${permission}: ${answer}`)
      }
    }
  },
)

all('the owner of another site is nobody here [SEC-12] [SITE-10]', async ({ app, routes, ask }) => {
  const stranger = await app.addAccount({ roles: ['owner'], site: 'other' })
  for (const route of routes.filter(({ access }) => access !== 'public'))
    assert.is(await ask(route, stranger), '401 not-signed-in', nameOf(route))
})

all('a session that ended opens nothing any more [SEC-12] [AUTH-07]', async ({ app, routes, ask }) => {
  const owner = await app.addAccount({ roles: ['owner'] })
  await app.site.database.db('sessions').where({ id: owner.sessionId }).delete()
  for (const route of routes.filter(({ access }) => access !== 'public'))
    assert.is(await ask(route, owner), '401 not-signed-in', nameOf(route))
})

all(
  'a role that asks for two factors gives nothing to a session with one [SEC-12] [SEC-13]',
  async (context) => {
    const { app, routes, ask } = context
    const { db } = app.site.database
    await insertRole(db, { name: 'owner', title: '', isBuiltIn: true, needsSecondFactor: true })
    await app.site.permissions.reload(db)
    const guarded = routes.filter((route) => permissionOf(route) !== null)
    for (const route of guarded) {
      const one = await app.addAccount({ roles: ['owner'] })
      assert.is(await ask(route, one), '403 not-allowed', nameOf(route))
    }
    const two = await app.addAccount({ roles: ['owner'], methods: ['totp'] })
    const route = guarded.find(
      ({ method, path }) => method === 'GET' && paramsOf({ path } as Route).length === 0,
    )
    assert.ok(route)
    assert.is(await ask(route as Route, two), '200')
  },
)

all.run()
