import { randomUUID } from 'node:crypto'
import type { JWK } from 'jose'
import type { Db } from '../db/index.ts'
import { isoTime } from '../sdk/index.ts'
import type { Keyring } from '../secrets/keyring.ts'

/** How long an access token is good, in ms. */
export const accessMs = 15 * 60_000
/** A key signs for so long; then a new one does, while tokens of the old one run out. */
const signsForMs = 30 * 24 * 3_600_000
const algorithm = 'EdDSA'
const tokenType = 'at+jwt'

/** For programs that sign in; browsers have cookies. */
const jose = () => import('jose')

interface KeyRow {
  id: string
  publicJson: JWK
  privateKey: string
  createdAt: string
  retiredAt: string | null
  expiresAt: string | null
}
interface SigningKey {
  id: string
  createdAt: string
  isRetired: boolean
  publicJwk: JWK
  publicKey: CryptoKey
  privateKey: CryptoKey
}

/** JWTs that say which session calls (RFC 9068), signed by Ed25519 keys of the site alone. */
export interface AccessTokens {
  sign(of: { accountId: string; sessionId: string }): Promise<{ accessToken: string; expiresAt: string }>
  /** Null for anything but an unexpired token that a key of this site signed. */
  verify(token: string): Promise<{ accountId: string; sessionId: string } | null>
  publicKeys(): Promise<JWK[]>
  /** Starts a new key; tokens of the old one stay good until they run out. Resolves to its id. */
  rotate(db: Db): Promise<string>
  /** The keys are read again when next used: another process may have changed them. */
  forget(): void
  /** Daily: a new key where the current one is old, and old keys go. */
  tend(db: Db): Promise<void>
}

interface Parts {
  db: Db
  keyring: Keyring
  /** The site's address: issuer and audience at once. */
  siteUrl: () => string
  now: () => Date
}

export function createAccessTokens({ db, keyring, siteUrl, now }: Parts): AccessTokens {
  let known: Promise<SigningKey[]> | undefined
  let readAt = 0
  const read = () => {
    readAt = performance.now()
    known = readKeys(db, keyring, now()).catch((error: unknown) => {
      known = undefined
      throw error
    })
    return known
  }
  const keys = () => known ?? read()
  const current = async (): Promise<SigningKey> => {
    const found = (await keys()).find((key) => !key.isRetired)
    if (found) return found
    await insertKey(db, keyring, now(), false)
    return (await read()).find((key) => !key.isRetired) as SigningKey
  }
  /** A key another process made a moment ago is looked for, but not at every forged id. */
  const named = async (id: string) => {
    const found = (await keys()).find((key) => key.id === id)
    if (found || performance.now() - readAt < 1000) return found
    return (await read()).find((key) => key.id === id)
  }
  return {
    sign: async ({ accountId, sessionId }) => {
      const key = await current()
      const { SignJWT } = await jose()
      const at = Math.floor(now().getTime() / 1000)
      const accessToken = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: algorithm, typ: tokenType, kid: key.id })
        .setIssuer(siteUrl())
        .setAudience(siteUrl())
        .setSubject(accountId)
        .setJti(randomUUID())
        .setIssuedAt(at)
        .setExpirationTime(at + accessMs / 1000)
        .sign(key.privateKey)
      return { accessToken, expiresAt: isoTime(new Date((at + accessMs / 1000) * 1000)) }
    },
    verify: async (token) => {
      const { jwtVerify } = await jose()
      try {
        const { payload } = await jwtVerify(
          token,
          async ({ kid }) => {
            const key = kid === undefined ? undefined : await named(kid)
            if (!key) throw new Error('unknown key')
            return key.publicKey
          },
          {
            algorithms: [algorithm],
            typ: tokenType,
            issuer: siteUrl(),
            audience: siteUrl(),
            currentDate: now(),
            requiredClaims: ['sub', 'sid', 'exp', 'iat'],
          },
        )
        const { sub, sid } = payload
        return typeof sub === 'string' && typeof sid === 'string' ? { accountId: sub, sessionId: sid } : null
      } catch {
        return null
      }
    },
    publicKeys: async () => {
      await current()
      return (await keys()).map(({ id, publicJwk }) => ({
        ...publicJwk,
        kid: id,
        alg: algorithm,
        use: 'sig',
      }))
    },
    rotate: async (tx) => {
      const id = await insertKey(tx, keyring, now(), true)
      tx.afterCommit(() => {
        known = undefined
      })
      return id
    },
    forget: () => {
      known = undefined
    },
    tend: async (tx) => {
      await tx('signing_keys').where('expires_at', '<', isoTime(now())).delete()
      const oldest = isoTime(new Date(now().getTime() - signsForMs))
      const stale = await tx('signing_keys').whereNull('retired_at').where('created_at', '<', oldest).first()
      if (stale) await insertKey(tx, keyring, now(), true)
      known = undefined
    },
  }
}

async function insertKey(db: Db, keyring: Keyring, now: Date, replaces: boolean): Promise<string> {
  const { calculateJwkThumbprint, exportJWK, generateKeyPair } = await jose()
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { crv: 'Ed25519', extractable: true })
  const publicJwk = await exportJWK(publicKey)
  const id = await calculateJwkThumbprint(publicJwk)
  const sealed = keyring.seal(JSON.stringify(await exportJWK(privateKey)), `signing_keys.private_key/${id}`)
  await db.tx(async (tx) => {
    // Tokens of the old key may be a quarter of an hour old, clocks a few minutes apart.
    const goneAt = isoTime(new Date(now.getTime() + 2 * accessMs))
    if (replaces)
      await tx('signing_keys')
        .whereNull('retired_at')
        .update({ retiredAt: isoTime(now), expiresAt: goneAt })
    await tx('signing_keys').insert({
      id,
      publicJson: JSON.stringify(publicJwk),
      privateKey: sealed,
      createdAt: isoTime(now),
    })
    await tx.wake()
  })
  return id
}

/** Newest first; of several processes that each made a first key, all use the oldest unretired one. */
async function readKeys(db: Db, keyring: Keyring, now: Date): Promise<SigningKey[]> {
  const rows: KeyRow[] = await db<KeyRow>('signing_keys').orderBy('created_at').orderBy('id')
  const { importJWK } = await jose()
  const good = rows.filter(({ expiresAt }) => expiresAt === null || expiresAt > isoTime(now))
  return Promise.all(
    good.map(async ({ id, publicJson, privateKey, createdAt, retiredAt }) => {
      const jwk = JSON.parse(keyring.open(privateKey, `signing_keys.private_key/${id}`)) as JWK
      return {
        id,
        createdAt,
        isRetired: retiredAt !== null,
        publicJwk: publicJson,
        publicKey: (await importJWK(publicJson, algorithm)) as CryptoKey,
        privateKey: (await importJWK(jwk, algorithm)) as CryptoKey,
      }
    }),
  )
}
