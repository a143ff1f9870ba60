import { identity } from '#contract'
import type { Db } from '../../db/index.ts'
import { problem } from '../../sdk/index.ts'
import type { IdentityParts } from '../parts.ts'
import { findTicket, insertTicket, takeTicket } from '../tickets.ts'
import type { Attempt, ExternalPerson } from './person.ts'

/** What is remembered while somebody is at the provider. */
export interface Leaving extends Omit<Attempt, 'state' | 'redirectUri'> {
  provider: string
  intent: 'sign-in' | 'link'
  /** Of `link`: the session that asked for it. */
  sessionId: string | null
  browser: string
  next: string
  invitation: string | undefined
}

/** Somebody who came by a provider and has no account yet. */
export interface Newcomer extends Omit<ExternalPerson, 'isEmailVerified'> {
  provider: string
  browser: string
  invitation: string | undefined
}

interface Payloads {
  'external-state': Leaving
  'external-newcomer': Newcomer
}
type Parts = Pick<IdentityParts, 'keyring' | 'now'>
const ttlMs = { 'external-state': 10 * 60_000, 'external-newcomer': 30 * 60_000 }
const placeOf = (purpose: keyof Payloads) => `tickets.payload_json/${purpose}`

/** Sealed: verifiers and invitations are worth something to who reads the database. */
export async function keepSealed<Purpose extends keyof Payloads>(
  { keyring, now }: Parts,
  db: Db,
  purpose: Purpose,
  { accountId, ...payload }: Payloads[Purpose] & { accountId: string | null },
): Promise<string> {
  const sealed = keyring.seal(JSON.stringify(payload), placeOf(purpose))
  return insertTicket(db, { purpose, accountId, payload: { sealed }, ttlMs: ttlMs[purpose], now: now() })
}

/** Spends the ticket, or only looks at it; throws identity.bad-ticket. */
export async function openSealed<Purpose extends keyof Payloads>(
  { keyring, now }: Parts,
  db: Db,
  purpose: Purpose,
  { token, how }: { token: string; how: 'spend' | 'look' },
): Promise<Payloads[Purpose] & { accountId: string | null }> {
  const read = how === 'spend' ? takeTicket<{ sealed: string }> : findTicket<{ sealed: string }>
  const ticket = await read(db, purpose, token, now())
  if (!ticket) throw problem(identity.badTicket)
  const payload = JSON.parse(keyring.open(ticket.payload.sealed, placeOf(purpose))) as Payloads[Purpose]
  return { ...payload, accountId: ticket.accountId }
}
