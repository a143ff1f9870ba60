import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Db } from '../db/index.ts'
import type { PluginContext } from '../sdk/index.ts'
import type { Keyring } from '../secrets/keyring.ts'
import { secretOr } from '../secrets/site-secret.ts'

const secretName = 'signing-key'

/** The site's own HMAC key, made at first use and shared by its processes through the database. */
export async function openSigner(db: Db, keyring: Keyring): Promise<PluginContext['signer']> {
  const secret = await secretOr(db, keyring, secretName, () => randomBytes(32).toString('base64url'))
  const key = Buffer.from(secret, 'base64url')
  // HMAC-SHA-256 cut to 128 bits (RFC 2104, section 5): short enough for an address.
  const sign = (purpose: string, value: string) =>
    createHmac('sha256', key).update(`${purpose}\0${value}`).digest().subarray(0, 16).toString('base64url')
  return {
    sign,
    verify: (purpose, value, signature) => {
      const [a, b] = [Buffer.from(sign(purpose, value)), Buffer.from(signature)]
      return a.length === b.length && timingSafeEqual(a, b)
    },
  }
}
