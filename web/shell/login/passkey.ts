import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'
import { identity } from '#contract'
import { call } from '../../sdk/call.ts'
import { problemOf } from '../../sdk/problem-error.ts'

/** Passkeys belong to a name: browsers have none for `192.0.2.7` or `[2001:db8::7]`. */
const hasName = !/^[\d.]+$|^\[/.test(location.hostname)
/** False in old browsers, on pages that came over plain http, and where the label has no name yet. */
export const hasPasskeys = hasName && typeof PublicKeyCredential === 'function'
const load = () => import('@simplewebauthn/browser')

/** True when the person closed the browser's question, or something else on the page took its place. */
export function isCancelled(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NotAllowedError' || error.name === 'AbortError')
}

interface Proof {
  ticket: string
  response: Record<string, unknown>
}

/** Asks for a passkey; with the ticket of a second step, for one of that account. */
export async function askPasskey(secondStep?: string): Promise<Proof> {
  const body = secondStep === undefined ? {} : { ticket: secondStep }
  const { ticket, options } = await call(identity.passkeyRequest, { body })
  return { ticket, response: { ...(await answerOf(options)) } }
}

/** Signs in by a passkey, alone or as the second step. */
export async function signInByPasskey(secondStep?: string): Promise<identity.Tokens> {
  return call(identity.passkeyLogin, { body: await askPasskey(secondStep) })
}

/**
 * Lets the browser offer passkeys where it fills in names; resolves when one was picked, to null where the browser
 * cannot. Rejects as `isCancelled` when `stopOffering` is called or a button asks for a passkey.
 */
export async function offerPasskeys(): Promise<identity.Tokens | null> {
  const canOffer = hasPasskeys && (await PublicKeyCredential.isConditionalMediationAvailable?.())
  if (!canOffer) return null
  const { ticket, options } = await call(identity.passkeyRequest, { body: {} })
  const response = { ...(await answerOf(options, true)) }
  return call(identity.passkeyLogin, { body: { ticket, response } })
}

export function stopOffering(): void {
  if (hasPasskeys) void load().then(({ WebAuthnAbortService }) => WebAuthnAbortService.cancelCeremony())
}

async function answerOf(
  options: Record<string, unknown>,
  useBrowserAutofill = false,
): Promise<AuthenticationResponseJSON> {
  const { startAuthentication } = await load()
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON
  return startAuthentication({ optionsJSON, useBrowserAutofill }).catch(asRefusal)
}

/** What a browser says about passkeys is for developers: people are told that it did not work. */
export function asRefusal(error: unknown): never {
  throw isCancelled(error) ? error : (problemOf([identity.badPasskey], identity.badPasskey.name) ?? error)
}
