import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Route } from '#contract'
import { definePlugin } from '#sdk'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import * as contract from './contract.ts'
import profiles from './index.ts'

interface Context {
  app: TestApp
  ana: TestAccount
  ben: TestAccount
  mod: TestAccount
  owner: TestAccount
}

/** Gives badges as a later plugin would. */
const medals = definePlugin({
  name: 'medals',
  version: '0.1.0',
  title: 'Medals',
  needs: { profiles: contract.profiles },
  setup(ctx) {
    const give = async (ids: string[]) => {
      const people = await ctx.accounts.byIds(ids)
      const named = [...people.values()].filter(({ username }) => username.startsWith('winner'))
      if ([...people.values()].some(({ username }) => username.startsWith('broken')))
        throw new Error('no medals')
      return new Map(named.map(({ id }) => [id, [{ name: 'medals.first', title: 'First of all' }]]))
    }
    ctx.onStop(ctx.needs.profiles.addBadges('medals', give))
  },
})

for (const kind of databaseKinds) {
  const test = suite<Context>(`profiles on ${kind}`)
  test.before(async (context) => {
    const app = await testApp({ plugins: [profiles, medals], kind })
    const owner = await app.addAccount({ roles: ['owner'] })
    Object.assign(context, { app, owner, mod: await app.addAccount({ roles: ['moderator'] }) })
  })
  test.before.each(async (context) => {
    context.ana = await context.app.addAccount()
    context.ben = await context.app.addAccount()
  })
  test.after(({ app }) => app.close())
  editing(test)
  marks(test)
  test.run()
}

const at = ({ username }: { username: string }) => ({ params: { username } })

function editing(test: Test<Context>) {
  test('a member who told nothing has an empty, public profile [PROF-01]', async ({ app, ana }) => {
    const { status, body } = await app.call(contract.getProfile, at(ana))
    assert.is(status, 200)
    const { joinedAt, ...rest } = body
    assert.ok(Math.abs(Date.parse(joinedAt ?? '') - Date.now()) < 60_000)
    assert.equal(rest, {
      id: ana.id,
      username: ana.username,
      displayName: ana.username,
      avatar: null,
      banner: null,
      bio: '',
      bioHtml: '',
      place: '',
      genres: [],
      instruments: [],
      roles: [],
      links: [],
      badges: [],
      isVerified: false,
      labelRoles: [],
      visibility: 'public',
      hidden: [],
      blockedByMe: false,
      mutedByMe: false,
      can: { edit: false, block: false, verify: false },
    })
  })

  test('what its holder tells is shown, cleaned of what steers a display [PROF-01] [PROF-02]', async ({
    app,
    ana,
  }) => {
    const told = {
      bio: 'I play **loud**.\r\n\r\n<b>x</b>\u202e',
      place: '  Le \u0007 Havre ',
      genres: ['Dub techno', 'DUB TECHNO', '\u200b', 'House'],
      instruments: ['Bass'],
      roles: ['DJ', 'producer'],
      links: [
        { url: 'https://www.example.org/a b', label: '' },
        { url: 'HTTP://exämple.org', label: 'Mine' },
      ],
      hidden: ['joined' as const, 'joined' as const],
    }
    const { status, body: mine } = await app.as(ana).call(contract.updateMyProfile, { body: told })
    assert.is(status, 200)
    assert.is(mine.bio, 'I play **loud**.\n\n<b>x</b>')
    assert.is(mine.bioHtml, '<p>I play <strong>loud</strong>.</p>\n<p>&lt;b&gt;x&lt;/b&gt;</p>')
    assert.is(mine.place, 'Le Havre')
    assert.equal(mine.genres, ['Dub techno', 'House'])
    assert.equal(mine.links, [
      { url: 'https://www.example.org/a%20b', label: 'example.org' },
      { url: 'http://xn--exmple-cua.org/', label: 'Mine' },
    ])
    assert.equal(mine.hidden, ['joined'])
    assert.equal((await app.as(ana).call(contract.getMyProfile)).body, mine)
    const { body: seen } = await app.call(contract.getProfile, at(ana))
    assert.equal([seen.bioHtml, seen.roles, seen.links], [mine.bioHtml, ['DJ', 'producer'], mine.links])
    // The rest stays as it is.
    const { body: later } = await app.as(ana).call(contract.updateMyProfile, { body: { place: '' } })
    assert.equal({ ...later, place: mine.place }, mine)
    const audited: { action: string }[] = await app.site.database
      .db('audit_entries')
      .where({ subject: ana.id })
    assert.is(audited.filter(({ action }) => action === 'profiles.profile-changed').length, 2)
  })

  test('the preview is what will be shown [PROF-02]', async ({ app, ana }) => {
    const body = { text: '## Hi\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)>' }
    const preview = await app.as(ana).call(contract.previewBio, { body })
    assert.is(preview.body.html, '<h4>Hi</h4>\n<p>x &lt;img src=x onerror=alert(1)&gt;</p>')
    const { body: mine } = await app.as(ana).call(contract.updateMyProfile, { body: { bio: body.text } })
    assert.is(mine.bioHtml, preview.body.html)
  })

  test('only web addresses become links [PROF-02]', async ({ app, ana }) => {
    const bad = [
      'javascript:alert(1)',
      'JavaScript://example.org/%0aalert(1)',
      'java\tscript:alert(1)',
      ' data:text/html,x',
      'vbscript:x',
      'mailto:a@b.example',
      '//example.org',
      'example.org',
      'https://',
      'https://user:secret@example.org',
      `https://example.org/${'x'.repeat(500)}`,
    ]
    for (const url of bad) {
      const body = { links: [{ label: 'x', url }] }
      const { status, body: refusal } = await app.as(ana).callRaw(contract.updateMyProfile as Route, { body })
      assert.is(status, 422, url)
      assert.equal((refusal as { errors: { pointer: string }[] }).errors[0]?.pointer, '/links/0/url')
    }
    assert.equal((await app.as(ana).call(contract.getMyProfile)).body.links, [])
  })

  test('refuses strangers, what is too long or too many, and what is not theirs to set', async ({
    app,
    ana,
  }) => {
    const routes = [contract.getMyProfile, contract.updateMyProfile, contract.previewBio, contract.listBlocks]
    for (const route of routes) assert.is((await app.callRaw(route as Route, { body: {} })).status, 401)
    const list = (n: number, item: unknown) => Array.from({ length: n }, () => item)
    const bad: object[] = [
      { bio: 'x'.repeat(5001) },
      { place: 'x'.repeat(81) },
      { genres: list(11, 'x') },
      { genres: [''] },
      { instruments: ['x'.repeat(41)] },
      { roles: list(6, 'x') },
      { links: list(13, { url: 'https://example.org' }) },
      { visibility: 'friends' },
      { hidden: ['name'] },
      { isVerified: true },
      { avatarKey: 'profiles/x' },
    ]
    for (const body of bad) {
      const { status } = await app.as(ana).callRaw(contract.updateMyProfile as Route, { body })
      assert.is(status, 422, JSON.stringify(body).slice(0, 60))
    }
    const tooLong = { body: { text: 'x'.repeat(5001) } }
    assert.is((await app.as(ana).call(contract.previewBio, tooLong)).status, 422)
  })
}

