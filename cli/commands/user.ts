import { randomBytes } from 'node:crypto'
import { admin, identity } from '#contract'
import { VezaError } from '../../server/errors.ts'
import { type AccountFilter, accountPage, type ListedAccount } from '../../server/identity/account-list.ts'
import { detailOf, viewOf } from '../../server/identity/account-views.ts'
import { rolesOf } from '../../server/identity/accounts.ts'
import type { IdentityParts } from '../../server/identity/parts.ts'
import { refuseWeakPassword, wordsAbout } from '../../server/identity/password-policy.ts'
import { hashPassword } from '../../server/identity/passwords.ts'
import {
  addAccount,
  mailPasswordLink,
  replacePassword,
  setAccountRoles,
  usernameOf,
} from '../../server/identity/staff.ts'
import type { CommandRun } from '../command.ts'
import { passwordFrom, readFlag } from '../flags.ts'
import { withAccount, withIdentity } from '../identity.ts'
import { print, table } from '../output.ts'

type Texts = Record<string, string | undefined>

/** `veza user add --email E` */
export const add: CommandRun = async (options) => {
  const flags = options as Texts
  if (flags.email === undefined)
    throw new VezaError('The account needs an e-mail address.', 'Give it with --email.', { isUsage: true })
  const email = readFlag(identity.Email, flags.email, '--email')
  const username = readFlag(identity.Username, flags.username ?? usernameOf(email), '--username')
  const roles = [flags.role ?? 'member']
  const { account, password } = await withIdentity(options, async (parts) => {
    const wish = { email, username, roles, language: null }
    if (options.mail) return { account: await addAccount(parts, null, wish), password: null }
    const given = await passwordFor(parts, flags.passwordFile, { email, username })
    const passwordHash = await hashPassword(given.password)
    return {
      account: await addAccount(parts, null, { ...wish, passwordHash }),
      password: given.isMade ? given.password : null,
    }
  })
  print(
    options,
    { id: account.id, email, username, roles, ...(password ? { password } : {}) },
    [
      `Opened the account ${username} (${email}) with the role ${roles.join(', ')}.`,
      ...(options.mail ? ['A link to choose a password was mailed.'] : shown(password)),
    ].join('\n'),
  )
}

/** `veza user list` */
export const list: CommandRun = async (options) => {
  const { search: q, role, status } = options as Texts
  const wanted = status === undefined ? undefined : readFlag(admin.AccountStatus, status, '--status')
  const items = await withIdentity(options, async (parts) => {
    const rows = await allAccounts(parts, { q, role, status: wanted })
    return rows.map((row) => viewOf(parts, row))
  })
  print(
    options,
    { items },
    items.length === 0
      ? q || role || status
        ? 'There are no such accounts.'
        : 'There are no accounts yet. `veza user add --role owner` makes one, or the set-up link that `veza start` prints.'
      : table(
          ['USERNAME', 'E-MAIL', 'ROLES', 'STATUS', 'LAST SEEN'],
          items.map(({ username, email, roles, status: state, seenAt }) => [
            username,
            email,
            roles.join(', '),
            state,
            seenAt ?? '',
          ]),
        ),
  )
}

/** Oldest first. */
async function allAccounts(parts: IdentityParts, filter: AccountFilter): Promise<ListedAccount[]> {
  const all: ListedAccount[] = []
  for (let after: string | null | undefined; after !== null; ) {
    const page = await accountPage(parts.db, { ...filter, limit: 1000, after }, parts.now())
    all.push(...page.items)
    after = page.next
  }
  return all.reverse()
}

/** `veza user show LOGIN` */
export const show: CommandRun = async (options, [login = '']) => {
  const account = await withAccount(options, login, (parts, row) => detailOf(parts, null, row))
  print(options, account, linesOf(account).join('\n'))
}

function linesOf(account: admin.AccountDetail): string[] {
  const { factors, suspension, sessions } = account
  const ways = [
    ...(factors.hasPassword ? ['password'] : []),
    ...(factors.hasTotp ? ['authenticator app'] : []),
    ...(factors.passkeys > 0 ? [`passkeys: ${factors.passkeys}`] : []),
    ...account.identities,
  ]
  return [
    `Username:  ${account.username}`,
    `Name:      ${account.displayName}`,
    `E-mail:    ${account.email}${account.isEmailVerified ? '' : ' (not confirmed)'}`,
    `Roles:     ${account.roles.join(', ') || 'none'}`,
    `Status:    ${account.status}`,
    ...(suspension
      ? [`Suspended: until ${suspension.until ?? 'it is lifted'}. ${suspension.reason}`.trimEnd()]
      : []),
    ...(account.leavesAt ? [`Leaves:    ${account.leavesAt}`] : []),
    `Ways in:   ${ways.join(', ') || 'none'}`,
    `Opened:    ${account.createdAt}`,
    `Last seen: ${account.seenAt ?? 'not signed in'}`,
    `Sessions:  ${sessions.length}`,
  ]
}

/** `veza user role LOGIN --add R --remove R` */
export const role: CommandRun = async (options, [login = '']) => {
  const { add: given, remove: taken } = options as Texts
  if (given === undefined && taken === undefined)
    throw new VezaError('Nothing to change.', 'Say --add ROLE or --remove ROLE.', { isUsage: true })
  const { username, roles } = await withAccount(options, login, async (parts, account) => {
    const choose = (before: string[]) => [
      ...before.filter((name) => name !== taken),
      ...(given === undefined ? [] : [given]),
    ]
    await setAccountRoles(parts, null, account.id, choose)
    return { username: account.username, roles: await rolesOf(parts.db, account.id) }
  })
  print(options, { username, roles }, `${username} now has: ${roles.join(', ') || 'no role'}.`)
}

/** `veza user reset-password LOGIN` */
export const resetPassword: CommandRun = async (options, [login = '']) => {
  const file = (options as Texts).passwordFile
  const { username, email, password } = await withAccount(options, login, async (parts, account) => {
    if (options.mail) {
      await mailPasswordLink(parts, null, account.id)
      return { ...account, password: null }
    }
    const given = await passwordFor(parts, file, account)
    await replacePassword(parts, null, account.id, await hashPassword(given.password))
    return { ...account, password: given.isMade ? given.password : null }
  })
  const said = options.mail
    ? [`A link to set a new password was mailed to ${email}.`]
    : [`${username} has a new password and is signed out everywhere.`, ...shown(password)]
  print(options, { username, email, ...(password ? { password } : {}) }, said.join('\n'))
}

/** The password in the file, by the same rules as on the pages; or one made here. */
async function passwordFor(
  parts: IdentityParts,
  file: string | undefined,
  account: { email: string; username: string },
): Promise<{ password: string; isMade: boolean }> {
  if (file === undefined) return { password: randomBytes(15).toString('base64url'), isMade: true }
  const password = await passwordFrom(file)
  const where = { language: 'en', pointer: '/--password-file' }
  await refuseWeakPassword(password, wordsAbout(parts, account), where)
  return { password, isMade: false }
}

const shown = (password: string | null): string[] =>
  password === null ? [] : [`Password: ${password}`, 'It is shown only now.']
