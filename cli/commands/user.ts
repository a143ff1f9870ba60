import { randomBytes } from 'node:crypto'
import { identity } from '#contract'
import { audit } from '../../server/audit/index.ts'
import { VezaError } from '../../server/errors.ts'
import { insertAccount, listAccounts } from '../../server/identity/accounts.ts'
import { hashPassword } from '../../server/identity/passwords.ts'
import {
  changeRoles,
  checkRole,
  getByLogin,
  replacePassword,
  usernameOf,
} from '../../server/identity/staff.ts'
import { withSite } from '../appliance.ts'
import type { CommandRun } from '../command.ts'
import { passwordFrom, readFlag } from '../flags.ts'
import { print, table } from '../output.ts'

type Texts = Record<string, string | undefined>

/** `veza user add --email E` */
export const add: CommandRun = async (options) => {
  const flags = options as Texts
  if (flags.email === undefined)
    throw new VezaError('The account needs an e-mail address.', 'Give it with --email.', { isUsage: true })
  const email = readFlag(identity.Email, flags.email, '--email')
  const username = readFlag(identity.Username, flags.username ?? usernameOf(email), '--username')
  const role = flags.role ?? 'member'
  checkRole(role)
  const { password, isMade } = await passwordFor(flags.passwordFile)
  const passwordHash = await hashPassword(password)
  const account = await withSite(options, ({ database: { db } }) =>
    db.tx(async (tx) => {
      const made = await insertAccount(tx, { email, username, passwordHash, roles: [role] })
      await audit.record(tx, { action: 'account.added', actor: null, subject: made.id, detail: { role } })
      return made
    }),
  )
  print(
    options,
    { id: account.id, email, username, roles: [role], ...(isMade ? { password } : {}) },
    [`Opened the account ${username} (${email}) with the role ${role}.`, ...shown(password, isMade)].join(
      '\n',
    ),
  )
}

/** `veza user list` */
export const list: CommandRun = async (options) => {
  const accounts = await withSite(options, ({ database }) => listAccounts(database.db))
  const items = accounts.map(({ id, email, username, displayName, status, roles, createdAt }) => ({
    id,
    email,
    username,
    displayName,
    status,
    roles,
    createdAt,
  }))
  print(
    options,
    { items },
    items.length === 0
      ? 'There are no accounts yet.'
      : table(
          ['USERNAME', 'E-MAIL', 'ROLES', 'STATUS'],
          items.map(({ username, email, roles, status }) => [username, email, roles.join(', '), status]),
        ),
  )
}

/** `veza user role LOGIN --add R --remove R` */
export const role: CommandRun = async (options, [login = '']) => {
  const change = options as { add?: string; remove?: string }
  if (change.add === undefined && change.remove === undefined)
    throw new VezaError('Nothing to change.', 'Say --add ROLE or --remove ROLE.', { isUsage: true })
  for (const name of [change.add, change.remove]) if (name !== undefined) checkRole(name)
  const { username, roles } = await withSite(options, ({ database: { db } }) =>
    db.tx(async (tx) => {
      const account = await getByLogin(tx, login)
      const after = await changeRoles(tx, account, change)
      await audit.record(tx, {
        action: 'account.roles-changed',
        actor: null,
        subject: account.id,
        detail: { roles: after },
      })
      return { username: account.username, roles: after }
    }),
  )
  print(options, { username, roles }, `${username} now has: ${roles.join(', ') || 'no role'}.`)
}

/** `veza user reset-password LOGIN` */
export const resetPassword: CommandRun = async (options, [login = '']) => {
  const { password, isMade } = await passwordFor((options as Texts).passwordFile)
  const passwordHash = await hashPassword(password)
  const account = await withSite(options, ({ database: { db } }) =>
    db.tx(async (tx) => {
      const found = await getByLogin(tx, login)
      await replacePassword(tx, found, passwordHash)
      await audit.record(tx, { action: 'account.password-reset', actor: null, subject: found.id })
      return found
    }),
  )
  const { username, email } = account
  print(
    options,
    { username, email, ...(isMade ? { password } : {}) },
    [`${username} has a new password and is signed out everywhere.`, ...shown(password, isMade)].join('\n'),
  )
}

async function passwordFor(file: string | undefined): Promise<{ password: string; isMade: boolean }> {
  if (file !== undefined) return { password: await passwordFrom(file), isMade: false }
  return { password: randomBytes(15).toString('base64url'), isMade: true }
}

const shown = (password: string, isMade: boolean): string[] =>
  isMade ? [`Password: ${password}`, 'It is shown only now.'] : []
