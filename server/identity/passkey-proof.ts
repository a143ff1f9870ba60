import { identity, z } from '#contract'
import { problem } from '../sdk/index.ts'
import { type AccountRow, findAccount } from './accounts.ts'
import { sendFactorMail } from './factor-mails.ts'
import type { IdentityParts } from './parts.ts'
import { type Challenge, challengeMs, userHandleOf } from './passkey-creation.ts'
import { countUse, findPasskey, listPasskeys, type PasskeyRow } from './passkeys.ts'
import { relyingPartyOf } from './relying-party.ts'
import { mostTries } from './second-factor.ts'
import { findTicket, insertTicket, type Ticket, takeTicket } from './tickets.ts'

/** What was asked for; `firstFactor` is the hash of the ticket whose second step this is. */
interface Asked extends Challenge {
  firstFactor: string | null
}

const Proof = z.object({
  id: z.string().max(1400),
  rawId: z.string().max(1400),
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: z.string(),
    authenticatorData: z.string(),
    signature: z.string(),
    userHandle: z.string().max(100).nullish(),
  }),
})
type Proof = z.infer<typeof Proof>

/** A library of 26 MB, for the moments when somebody touches a key. */
const webauthn = () => import('@simplewebauthn/server')

/** Asks for a passkey of anybody, or of the account behind the ticket of a second factor. */
export async function askProof(
  parts: IdentityParts,
  secondFactor: string | undefined,
): Promise<{ ticket: string; options: Record<string, unknown> }> {
  const { db } = parts
  const now = parts.now()
  const first = secondFactor ? await findTicket(db, 'second-factor', secondFactor, now) : null
  if (secondFactor && (!first || first.tries >= mostTries)) throw problem(identity.badTicket)
  const own = first?.accountId ? await listPasskeys(db, first.accountId) : null
  const options = await (await webauthn()).generateAuthenticationOptions({
    rpID: relyingPartyOf(parts.site.url).rpId,
    timeout: challengeMs,
    userVerification: 'required',
    ...(own
      ? { allowCredentials: own.map((key) => ({ id: key.credentialId, transports: key.transportsJson })) }
      : {}),
  })
  const payload: Asked = { challenge: options.challenge, firstFactor: first?.hash ?? null }
  const ticket = await insertTicket(db, {
    purpose: 'passkey-request',
    accountId: first?.accountId ?? null,
    payload,
    ttlMs: challengeMs,
    now,
  })
  return { ticket, options: { ...options } }
}

/** Checks an answer; its challenge is spent, right or not. Throws identity.bad-ticket or .bad-passkey. */
export async function provePasskey(
  parts: IdentityParts,
  given: { ticket: string; response: unknown },
): Promise<{ passkey: PasskeyRow; account: AccountRow; firstFactor: string | null }> {
  const { db } = parts
  const asked = await takeTicket<Asked>(db, 'passkey-request', given.ticket, parts.now())
  if (!asked) throw problem(identity.badTicket)
  const proof = Proof.safeParse(given.response).data
  const passkey = proof ? await findPasskey(db, proof.id) : null
  const account = passkey && (await findAccount(db, passkey.accountId))
  if (!proof || !passkey || !account) throw problem(identity.badPasskey)
  const signCount = isMeant(asked, proof, passkey) ? await verify(parts, asked, proof, passkey) : null
  if (signCount === null) {
    await parts.audit.record(db, { action: 'passkey.refused', actor: null, subject: account.id })
    throw problem(identity.badPasskey)
  }
  if (!(await countUse(db, passkey.id, signCount, parts.now()))) await refuseClone(parts, account, passkey)
  return { passkey, account, firstFactor: asked.payload.firstFactor }
}

/** The passkey must be of the account that was asked for; with none asked for, it says itself whose it is. */
function isMeant(asked: Ticket<Asked>, { response }: Proof, { accountId }: PasskeyRow): boolean {
  const { userHandle } = response
  if (asked.accountId !== null && asked.accountId !== accountId) return false
  if (!userHandle) return asked.accountId !== null
  return userHandle === userHandleOf(accountId).toString('base64url')
}

/** The authenticator's counter where the signature is right. */
async function verify(
  parts: IdentityParts,
  asked: Ticket<Asked>,
  { id, rawId, type, response }: Proof,
  passkey: PasskeyRow,
): Promise<number | null> {
  const { rpId, origin } = relyingPartyOf(parts.site.url)
  const { clientDataJSON, authenticatorData, signature } = response
  const checked = await (await webauthn())
    .verifyAuthenticationResponse({
      response: {
        id,
        rawId,
        type,
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: asked.payload.challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      // The counter is compared after the signature, where it is stored, so that two at once cannot both pass.
      credential: { id, publicKey: Buffer.from(passkey.publicKey, 'base64url'), counter: 0 },
    })
    .catch(() => null)
  return checked?.verified ? checked.authenticationInfo.newCounter : null
}

async function refuseClone(parts: IdentityParts, account: AccountRow, passkey: PasskeyRow): Promise<never> {
  await parts.db.tx(async (tx) => {
    const detail = { passkeyId: passkey.id, name: passkey.name }
    await parts.audit.record(tx, { action: 'passkey.cloned', actor: null, subject: account.id, detail })
    await sendFactorMail(tx, parts, account, 'passkey-cloned')
  })
  throw problem(identity.badPasskey)
}
