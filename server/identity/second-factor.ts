import { identity } from '#contract'
import { problem } from '../sdk/index.ts'
import { findAccount } from './accounts.ts'
import { beginSession } from './begin-session.ts'
import { proveCode } from './codes.ts'
import type { IdentityParts } from './parts.ts'
import type { Method } from './sessions.ts'
import { findTicket, takeTicket, tryTicket } from './tickets.ts'

/** Codes that may be tried before the first factor is asked for again. */
export const mostTries = 5

/** What a ticket of a second factor says of the first. */
export interface FirstFactor {
  methods: Method[]
}

/** The second step of signing in, by code; passkeys have their own. */
export function secondFactorRoutes(parts: IdentityParts): void {
  const { db } = parts
  parts.router.handle(identity.secondFactor, async ({ body: { ticket, code } }, call) => {
    const now = parts.now()
    const first = await findTicket<FirstFactor>(db, 'second-factor', ticket, now)
    const account = first?.accountId ? await findAccount(db, first.accountId) : null
    if (!first || first.tries >= mostTries || !account) throw problem(identity.badTicket)
    const method = await proveCode(parts, account, {
      code,
      count: async () => {
        const tried = await tryTicket(db, 'second-factor', ticket, { most: mostTries, now })
        if (!tried) throw problem(identity.badTicket)
      },
      // One transaction: of parallel answers one spends the ticket, and the codes of the others stay good.
      also: async (tx) => {
        if (!(await takeTicket(tx, 'second-factor', ticket, now))) throw problem(identity.badTicket)
      },
    })
    return beginSession(parts, account, call, [...first.payload.methods, method])
  })
}
