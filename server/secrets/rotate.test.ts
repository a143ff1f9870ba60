import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, identity } from '#contract'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { dumpOf } from '../../test/kit/dump.ts'
import { runChecks } from '../admin/checks.ts'
import { holdLock, openDatabase } from '../db/index.ts'
import { createAccessTokens } from '../identity/access-tokens.ts'
import { keyCheck } from './check.ts'
import { openKeyring } from './keyring.ts'
import { rotateKeys } from './rotate.ts'
import { placeOf, sealedColumns } from './sealed-columns.ts'
import { readSecret } from './site-secret.ts'

interface Context {
  app: TestApp
  accountId: string
}
const canaries = {
  'totp_secrets.secret': 'CANARYTOTPSEED234567',
  'app_passwords.secret': 'canary-app-password',
  'identity_providers.client_secret': 'canary-provider-secret',
}
const at = new Date().toISOString()

/** One row of each sealed kind, sealed as the site seals it. */
async function addSecrets({ site }: TestApp, accountId: string): Promise<void> {
  const { db } = site.database
  const seal = (place: keyof typeof canaries, id: string) =>
    site.keyring.seal(canaries[place], `${place}/${id}`)
  await db('totp_secrets').insert({
    accountId,
    secret: seal('totp_secrets.secret', accountId),
    createdAt: at,
  })
  const password = { id: accountId, accountId, name: 'Player', scopesJson: '[]', createdAt: at }
  await db('app_passwords').insert({ ...password, secret: seal('app_passwords.secret', accountId) })
  const provider = {
    name: 'oidc',
    kind: 'oidc',
    title: 'Club',
    clientId: 'veza',
    isEnabled: false,
    createdAt: at,
  }
  const clientSecret = seal('identity_providers.client_secret', 'oidc')
  await db('identity_providers').insert({ ...provider, clientSecret })
}

/** Every sealed text of the site with its place. */
async function sealedTexts({ site }: TestApp): Promise<{ place: string; sealed: string }[]> {
  const found = await Promise.all(
    sealedColumns.map(async (column) => {
      const rows: { id: string; sealed: string }[] = await site.database
        .db(column.table)
        .select(`${column.id} as id`, `${column.column} as sealed`)
      return rows.map(({ id, sealed }) => ({ place: placeOf(column, id), sealed }))
    }),
  )
  return found.flat().sort((a, b) => (a.place < b.place ? -1 : 1))
}

const opened = async (app: TestApp) =>
  (await sealedTexts(app)).map(({ place, sealed }) => app.site.keyring.open(sealed, place))
const keysOf = async ({ dataDir }: TestApp) =>
  (await readFile(join(dataDir, 'keys/instance.key'), 'utf8')).trim().split('\n')
const rotate = ({ appliance, dataDir }: TestApp, onBatch?: () => void) =>
  rotateKeys(
    { dataDir, config: { security: {} } } as Parameters<typeof rotateKeys>[0],
    appliance.keyring,
    appliance.sites.map((site) => ({ db: site.database.db, keyring: site.keyring })),
    onBatch,
  )
const messageOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: Error) => error.message,
  )

