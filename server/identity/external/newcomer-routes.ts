import { identity, invalidInput } from '#contract'
import { type Call, isoTime, problem } from '../../sdk/index.ts'
import { noPassword } from '../accounts.ts'
import { beginSession } from '../begin-session.ts'
import type { IdentityParts } from '../parts.ts'
import { openAccount, refuseClosed, refuseName } from '../register.ts'
import { isBrowser, unmarkBrowser } from './browser-mark.ts'
import { insertIdentity } from './identities.ts'
import { type Newcomer, openSealed } from './sealed-tickets.ts'

/** Opening an account for somebody who came by a provider. */
export function newcomerRoutes(parts: IdentityParts): void {
  const { db, router, audit } = parts
  router.handle(identity.externalNewcomer, async ({ body }, call) => {
    const { provider, email, username, name } = await newcomerOf(parts, body.ticket, call)
    return { provider, email, username, displayName: name }
  })

  router.handle(identity.registerExternal, async ({ body }, call) => {
    const newcomer = await newcomerOf(parts, body.ticket, call)
    const { provider, issuer, subject, invitation } = newcomer
    refuseClosed(parts, invitation)
    refuseName(body.username)
    const email = newcomer.email ?? body.email
    if (!email) throw missingEmail()
    const now = parts.now()
    const account = await openAccount(parts, {
      account: {
        email,
        username: body.username,
        displayName: body.displayName ?? (newcomer.name || undefined),
        passwordHash: noPassword,
        emailVerifiedAt: newcomer.email ? isoTime(now) : null,
      },
      invitation,
      acceptsTerms: body.acceptsTerms ?? false,
      address: call.address,
      language: call.language,
      also: async (tx, made) => {
        // Spent only with the account: a name that is taken may be chosen anew.
        await openSealed(parts, tx, 'external-newcomer', { token: body.ticket, how: 'spend' })
        const accountId = made.id
        await insertIdentity(tx, {
          accountId,
          provider,
          issuer,
          subject,
          email: newcomer.email,
          usedAt: now,
          now,
        })
        const detail = { provider, issuer }
        await audit.record(tx, { action: 'identity.linked', actor: made, subject: accountId, detail })
      },
    })
    unmarkBrowser(parts, call)
    return beginSession(parts, account, call, ['external'])
  })

  async function newcomerOf({ keyring, now, cookieName }: IdentityParts, token: string, call: Call) {
    const found = await openSealed({ keyring, now }, db, 'external-newcomer', { token, how: 'look' })
    // A link to this page that somebody else made would open an account that is theirs, too.
    if (!isBrowser({ cookieName }, call, found.browser)) throw problem(identity.badTicket)
    return found satisfies Newcomer
  }
}

const missingEmail = () =>
  problem(invalidInput, undefined, {
    errors: [{ pointer: '/email', message: 'Write your e-mail address.' }],
  })
