import { type admin, Id, identity, z } from '#contract'
import {
  createInvitation,
  presentInvitation,
  revokeInvitation,
} from '../../server/identity/invitation-routes.ts'
import { listInvitations } from '../../server/identity/invitations.ts'
import type { IdentityParts } from '../../server/identity/parts.ts'
import type { CommandRun } from '../command.ts'
import { readFlag } from '../flags.ts'
import { withIdentity } from '../identity.ts'
import { print, table } from '../output.ts'

/** `veza invite create --role R` */
export const create: CommandRun = async (options) => {
  const { role = 'member', note = '', maxUses = 1, days = 14, email, language = 'en' } = options
  const wish = {
    role: String(role),
    note: readFlag(z.string().trim().max(200), note, '--note'),
    maxUses: readFlag(z.coerce.number().int().min(1).max(10_000), maxUses, '--max-uses'),
    expiresInDays: options.forever
      ? null
      : readFlag(z.coerce.number().int().min(1).max(3650), days, '--days'),
    email: email === undefined ? undefined : readFlag(identity.Email, email, '--email'),
    language: readFlag(identity.Language, language, '--language'),
  }
  const made = await withIdentity(options, (parts) => createInvitation(parts, null, wish))
  const uses = made.maxUses === 1 ? 'one person' : `${made.maxUses} people`
  print(
    options,
    made,
    [
      `Invites ${uses} as ${made.role}, ${made.expiresAt ? `until ${made.expiresAt}` : 'without an end'}:`,
      made.url,
      wish.email ? `It was mailed to ${wish.email}.` : 'It is shown only now.',
    ].join('\n'),
  )
}

/** `veza invite list` */
export const list: CommandRun = async (options) => {
  const items = await withIdentity(options, allInvitations)
  const rows = items.map(({ id, role, uses, maxUses, expiresAt, state, note }) => [
    id,
    role,
    `${uses} of ${maxUses}`,
    expiresAt ?? 'no end',
    state,
    note,
  ])
  print(
    options,
    { items },
    rows.length === 0
      ? 'There are no invitations.'
      : table(['ID', 'ROLE', 'USED', 'UNTIL', 'STATE', 'NOTE'], rows),
  )
}

async function allInvitations({ db, now }: IdentityParts): Promise<admin.Invitation[]> {
  const all: admin.Invitation[] = []
  for (let after: string | null | undefined; after !== null; ) {
    const page = await listInvitations(db, { limit: 1000, after })
    all.push(...page.items.map((row) => presentInvitation(row, now())))
    after = page.next
  }
  return all
}

/** `veza invite revoke ID` */
export const revoke: CommandRun = async (options, [wanted]) => {
  const id = readFlag(Id, wanted, 'id')
  await withIdentity(options, (parts) => revokeInvitation(parts, null, id))
  print(options, { id, removed: true }, 'The invitation is good no more.')
}
