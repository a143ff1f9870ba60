import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { isoTime, newId } from '../sdk/index.ts'
import {
  accountsByIds,
  countAccounts,
  hasOwner,
  listAccounts,
  rolesOf,
  setPasswordHash,
  setRoles,
} from './accounts.ts'
import { createAuthenticate } from './authenticate.ts'
import { checkPassword, hashPassword } from './passwords.ts'
import { createPermissions } from './roles.ts'
import { findSession, insertSession, removeExpiredSessions, removeSessionsOf } from './sessions.ts'

const from = { userAgent: 'x'.repeat(500), address: '192.0.2.1', methods: ['password' as const] }

for (const kind of databaseKinds) {
  const test = suite<{ app: TestApp }>(`accounts on ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ kind, plugins: [] })
  })
  test.after(({ app }) => app.close())

  test('lists accounts with their roles, by id in one query, and counts them', async ({ app }) => {
    const { db } = app.site.database
    const one = await app.addAccount({ roles: ['moderator', 'artist'] })
    const two = await app.addAccount({ roles: [] })
    assert.equal(
      (await listAccounts(db)).map(({ id, roles }) => [id, roles]),
      [
        [one.id, ['artist', 'moderator']],
        [two.id, []],
      ],
    )
    assert.is(await countAccounts(db), 2)
    const found = await accountsByIds(db, [two.id, two.id, newId()])
    assert.equal(
      [...found.values()],
      [{ id: two.id, username: two.username, displayName: two.username, avatarKey: null }],
    )
    assert.is((await accountsByIds(db, [])).size, 0)
    assert.is(await hasOwner(db), false)
    await setRoles(db, two.id, ['owner', 'guest'])
    assert.equal([await rolesOf(db, two.id), await hasOwner(db)], [['guest', 'owner'], true])
    await setRoles(db, two.id, [])
    assert.equal(await rolesOf(db, two.id), [])
    await setPasswordHash(db, two.id, 'hash')
    assert.is((await db('accounts').where({ id: two.id }).first()).passwordHash, 'hash')
  })

  test('writes when a session was seen, but not at every look', async ({ app }) => {
    const { db } = app.site.database
    const { id } = await app.addAccount()
    const start = new Date('2026-01-05T10:00:00.000Z')
    const { cookie, sessionId } = await insertSession(db, id, from, start)
    const seenAfter = async (minutes: number) => {
      const now = new Date(start.getTime() + minutes * 60_000)
      assert.is((await findSession(db, { cookie }, { address: '127.0.0.1' }, now))?.id, id)
      return (await db('sessions').where({ id: sessionId }).first()).seenAt
    }
    assert.is(await seenAfter(5), isoTime(start))
    assert.is(await seenAfter(6), '2026-01-05T10:06:00.000Z')
    assert.is(await seenAfter(10), '2026-01-05T10:06:00.000Z')
    assert.is((await db('sessions').where({ id: sessionId }).first()).userAgent.length, 200)
  })

  test('ended sessions are removed, and open connections of them are told apart', async ({ app }) => {
    const { db } = app.site.database
    const { id } = await app.addAccount()
    const now = new Date()
    const old = await insertSession(db, id, from, new Date(now.getTime() - 91 * 24 * 3_600_000))
    const fresh = await insertSession(db, id, from, now)
    const permissions = createPermissions()
    const { tokens, keyring } = app.site
    const parts = { db, permissions, tokens, keyring, needsVerifiedEmail: () => false, cookieName: 'c' }
    const { bySession } = createAuthenticate({ ...parts, now: () => now })
    assert.is(await bySession(old.sessionId), null)
    assert.is((await bySession(fresh.sessionId))?.id, id)
    assert.is(await bySession(newId()), null)
    await removeExpiredSessions(db, now)
    const left: { id: string }[] = await db('sessions').whereIn('id', [old.sessionId, fresh.sessionId])
    assert.equal(
      left.map((row) => row.id),
      [fresh.sessionId],
    )
    await db('accounts').where({ id }).update({ status: 'suspended' })
    assert.is(await bySession(fresh.sessionId), null)
    await removeSessionsOf(db, id)
    assert.is((await db('sessions').where({ accountId: id })).length, 0)
  })

  test.run()
}

const parts = suite('passwords and permissions')

parts('no password fits an account that is not there', async () => {
  const stored = await hashPassword('the right password')
  assert.is(await checkPassword(stored, 'the right password'), true)
  assert.is(await checkPassword(stored, 'the wrong password'), false)
  assert.is(await checkPassword(null, 'no account has this password'), false)
  assert.is.not(await hashPassword('the right password'), stored)
})

parts('a role may do what the server and the plugins declare for it; the owner may do all', () => {
  const permissions = createPermissions()
  permissions.declare('a', {
    'a.read': { title: 'Read', roles: ['member'] },
    'a.write': { title: 'Write', roles: [] },
  })
  permissions.declare('b', { 'b.moderate': { title: 'Moderate', roles: ['moderator', 'admin'] } })
  assert.equal([...permissions.of(['member'])], ['a.read'])
  assert.equal([...permissions.of(['member', 'moderator'])], ['a.read', 'b.moderate'])
  assert.equal([...permissions.of(['owner'])], ['a.read', 'a.write', 'b.moderate'])
  assert.equal([...permissions.of([]), ...permissions.of(['unknown'])], [])
  assert.is(permissions.list().length, 3)
  permissions.dropOwner('a')
  assert.equal([...permissions.of(['owner'])], ['b.moderate'])
})

parts('the cookie of a site behind HTTPS is bound to it and sent over HTTPS only', async () => {
  const first = await testApp({ plugins: [] })
  await first.appliance.registry.setUrl('main', 'https://label.test/')
  const app = await first.restart()
  const body = { email: 'a@people.test', username: 'ab', password: 'a long enough password' }
  const made = await app.request('/api/v1/auth/register', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const cookie = made.headers.get('set-cookie') ?? ''
  assert.match(
    cookie,
    /^__Host-veza_session=[\w-]{32}; Path=\/; SameSite=Lax; HttpOnly; Secure; Max-Age=7776000, __Host-veza_device=/,
  )
  assert.is(
    (await app.request('/api/v1/auth/me', { headers: { cookie: cookie.split(';')[0] ?? '' } })).status,
    200,
  )
  const plain = cookie.split(';')[0]?.replace('__Host-', '') ?? ''
  assert.is((await app.request('/api/v1/auth/me', { headers: { cookie: plain } })).status, 401)
  await app.close()
})

parts.run()
