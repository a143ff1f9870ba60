import { identity } from '#contract'
import { pageFrom } from '../sdk/index.ts'
import type { IdentityParts } from './parts.ts'

/** Nouns of the audit log that concern who can get into an account. */
const nouns = [
  'session',
  'password',
  'email',
  'totp',
  'passkey',
  'recovery-code',
  'app-password',
  'identity',
  'account',
]

interface Row {
  id: string
  at: string
  action: string
  actorId: string | null
  address: string | null
  detailJson: { device?: unknown }
}

/** What happened to the account, for its holder. */
export function securityEventRoutes(parts: IdentityParts): void {
  parts.router.handle(identity.listSecurityEvents, async ({ query: { after, limit } }, call) => {
    const { id } = call.me
    const found = parts
      .db('audit_entries')
      .where({ subject: id })
      .where((any) => {
        for (const noun of nouns) any.orWhere('action', 'like', `${noun}.%`)
      })
      .orderBy('id', 'desc')
      .limit(limit + 1)
    if (after) found.where('id', '<', after)
    const rows: Row[] = await found
    const { items, next } = pageFrom(rows, limit)
    return { items: items.map((row) => present(row, id)), next }
  })
}

/** Where somebody who runs the label sat when they changed the account is not its holder's to know. */
function present({ id, at, action, actorId, address, detailJson }: Row, holder: string) {
  const isOwn = actorId === null || actorId === holder
  const { device } = detailJson
  return {
    id,
    at,
    action,
    address: isOwn ? address : null,
    device: isOwn && typeof device === 'string' ? device : null,
  }
}
