import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDatabase } from '../server/db/index.ts'
import { type Issuer, startIssuer } from '../test/kit/oidc-issuer.ts'
import { assertSaid, here } from './testdata/here.ts'
import { madeFolder, removeFolder } from './testdata/veza.ts'

interface Context {
  parent: string
  data: string
  secretFile: string
  issuer: Issuer
}
const secret = 'of-the-client-and-quite-long-0123456789'
const callbackUrl = 'http://label.test/api/v1/auth/external/keycloak/callback'
const allowed = { VEZA_SECURITY_ALLOW_PRIVATE_ISSUERS: 'true' }

const test = suite<Context>('veza provider')
test.before(async (context) => {
  Object.assign(context, await madeFolder())
  context.secretFile = join(context.parent, 'secret')
  await writeFile(context.secretFile, `${secret}\n`)
  context.issuer = await startIssuer({ clients: [{ id: 'veza', secret, redirectUris: [callbackUrl] }] })
})
test.after(async ({ parent, issuer }) => {
  await issuer.close()
  await removeFolder(parent)
})
const veza = ({ data }: Context, words: string[], env: Record<string, string> = allowed) =>
  here(['provider', ...words, '--data', data, '--json'], env)

test('says what is wrong with a provider and keeps nothing of it [AUTH-04] [SEC-05]', async (context) => {
  const { issuer, secretFile, parent } = context
  const set = (...words: string[]) => veza(context, ['set', ...words])
  assertSaid(await set('keycloak'), 2, /--client-id/)
  assertSaid(await set('keycloak', '--client-id', 'veza'), 2, /issuer/)
  assertSaid(await set('github', '--client-id', 'veza'), 2, /secret/)
  assertSaid(await set('x', '--client-id', 'veza', '--kind', 'saml'), 2, /--kind/)
  assertSaid(await set('Key', '--client-id', 'veza', '--issuer', issuer.url), 2, /lower-case/)
  const missing = ['--client-secret-file', join(parent, 'none')]
  assertSaid(await set('x', '--client-id', 'veza', ...missing), 2, /cannot be read/)
  const whole = ['set', 'keycloak', '--client-id', 'veza', '--client-secret-file', secretFile]
  assertSaid(await veza(context, [...whole, '--issuer', issuer.url], {}), 2, /https:/)
  assertSaid(await veza(context, [...whole, '--issuer', 'https://127.0.0.1:8443'], {}), 2, /private network/)
  assertSaid(await veza(context, ['remove', 'keycloak']), 1, /no provider/)
  assert.equal((await veza(context, ['list'])).json.items, [])
})

test('sets, shows, switches and removes one; the secret stays inside [AUTH-04]', async (context) => {
  const { issuer, secretFile, data } = context
  const flags = ['--client-id', 'veza', '--client-secret-file', secretFile, '--issuer', issuer.url]
  const made = await veza(context, ['set', 'keycloak', ...flags, '--title', 'The label'])
  const shown = {
    name: 'keycloak',
    kind: 'oidc',
    title: 'The label',
    clientId: 'veza',
    hasSecret: true,
    issuer: issuer.url,
    isEnabled: true,
    callbackUrl,
  }
  assert.equal(made.json, shown, made.stderr)
  assert.equal((await veza(context, ['set', 'keycloak', '--disable'])).json, { ...shown, isEnabled: false })
  const again = await veza(context, ['set', 'keycloak', '--title', 'Again'])
  assert.equal(again.json, { ...shown, title: 'Again' })
  assert.equal((await veza(context, ['list'])).json.items, [again.json])
  const text = await here(['provider', 'list', '--data', data])
  assert.match(text.stdout, /^NAME .*\nkeycloak {2}oidc {2}Again/)
  const database = await openDatabase({ location: join(data, 'sites/main/veza.db') })
  const stored = JSON.stringify([
    await database.db('identity_providers'),
    await database.db('audit_entries').whereLike('action', 'provider.%'),
  ])
  await database.close()
  assert.not.match(stored + text.stdout, secret)
  assert.is(stored.split('provider.saved').length, 4)
  assert.equal((await veza(context, ['remove', 'keycloak'])).json, { name: 'keycloak', isRemoved: true })
  assert.equal((await veza(context, ['list'])).json.items, [])
})

test.run()
