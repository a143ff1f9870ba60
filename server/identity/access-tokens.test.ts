import { createHmac, generateKeyPairSync, sign as signBytes } from 'node:crypto'
import { importJWK, type JWK, SignJWT } from 'jose'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { type FakeClock, fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'

interface Context {
  app: TestApp
  clock: FakeClock
  account: TestAccount
}

const encode = (value: object | string) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const decode = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
const partsOf = (token: string) => {
  const [head, body] = token.split('.')
  return { head: decode(head), body: decode(body) }
}
const statusWith = async (app: TestApp, token: string, host = 'main.test') =>
  (await app.request('/api/v1/auth/me', { host, headers: { authorization: `Bearer ${token}` } })).status

for (const kind of databaseKinds) {
  const test = suite<Context>(`access tokens on ${kind}`)
  test.before(async (context) => {
    context.clock = fakeClock(new Date())
    context.app = await testApp({ kind, plugins: [], sites: ['other'], clock: context.clock })
  })
  test.before.each(async (context) => {
    context.account = await context.app.addAccount()
  })
  test.after(({ app }) => app.close())

  test('a token is a JWT of this site that the published key verifies [AUTH-03]', async ({
    app,
    account,
  }) => {
    const { head, body } = partsOf(account.accessToken)
    assert.equal([head.alg, head.typ], ['EdDSA', 'at+jwt'])
    assert.equal(
      [body.iss, body.aud, body.sub, body.sid],
      ['http://main.test', 'http://main.test', account.id, account.sessionId],
    )
    assert.is(Number(body.exp) - Number(body.iat), 900)
    const { keys } = (await app.call(identity.jwks)).body
    assert.is(keys.length, 1)
    assert.equal(Object.keys(keys[0] ?? {}).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x'])
    assert.is(keys[0]?.kid, head.kid)
    const [first, second, signature] = account.accessToken.split('.')
    const key = (await importJWK(keys[0] as JWK, 'EdDSA')) as CryptoKey
    const isGood = await crypto.subtle.verify(
      'Ed25519',
      key,
      Buffer.from(signature ?? '', 'base64url'),
      Buffer.from(`${first}.${second}`),
    )
    assert.is(isGood, true)
    assert.is(await statusWith(app, account.accessToken), 200)
  })

  test('no token of another making is taken [AUTH-03]', async ({ app, account, clock }) => {
    const { head, body } = partsOf(account.accessToken)
    const [, , signature = ''] = account.accessToken.split('.')
    const { keys } = (await app.call(identity.jwks)).body
    const publicKey = keys[0] as JWK
    const hs256 = (key: string | Buffer, more = {}) => {
      const text = `${encode({ ...head, alg: 'HS256', ...more })}.${encode(body)}`
      return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
    }
    const own = generateKeyPairSync('ed25519')
    const byOwnKey = (header: object, claims: object = body) => {
      const text = `${encode({ ...head, ...header })}.${encode(claims)}`
      return `${text}.${signBytes(null, Buffer.from(text), own.privateKey).toString('base64url')}`
    }
    const jwk = own.publicKey.export({ format: 'jwk' })
    const forged: Record<string, string> = {
      'alg none': `${encode({ ...head, alg: 'none' })}.${encode(body)}.`,
      'alg None with the signature': `${encode({ ...head, alg: 'None' })}.${encode(body)}.${signature}`,
      'HS256 by the public key': hs256(publicKey.x ?? ''),
      'HS256 by the bytes of the public key': hs256(Buffer.from(publicKey.x ?? '', 'base64url')),
      'HS256 by the published JSON': hs256(JSON.stringify(publicKey)),
      'another key under the known id': byOwnKey({}),
      'another key that travels along': byOwnKey({ jwk, kid: undefined }),
      'a key at an address': byOwnKey({ jku: 'http://127.0.0.1:1/keys', x5u: 'http://127.0.0.1:1/key' }),
      'an id that is a path': byOwnKey({ kid: '../../../../dev/null' }),
      'an id that is SQL': byOwnKey({ kid: "' or 1=1 --" }),
      'an id that is nothing': byOwnKey({ kid: '' }),
      'changed claims': account.accessToken.replace(
        /\.[^.]+\./,
        `.${encode({ ...body, sub: crypto.randomUUID() })}.`,
      ),
      'no signature': account.accessToken.replace(/[^.]+$/, ''),
      'five parts': `${account.accessToken}.x.y`,
      'nothing in it': '..',
    }
    for (const [what, token] of Object.entries(forged)) assert.is(await statusWith(app, token), 401, what)
    const now = Math.floor(clock.now().getTime() / 1000)
    const wrong: Record<string, Record<string, unknown>> = {
      issuer: { iss: 'http://other.test' },
      audience: { aud: 'http://other.test' },
      'a session that is not there': { sid: crypto.randomUUID() },
      'no session': { sid: undefined },
      'no end': { exp: undefined },
      'an end in the past': { exp: now - 1 },
      'a beginning in the future': { nbf: now + 600 },
    }
    const row = await app.site.database.db('signing_keys').whereNull('retired_at').first()
    const context = `signing_keys.private_key/${row.id}`
    const privateKey = await importJWK(JSON.parse(app.site.keyring.open(row.privateKey, context)), 'EdDSA')
    const signed = (claims: object, header = {}) =>
      new SignJWT({ ...body, ...claims })
        .setProtectedHeader({ ...head, alg: 'EdDSA', ...header } as { alg: string })
        .sign(privateKey)
    assert.is(await statusWith(app, await signed({})), 200, 'the forge itself works')
    for (const [what, claims] of Object.entries(wrong))
      assert.is(await statusWith(app, await signed(claims)), 401, what)
    assert.is(await statusWith(app, await signed({}, { typ: 'JWT' })), 401, 'another type')
  })

  test('a token of one site opens nothing at the other [AUTH-03] [SITE-10]', async ({ app, account }) => {
    assert.is(await statusWith(app, account.accessToken, 'other.test'), 401)
    const away = await app.addAccount({ site: 'other' })
    assert.is(await statusWith(app, away.accessToken, 'other.test'), 200)
    assert.is(await statusWith(app, away.accessToken), 401)
  })

  test('a new key signs while tokens of the old one run out [AUTH-03]', async ({ app, account, clock }) => {
    const { tokens, database } = app.site
    const before = partsOf(account.accessToken).head.kid
    await tokens.rotate(database.db)
    const next = await app.addAccount()
    assert.is.not(partsOf(next.accessToken).head.kid, before)
    const idsShown = async () => (await app.call(identity.jwks)).body.keys.map(({ kid }) => kid)
    assert.ok((await idsShown()).includes(before))
    assert.is(await statusWith(app, account.accessToken), 200)
    clock.advance(31 * 60_000)
    await tokens.tend(database.db)
    assert.not.ok((await idsShown()).includes(before), 'gone once no token of it can be good')
    clock.advance(31 * 24 * 3_600_000)
    await tokens.tend(database.db)
    assert.is((await idsShown()).length, 2, 'a month later a new key comes by itself')
  })

  test('the private keys are sealed where they are stored [SEC-09]', async ({ app }) => {
    const rows: { privateKey: string }[] = await app.site.database.db('signing_keys')
    assert.ok(rows.length > 0)
    for (const { privateKey } of rows) assert.match(privateKey, /^k\.[0-9a-f]{8}\./)
  })

  test.run()
}
