import type { Call } from '../../sdk/index.ts'
import type { IdentityParts } from '../parts.ts'
import { hashToken, newToken } from '../tickets.ts'

/** Longer than leaving, coming back and filling in a form may take. */
const keptMs = 45 * 60_000

type Parts = Pick<IdentityParts, 'cookieName'>

/**
 * Binds a sign-in to the browser that began it: what comes back counts only with its cookie, so that nobody can be
 * signed in, or opened an account, by a link somebody else made (RFC 9700, section 4.7). On https its name begins
 * with `__Host-`, which no other host can set; that needs the path `/`.
 */
export function markBrowser(parts: Parts, call: Call): string {
  const given = call.cookie(nameOf(parts)) ?? ''
  // One mark for all tabs: two that go out at once both come back.
  const mark = /^[\w-]{32}$/.test(given) ? given : newToken()
  call.setCookie(nameOf(parts), mark, { maxAgeMs: keptMs })
  return hashToken(mark)
}

/** Whether the call comes from the browser of that mark. */
export const isBrowser = (parts: Parts, call: Call, hash: string): boolean =>
  hashToken(call.cookie(nameOf(parts)) ?? '') === hash

export const unmarkBrowser = (parts: Parts, call: Call): void => call.setCookie(nameOf(parts), null)

const nameOf = ({ cookieName }: Parts) => cookieName.replace('session', 'external')
