import { Secret, TOTP } from 'otpauth'
import type { Db } from '../db/index.ts'
import { isoTime } from '../sdk/index.ts'
import type { IdentityParts } from './parts.ts'

// What every authenticator app takes (RFC 6238 with its own defaults).
const shape = { algorithm: 'SHA1', digits: 6, period: 30 }
/** 160 bits, as RFC 4226 asks for. */
const secretBytes = 20
/** Clocks may differ by one step either way. */
const window = 1

type Parts = Pick<IdentityParts, 'keyring' | 'now'>
interface TotpRow {
  accountId: string
  secret: string
  confirmedAt: string | null
  lastStep: number
}

const placeOf = (accountId: string) => `totp_secrets.secret/${accountId}`

/** A new secret that waits for its first code, in place of one that waited; null where an app is set up already. */
export async function beginTotp(
  db: Db,
  { keyring, now }: Parts,
  of: { accountId: string; username: string; title: string },
): Promise<{ secret: string; uri: string } | null> {
  const secret = new Secret({ size: secretBytes })
  const rows = await db.raw<unknown[]>(
    `insert into totp_secrets (account_id, secret, last_step, created_at) values (?, ?, 0, ?)
     on conflict (account_id) do update set secret = excluded.secret, created_at = excluded.created_at
     where totp_secrets.confirmed_at is null
     returning account_id`,
    [of.accountId, keyring.seal(secret.base32, placeOf(of.accountId)), isoTime(now())],
  )
  if (rows.length === 0) return null
  const uri = new TOTP({ ...shape, secret, issuer: of.title, label: of.username }).toString()
  return { secret: secret.base32, uri }
}

/** Takes the first code of the secret that waits; that code is spent with it. */
export async function confirmTotp(db: Db, parts: Parts, accountId: string, code: string): Promise<boolean> {
  const row = await findRow(db, accountId)
  const step = row && stepOf(parts, row, code)
  if (!row || step === null || row.confirmedAt !== null) return false
  const changed: number = await db('totp_secrets')
    .where({ accountId, secret: row.secret })
    .whereNull('confirmed_at')
    .update({ confirmedAt: isoTime(parts.now()), lastStep: step })
  return changed > 0
}

/** Takes a code of the app: each works once, also in parallel, and none that is older than the last. */
export async function spendTotp(db: Db, parts: Parts, accountId: string, code: string): Promise<boolean> {
  const row = await findRow(db, accountId)
  const step = row && stepOf(parts, row, code)
  if (!row || step === null || row.confirmedAt === null) return false
  const changed: number = await db('totp_secrets')
    .where({ accountId })
    .whereNotNull('confirmed_at')
    .where('last_step', '<', step)
    .update({ lastStep: step })
  return changed > 0
}

/** `waiting`: begun, but no code was given yet. */
export async function totpState(db: Db, accountId: string): Promise<'off' | 'waiting' | 'on'> {
  const row = await findRow(db, accountId)
  if (!row) return 'off'
  return row.confirmedAt === null ? 'waiting' : 'on'
}

export async function removeTotp(db: Db, accountId: string): Promise<void> {
  await db('totp_secrets').where({ accountId }).delete()
}

async function findRow(db: Db, accountId: string): Promise<TotpRow | null> {
  return (await db<TotpRow>('totp_secrets').where({ accountId }).first()) ?? null
}

/** The time step a code belongs to, or null where it is none of those near now. */
function stepOf({ keyring, now }: Parts, { accountId, secret }: TotpRow, code: string): number | null {
  const timestamp = now().getTime()
  const delta = TOTP.validate({
    ...shape,
    secret: Secret.fromBase32(keyring.open(secret, placeOf(accountId))),
    token: code.replace(/\s/g, ''),
    timestamp,
    window,
  })
  return delta === null ? null : Math.floor(timestamp / 1000 / shape.period) + delta
}