function marks(test: Test<Context>) {
  test('the label gives and takes the verified mark; nobody else can [PROF-08]', async (context) => {
    const { app, ana, ben, mod, owner } = context
    const verify = (who: TestAccount, isVerified: boolean) =>
      app.as(who).call(contract.setVerified, { ...at(ana), body: { isVerified } })
    assert.equal((await verify(owner, true)).body.isVerified, true)
    assert.is((await app.call(contract.getProfile, at(ana))).body.isVerified, true)
    for (const who of [ana, ben, mod]) assert.is((await verify(who, false)).status, 403)
    assert.is((await app.call(contract.setVerified, { ...at(ana), body: { isVerified: false } })).status, 401)
    const raw = { ...at(ana), body: { isVerified: 'yes' } }
    assert.is((await app.as(owner).callRaw(contract.setVerified as Route, raw)).status, 422)
    // A change of one's own keeps it.
    await app.as(ana).call(contract.updateMyProfile, { body: { place: 'Here' } })
    assert.is((await app.call(contract.getProfile, at(ana))).body.isVerified, true)
    assert.is((await verify(owner, false)).body.isVerified, false)
    const audited: { action: string }[] = await app.site.database
      .db('audit_entries')
      .where({ subject: ana.id })
      .orderBy('id')
    assert.equal(
      audited.map(({ action }) => action).filter((action) => /verified/.test(action)),
      ['profiles.verified', 'profiles.verified-taken'],
    )
  })

  test('shows what somebody is at the label [PROF-01]', async ({ app, mod, owner }) => {
    assert.equal((await app.call(contract.getProfile, at(mod))).body.labelRoles, ['moderator'])
    const { body } = await app.as(owner).call(contract.getProfile, at(mod))
    assert.equal(body.can, { edit: false, block: true, verify: true })
  })

  test('shows badges of other plugins, and the profile where they fail [PROF-08]', async ({ app }) => {
    const winner = await app.addAccount({ username: `winner-${Math.random().toString(36).slice(2, 8)}` })
    const broken = await app.addAccount({ username: `broken-${Math.random().toString(36).slice(2, 8)}` })
    const badges = async (who: TestAccount) => (await app.call(contract.getProfile, at(who))).body.badges
    assert.equal(await badges(winner), [{ name: 'medals.first', title: 'First of all' }])
    assert.equal(await badges(broken), [])
    await app.site.kernel.setEnabled('medals', false, null)
    assert.equal(await badges(winner), [])
    await app.site.kernel.setEnabled('medals', true, null)
    assert.is((await badges(winner)).length, 1)
  })
}