for (const kind of databaseKinds) {
  const test = suite<Context>(`rotation of keys on ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ kind, plugins: [], sites: ['second'] })
    context.accountId = (await context.app.addAccount()).id
    await addSecrets(context.app, context.accountId)
    // As an older version left it.
    await context.app.site.database.db('secrets').insert({ name: 'plain', value: 'canary-plain' })
  })
  test.after(({ app }) => app.close())

  test('everything is sealed anew, opens, and the running site goes on [SEC-09]', async ({ app }) => {
    await app.site.audit.record(app.site.database.db, { action: 'test.before', actor: null })
    await app.site.audit.sealed()
    const before = await sealedTexts(app)
    const [first] = await keysOf(app)
    const texts = await messageOf(opened(app))
    assert.match(texts, 'not here', 'one is plain still')
    const { keyId, resealed } = await rotate(app)
    assert.is(app.site.keyring.ids()[0], keyId)
    assert.ok(resealed >= before.length)
    const after = await sealedTexts(app)
    assert.equal(
      after.map(({ place }) => place),
      before.map(({ place }) => place),
    )
    for (const { sealed, place } of after) assert.ok(sealed.startsWith(`k.${keyId}.`), place)
    const all = await opened(app)
    for (const word of [...Object.values(canaries), 'canary-plain']) assert.ok(all.includes(word), word)
    assert.is(await readSecret(app.site.database.db, app.site.keyring, 'plain'), 'canary-plain')
    assert.is((await keysOf(app))[1], first)
    for (const _time of [1, 2, 3]) await rotate(app)
    assert.is((await keysOf(app)).length, 2)
    assert.ok((await opened(app)).includes(canaries['totp_secrets.secret']))
    const member = await app.addAccount()
    assert.is((await app.as(member).call(identity.me)).status, 200)
    const owner = app.as(await app.addAccount({ roles: ['owner'] }))
    await owner.call(admin.updateSettings, { body: { description: 'x' } })
    assert.is((await owner.call(admin.verifyAudit)).body.isWhole, true)
  })

  test('a dump of the database alone opens nothing [SEC-09]', async ({ app }) => {
    const jwks = await sealedTexts(app)
    assert.ok(jwks.some(({ place }) => place.startsWith('signing_keys.')))
    const dump = await dumpOf(app.site.database)
    for (const word of [...Object.values(canaries), 'canary-plain', '"d":']) assert.not.match(dump, word)
    assert.match(dump, 'k.')
  })

  test('a rotation that is stopped in the middle leaves everything readable, and the next one finishes [SEC-09]', async ({
    app,
  }) => {
    for (const wanted of [1, 2, 3, 4]) {
      let batches = 0
      const stopped = rotate(app, () => {
        if (++batches === wanted) throw new Error('the power went')
      })
      assert.is(await messageOf(stopped), 'the power went')
      assert.ok((await opened(app)).includes(canaries['app_passwords.secret']))
    }
    assert.ok((await keysOf(app)).length > 2)
    const { keyId } = await rotate(app)
    assert.is((await keysOf(app)).length, 2)
    assert.ok((await sealedTexts(app)).every(({ sealed }) => sealed.startsWith(`k.${keyId}.`)))
  })

  test('what was changed while it was sealed anew keeps the change [SEC-09]', async ({ app, accountId }) => {
    const { db } = app.site.database
    let isDone = false
    const changes: Promise<unknown>[] = []
    await rotate(app, () => {
      if (isDone) return
      isDone = true
      const secret = app.site.keyring.seal('changed meanwhile', `app_passwords.secret/${accountId}`)
      changes.push(db('app_passwords').update({ secret }))
    })
    await Promise.all(changes)
    assert.ok((await opened(app)).includes('changed meanwhile'))
    if (kind === 'sqlite') return
    // Between the look and the change: the row is held while the rotation wants it.
    const secret = app.site.keyring.seal('changed at last', `app_passwords.secret/${accountId}`)
    let rotation: Promise<unknown> | undefined
    await db.tx(async (tx) => {
      await tx('app_passwords').update({ secret })
      rotation = rotate(app)
      await delay(500)
    })
    await rotation
    assert.ok((await opened(app)).includes('changed at last'))
  })

  test('access tokens get a new key with overlap, also in a process that did not make it [AUTH-03]', async ({
    app,
  }) => {
    const member = await app.addAccount()
    const kids = async () => (await app.call(identity.jwks)).body.keys.map(({ kid }) => String(kid))
    const [old = ''] = await kids()
    const { database, keyring } = app.site
    const other = await openDatabase(database.target)
    const tokens = createAccessTokens({ db: other.db, keyring, siteUrl: () => '', now: () => new Date() })
    const id = await other.db.tx((db) => tokens.rotate(db))
    await other.close()
    // The running site hears of it within a second.
    for (let tries = 0; tries < 100 && !(await kids()).includes(id); tries++) await delay(50)
    assert.equal((await kids()).sort(), [old, id].sort())
    assert.is((await app.as(member).call(identity.me)).status, 200, 'tokens of the old key are good')
    const later = await app.addAccount()
    const [head = ''] = later.accessToken.split('.')
    assert.is(JSON.parse(Buffer.from(head, 'base64url').toString()).kid, id)
    assert.is((await app.as(later).call(identity.me)).status, 200)
  })

  test.run()
}

const alone = suite('keys and processes')

alone('a file of other keys is told in one sentence, and so is one that is no key [SEC-09]', async () => {
  const app = await testApp({ plugins: [] })
  const file = join(app.dataDir, 'keys/instance.key')
  const good = await readFile(file, 'utf8')
  await writeFile(file, `${randomBytes(32).toString('base64url')}\n`)
  await app.appliance.stop()
  assert.is(
    await messageOf(testApp({ plugins: [], dataDir: app.dataDir })),
    'A stored secret was sealed with a key that is not here.',
  )
  await writeFile(file, 'no key')
  assert.match(
    await messageOf(testApp({ plugins: [], dataDir: app.dataDir })),
    'is not right: each key is 32 bytes',
  )
  await writeFile(file, good)
  const again = await testApp({ plugins: [], dataDir: app.dataDir })
  await again.site.database.db('secrets').update({ value: again.site.keyring.seal('x', 'elsewhere') })
  assert.match(
    await messageOf(readSecret(again.site.database.db, again.site.keyring, 'signing-key')),
    'was changed outside Veza',
  )
  await again.close()
})

alone('the check finds keys that are missing or open to others [SEC-09]', async () => {
  const app = await testApp({ plugins: [] })
  const file = join(app.dataDir, 'keys/instance.key')
  const loaded = { dataDir: app.dataDir, config: { security: {} } } as Parameters<typeof keyCheck>[0]
  assert.is((await stat(file)).mode & 0o777, 0o600)
  const found = async () => (await runChecks([keyCheck(loaded)]))[0]?.message ?? ''
  assert.is(await found(), '')
  await chmod(file, 0o644)
  assert.match(await found(), 'Others on this machine')
  await rm(file)
  assert.match(await found(), 'cannot be read')
  await app.close()
})

alone(
  'two processes rotate one after the other, and a third that runs reads what both sealed [SEC-09]',
  async () => {
    const app = await testApp({ plugins: [] })
    await addSecrets(app, (await app.addAccount()).id)
    const release = holdLock(join(app.dataDir, 'keys/rotation.lock'))
    assert.match(await messageOf(rotate(app)), 'being rotated already')
    release?.()
    const program = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
    const args = [...process.execArgv, program, 'key', 'rotate', '--data', app.dataDir]
    const run = () =>
      promisify(execFile)(process.execPath, args).then(
        () => 'done',
        ({ stderr }: { stderr: string }) => stderr,
      )
    const said = await Promise.all([run(), run()])
    assert.ok(said.includes('done'), said.join())
    for (const text of said) assert.match(text, /^done$|being rotated already/)
    for (const word of Object.values(canaries)) assert.ok((await opened(app)).includes(word))
    assert.ok((await sealedTexts(app)).every(({ sealed }) => app.site.keyring.isCurrent(sealed)))
    await app.close()
  },
)

alone('keys of the setting are used in their order, and no file is made [SEC-09]', async () => {
  const [old, next] = [randomBytes(32), randomBytes(32)].map((bytes) => bytes.toString('base64url'))
  const first = await testApp({ plugins: [], environment: { VEZA_SECURITY_INSTANCE_KEY: old ?? '' } })
  await first.appliance.stop()
  const app = await testApp({
    plugins: [],
    dataDir: first.dataDir,
    environment: { VEZA_SECURITY_INSTANCE_KEY: `${next},${old}` },
  })
  const loaded = { dataDir: app.dataDir, config: { security: { instanceKey: 'x' } } }
  const rotation = await rotateKeys(loaded as Parameters<typeof rotateKeys>[0], app.appliance.keyring, [
    { db: app.site.database.db, keyring: app.site.keyring },
  ])
  assert.is(rotation.keyId, null)
  assert.ok((await sealedTexts(app)).every(({ sealed }) => app.site.keyring.isCurrent(sealed)))
  assert.is(await stat(join(app.dataDir, 'keys')).catch(() => null), null)
  assert.throws(() => openKeyring({ config: loaded.config, dataDir: '/nowhere' } as never), /32 bytes/)
  await app.close()
})

alone.run()
