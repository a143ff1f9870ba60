import { identity, z } from '#contract'
import { type Account, problem } from '../sdk/index.ts'
import type { IdentityParts } from './parts.ts'
import { listPasskeys, type PasskeyRow } from './passkeys.ts'
import { relyingPartyOf } from './relying-party.ts'
import { insertTicket, takeTicket } from './tickets.ts'

/** A library of 26 MB, for the moments when somebody touches a key. */
const webauthn = () => import('@simplewebauthn/server')

/** How long a challenge is good. */
export const challengeMs = 5 * 60_000
/** ES256, EdDSA, RS256 (RFC 9053, RFC 8812): what platforms and security keys have. */
const algorithms = [-7, -8, -257]

export interface Challenge {
  challenge: string
}

/** The account as its authenticators keep it: 16 bytes that name nobody. */
export const userHandleOf = (accountId: string): Buffer<ArrayBuffer> =>
  Buffer.from(accountId.replaceAll('-', ''), 'hex')

/** What is known of a new credential once its answer was checked. */
type NewPasskey = Pick<PasskeyRow, 'credentialId' | 'publicKey' | 'signCount'> & {
  transports: string[]
}

const Creation = z.object({
  id: z.string().max(1400),
  rawId: z.string().max(1400),
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: z.string(),
    attestationObject: z.string(),
    transports: z.array(z.string().max(20)).max(10).default([]),
  }),
})

/** Asks for a passkey that is found without a name and always checks its holder. */
export async function askPasskey(
  parts: IdentityParts,
  me: Account,
): Promise<{ ticket: string; options: Record<string, unknown> }> {
  const { db, site } = parts
  const known = await listPasskeys(db, me.id)
  const options = await (await webauthn()).generateRegistrationOptions({
    rpName: site.title(),
    rpID: relyingPartyOf(site.url).rpId,
    userName: me.username,
    userDisplayName: me.displayName,
    userID: userHandleOf(me.id),
    timeout: challengeMs,
    attestationType: 'none',
    excludeCredentials: known.map(({ credentialId, transportsJson }) => ({
      id: credentialId,
      transports: transportsJson,
    })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: algorithms,
  })
  const payload: Challenge = { challenge: options.challenge }
  const ticket = await insertTicket(db, {
    purpose: 'passkey-creation',
    accountId: me.id,
    payload,
    ttlMs: challengeMs,
    now: parts.now(),
  })
  return { ticket, options: { ...options } }
}

/** Checks what the authenticator made. Throws identity.bad-ticket or .bad-passkey. */
export async function checkCreation(
  parts: IdentityParts,
  me: Account,
  given: { ticket: string; response: unknown },
): Promise<NewPasskey> {
  const { db, site } = parts
  const asked = await takeTicket<Challenge>(db, 'passkey-creation', given.ticket, parts.now())
  if (asked?.accountId !== me.id) throw problem(identity.badTicket)
  const response = Creation.safeParse(given.response).data
  if (!response) throw problem(identity.badPasskey)
  const { rpId, origin } = relyingPartyOf(site.url)
  const checked = await (await webauthn())
    .verifyRegistrationResponse({
      response: { ...response, clientExtensionResults: {} },
      expectedChallenge: asked.payload.challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    })
    .catch(() => null)
  if (!checked?.verified) throw problem(identity.badPasskey)
  const { id, publicKey, counter } = checked.registrationInfo.credential
  return {
    credentialId: id,
    publicKey: Buffer.from(publicKey).toString('base64url'),
    signCount: counter,
    transports: response.response.transports,
  }
}
