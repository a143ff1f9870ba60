import { identity } from '#contract'
import type { Db } from '../db/index.ts'
import type { EventSystem } from '../events/index.ts'
import type { Accounts, Mailbox, Storage } from '../sdk/index.ts'
import { statusAt } from './account-list.ts'
import {
  type AccountRow,
  accountRows,
  accountsByIds,
  findByUsername,
  rolesByIds,
  rolesOf,
  updateAccount,
} from './accounts.ts'
import type { DataContributions } from './data-contributions.ts'
import { mailPreferencesOf } from './mail-preferences.ts'
import { greeted } from './mails.ts'
import { presentPerson } from './present.ts'
import type { Permissions } from './roles.ts'

interface Parts {
  db: Db
  permissions: Permissions
  storage: Storage
  contributions: DataContributions
  events: EventSystem
  now: () => Date
}

/** What a plugin may ask about accounts. */
export function createAccounts(owner: string, parts: Parts): Accounts {
  const { db, storage, now } = parts
  return {
    byIds: async (ids) => {
      const rows = await accountsByIds(db, ids)
      return new Map([...rows].map(([id, row]) => [id, presentPerson(storage, row)]))
    },
    byUsername: async (username) => {
      const row = await findByUsername(db, username)
      return row && statusAt(row, now()) === 'active' ? presentPerson(storage, row) : null
    },
    can: async (id, permission) => parts.permissions.of(await rolesOf(db, id)).has(permission),
    mailboxes: async (ids, kind) => {
      const rows = await accountRows(db, ids)
      const wanted = rows.filter(
        (row) =>
          statusAt(row, now()) === 'active' &&
          row.emailVerifiedAt !== null &&
          mailPreferencesOf(row.preferencesJson)[kind],
      )
      return new Map(wanted.map((row) => [row.id, mailboxOf(row)]))
    },
    rolesByIds: async (ids) => {
      const all = await rolesByIds(db, ids)
      return new Map(
        [...all].map(([id, roles]) => [id, roles.filter((role) => !/^(?:member|guest)$/.test(role))]),
      )
    },
    setAvatar: async (tx, accountId, avatarKey) => {
      await updateAccount(tx, accountId, { avatarKey })
      await parts.events.eventsFor('server').emit(tx, identity.accountRenamed, { accountId })
    },
    onExport: (contribute) => parts.contributions.add(owner, contribute),
  }
}

const mailboxOf = (row: AccountRow): Mailbox => ({
  email: row.email,
  name: greeted(row),
  language: row.language === 'fr' ? 'fr' : 'en',
  timeZone: row.timeZone,
})
