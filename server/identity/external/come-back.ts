import { identity, internal } from '#contract'
import { type Call, ProblemError, problem } from '../../sdk/index.ts'
import { findAccount, findByLogin } from '../accounts.ts'
import { beginSession } from '../begin-session.ts'
import { askSecondFactor } from '../login.ts'
import type { IdentityParts } from '../parts.ts'
import { refuseClosed } from '../register.ts'
import { isBrowser, unmarkBrowser } from './browser-mark.ts'
import type { Doors } from './doors.ts'
import { findIdentity, type IdentityRow, touchIdentity } from './identities.ts'
import { linkIdentity } from './link.ts'
import type { ExternalPerson } from './person.ts'
import { callbackUrl, getOpenProvider } from './providers.ts'
import { keepSealed, type Leaving, openSealed } from './sealed-tickets.ts'

interface Return {
  provider: string
  query: { code?: string | undefined; state?: string | undefined; iss?: string | undefined; error?: unknown }
}

/** Where the browser goes next; a failure goes to the sign-in page with its name and nothing of the provider's words. */
export async function placeToGo(
  parts: IdentityParts,
  doors: Doors,
  back: Return,
  call: Call,
): Promise<string> {
  try {
    return await comeBack(parts, doors, back, call)
  } catch (error) {
    if (!(error instanceof ProblemError)) parts.log.error({ err: error }, 'external sign-in broke')
    const { name } = error instanceof ProblemError ? error.problem : internal
    return `/login?${new URLSearchParams({ problem: name })}`
  }
}

async function comeBack(parts: IdentityParts, doors: Doors, back: Return, call: Call): Promise<string> {
  const { state = '' } = back.query
  const left = await openSealed(parts, parts.db, 'external-state', { token: state, how: 'spend' })
  if (left.provider !== back.provider || !isBrowser(parts, call, left.browser))
    throw problem(identity.badTicket)
  const person = await askProvider(parts, doors, back, left)
  if (left.intent === 'link') return linkHere(parts, person, left, call)
  const known = await findIdentity(parts.db, person)
  return known ? signIn(parts, known, person, left, call) : welcome(parts, person, left)
}

/** Who came back; whatever was wrong with the answer is logged without its words. */
async function askProvider(
  parts: IdentityParts,
  doors: Doors,
  { query: { code, state = '', iss, error } }: Return,
  left: Leaving,
): Promise<ExternalPerson> {
  const { provider, nonce, verifier } = left
  if (error !== undefined || !code) throw problem(identity.providerFailed)
  const row = await getOpenProvider(parts.db, provider).catch(() => {
    throw problem(identity.providerFailed)
  })
  const query = new URLSearchParams({ code, state, ...(iss === undefined ? {} : { iss }) })
  const attempt = { state, nonce, verifier, redirectUri: callbackUrl(parts, provider) }
  try {
    return await doors(row).personOf(row, attempt, query)
  } catch (cause) {
    const {
      name,
      code: why,
      cause: deeper,
    } = cause as Error & { code?: unknown; cause?: { reason?: unknown } }
    parts.log.warn({ provider, name, why, reason: deeper?.reason }, 'a provider’s answer was refused')
    throw problem(identity.providerFailed)
  }
}

async function linkHere(
  parts: IdentityParts,
  person: ExternalPerson,
  left: Leaving & { accountId: string | null },
  call: Call,
): Promise<string> {
  const { account, sessionId } = call
  // Somebody else may sit there by now.
  if (!account || account.id !== left.accountId || sessionId !== left.sessionId)
    throw problem(identity.badTicket)
  await linkIdentity(parts, account, left.provider, person)
  unmarkBrowser(parts, call)
  return left.next
}

async function signIn(
  parts: IdentityParts,
  known: IdentityRow,
  { email }: ExternalPerson,
  { provider, next }: Leaving,
  call: Call,
): Promise<string> {
  const account = await findAccount(parts.db, known.accountId)
  if (!account) throw problem(identity.providerFailed)
  await touchIdentity(parts.db, known.id, { provider, email, now: parts.now() })
  const asked = await askSecondFactor(parts, account, 'external')
  unmarkBrowser(parts, call)
  if (asked) return page('/login', next, { ticket: asked.ticket, methods: asked.methods.join() })
  await beginSession(parts, account, call, ['external'])
  return next
}

/** An address that somebody has here already is never linked by itself: whoever runs the provider could say any. */
async function welcome(parts: IdentityParts, person: ExternalPerson, left: Leaving): Promise<string> {
  const { isEmailVerified, email, ...rest } = person
  if (email && (await findByLogin(parts.db, email))) throw problem(identity.addressInUse)
  refuseClosed(parts, left.invitation)
  const { provider, browser, invitation } = left
  const ticket = await keepSealed(parts, parts.db, 'external-newcomer', {
    ...rest,
    email: isEmailVerified ? email : null,
    provider,
    browser,
    invitation,
    accountId: null,
  })
  return page('/register', left.next, { external: ticket })
}

/** Secrets go behind the hash: they reach no log and no other site. */
function page(path: string, next: string, secrets: Record<string, string>): string {
  const query = next === '/' ? '' : `?${new URLSearchParams({ next })}`
  const hash = Object.entries(secrets).map(([name, value]) => `${name}=${value}`)
  return `${path}${query}#${hash.join('&')}`
}
