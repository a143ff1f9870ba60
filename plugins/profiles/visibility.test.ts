import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import * as contract from './contract.ts'
import profiles from './index.ts'

interface Context {
  app: TestApp
  ana: TestAccount
  ben: TestAccount
  mod: TestAccount
}

for (const kind of databaseKinds) {
  const test = suite<Context>(`who sees profiles, ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ plugins: [profiles], kind })
    context.mod = await context.app.addAccount({ roles: ['moderator'] })
  })
  test.before.each(async (context) => {
    context.ana = await context.app.addAccount()
    context.ben = await context.app.addAccount()
  })
  test.after(({ app }) => app.close())
  seeing(test)
  pages(test)
  test.run()
}

const at = ({ username }: { username: string }) => ({ params: { username } })

function seeing(test: Test<Context>) {
  test('is gone while its account is suspended or about to be deleted [PROF-05] [PROF-10]', async ({
    app,
    ana,
  }) => {
    const { db } = app.site.database
    const statusWhen = async (change: object) => {
      await db('accounts').where({ id: ana.id }).update(change)
      const page = await app.request(`/@${ana.username}`)
      return [(await app.call(contract.getProfile, at(ana))).status, page.status]
    }
    assert.equal(await statusWhen({ status: 'leaving' }), [404, 404])
    assert.equal(await statusWhen({ status: 'suspended', suspendedUntil: null }), [404, 404])
    assert.equal(
      await statusWhen({ suspendedUntil: '2020-01-01T00:00:00.000Z' }),
      [200, 200],
      'its time is over',
    )
    assert.equal(await statusWhen({ status: 'active' }), [200, 200])
  })

  test('is shown to whom its holder wants, and to moderators [PROF-05] [PROF-09]', async (context) => {
    const { app, ana, ben, mod } = context
    const blocked = await app.addAccount()
    await app.as(ana).call(contract.blockMember, at(blocked))
    const viewers = {
      stranger: app,
      member: app.as(ben),
      blocked: app.as(blocked),
      mod: app.as(mod),
      own: app.as(ana),
    }
    const seen = async (visibility: contract.Visibility) => {
      await app.as(ana).call(contract.updateMyProfile, { body: { visibility } })
      const statuses: Record<string, number> = {}
      for (const [name, viewer] of Object.entries(viewers)) {
        const { status, problem } = await viewer.call(contract.getProfile, at(ana))
        statuses[name] = status
        if (status === 403) assert.is(problem, 'profiles.members-only')
      }
      return statuses
    }
    const inside = { mod: 200, own: 200 }
    assert.equal(await seen('public'), { stranger: 200, member: 200, blocked: 404, ...inside })
    assert.equal(await seen('members'), { stranger: 403, member: 200, blocked: 404, ...inside })
    assert.equal(await seen('private'), { stranger: 404, member: 404, blocked: 404, ...inside })
    const nobody = await app.call(contract.getProfile, { params: { username: 'nobody-here' } })
    const hidden = await app.call(contract.getProfile, at(ana))
    const words = ({ title, status, detail }: Record<string, unknown>) => ({ title, status, detail })
    assert.equal(words(hidden.body as never), words(nobody.body as never))
  })

  test('hidden sections are empty for all but their holder [PROF-05]', async ({ app, ana, mod }) => {
    const told = {
      bio: 'canary',
      place: 'canary',
      genres: ['canary'],
      instruments: ['canary'],
      roles: ['canary'],
      links: [{ label: 'canary', url: 'https://canary.example' }],
      hidden: [...contract.Section.options],
    }
    await app.as(ana).call(contract.updateMyProfile, { body: told })
    for (const viewer of [app, app.as(mod)]) {
      const { body } = await viewer.call(contract.getProfile, at(ana))
      assert.not.match(JSON.stringify(body), 'canary')
      assert.equal([body.joinedAt, body.badges, body.hidden], [null, [], []])
    }
    const { body: own } = await app.as(ana).call(contract.getProfile, at(ana))
    assert.equal([own.bio, own.hidden, own.can.edit], ['canary', told.hidden, true])
    assert.ok(own.joinedAt)
    const page = await (await app.request(`/@${ana.username}`)).text()
    assert.not.match(page, 'canary')
  })

  test('a former username leads to the present one [PROF-04]', async ({ app, ana }) => {
    const username = `new-${ana.username}`
    assert.is((await app.as(ana).call(identity.changeUsername, { body: { username } })).status, 200)
    const { status, body } = await app.call(contract.getProfile, at(ana))
    assert.equal([status, body.username], [200, username])
    const page = await app.request(`/@${ana.username}`)
    assert.equal([page.status, page.headers.get('location')], [302, `/@${username}`])
    assert.is((await app.request(`/@${username}`)).status, 200)
  })

  test('names that nobody has, or can have, are not found', async ({ app, ana }) => {
    for (const username of [
      'nobody-here',
      '-',
      '..',
      'x',
      "x' or 1=1",
      '%',
      'x'.repeat(150),
      '\u202e',
      '__proto__',
    ]) {
      assert.is((await app.as(ana).call(contract.getProfile, { params: { username } })).status, 404, username)
      assert.is(
        (await app.as(ana).call(contract.blockMember, { params: { username } })).status,
        404,
        username,
      )
    }
    const shouted = { params: { username: ana.username.toUpperCase() } }
    assert.is((await app.call(contract.getProfile, shouted)).body.username, ana.username)
  })
}

function pages(test: Test<Context>) {
  test('the page can be read without JavaScript, in both languages [PROF-01]', async ({ app, ana }) => {
    const body = {
      bio: '**loud** <script>alert(1)</script>',
      genres: ['<i>Dub</i>'],
      roles: ['DJ'],
      links: [{ label: '"><script>', url: 'https://example.org' }],
    }
    await app.as(ana).call(contract.updateMyProfile, { body })
    const answer = await app.request(`/@${ana.username}`, { headers: { 'accept-language': 'fr' } })
    const page = await answer.text()
    assert.is(answer.status, 200)
    assert.match(page, `<title>${ana.username} · `)
    assert.match(page, '<strong>loud</strong> &lt;script&gt;')
    assert.match(page, '<li>&lt;i&gt;Dub&lt;/i&gt;</li>')
    assert.match(page, 'Membre depuis')
    assert.match(page, 'content="DJ · &lt;i&gt;Dub')
    assert.not.match(page, '<script>alert')
    assert.not.match(page, '"><script>')
    const encoded = await app.request(`/%40${ana.username}`)
    assert.equal([encoded.status, encoded.headers.get('location')], [302, `/@${ana.username}`])
  })

  test('the page tells strangers nothing they may not know [PROF-05]', async ({ app, ana, ben }) => {
    const page = async (who?: TestAccount) => {
      const answer = await app.request(`/@${ana.username}`, { headers: who ? { cookie: who.cookie } : {} })
      return { status: answer.status, has: (await answer.text()).includes('canary') }
    }
    const isListed = async () => !(await (await app.request(`/@${ana.username}`)).text()).includes('noindex')
    assert.ok(await isListed())
    await app.as(ana).call(contract.updateMyProfile, { body: { bio: 'canary', visibility: 'members' } })
    assert.not.ok(await isListed())
    assert.equal(
      [await page(), await page(ben)],
      [
        { status: 403, has: false },
        { status: 200, has: true },
      ],
    )
    await app.as(ana).call(contract.updateMyProfile, { body: { visibility: 'private' } })
    assert.equal(
      [await page(ben), await page(ana)],
      [
        { status: 404, has: false },
        { status: 200, has: true },
      ],
    )
    assert.is((await app.request('/@nobody-here')).status, 404)
  })
}
