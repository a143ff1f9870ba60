import { admin, z } from '#contract'
import { VezaError } from '../../server/errors.ts'
import {
  changeRole,
  createRole,
  getRoleView,
  type RoleChange,
  removeRoleNamed,
  roleViews,
} from '../../server/identity/role-changes.ts'
import type { CommandRun } from '../command.ts'
import { readFlag } from '../flags.ts'
import { withIdentity } from '../identity.ts'
import { counted, print, table } from '../output.ts'

/** `veza role list` */
export const list: CommandRun = async (options) => {
  const items = await withIdentity(options, roleViews)
  const rows = items.map(({ name, title, needsSecondFactor, permissions, accounts }) => [
    name,
    title,
    needsSecondFactor ? 'yes' : 'no',
    String(permissions.length),
    String(accounts),
  ])
  print(options, { items }, table(['NAME', 'TITLE', 'TWO FACTORS', 'PERMISSIONS', 'ACCOUNTS'], rows))
}

/** `veza role show NAME` */
export const show: CommandRun = async (options, [name = '']) => {
  const { role, known } = await withIdentity(options, async (parts) => ({
    role: await getRoleView(parts, name),
    known: parts.permissions.list(),
  }))
  const rows = known
    .map(({ name: permission, title }) => [
      role.permissions.includes(permission) ? 'yes' : '-',
      permission,
      title,
    ])
    .sort(([, a = ''], [, b = '']) => (a < b ? -1 : 1))
  const head = `${role.title} (${role.name}), ${counted(role.accounts, 'account')}${role.needsSecondFactor ? ', asks for two factors' : ''}`
  print(options, role, `${head}\n\n${table(['MAY', 'PERMISSION', ''], rows)}`)
}

/** `veza role create NAME --title T --allow P,Q` */
export const create: CommandRun = async (options, [given = '']) => {
  const name = readFlag(admin.RoleName, given, 'name')
  const title = readFlag(z.string().trim().min(1).max(60), options.title ?? name, '--title')
  const permissions = String(options.allow ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
  const wish = { name, title, permissions, needsSecondFactor: Boolean(options.require2fa) }
  const role = await withIdentity(options, (parts) => createRole(parts, null, wish))
  print(options, role, `Made the role ${name} with ${counted(role.permissions.length, 'permission')}.`)
}

const changing =
  (
    wishOf: (options: Record<string, unknown>, permissions: string[]) => RoleChange,
    say: (role: admin.RoleView, options: Record<string, unknown>) => string,
  ): CommandRun =>
  async (options, [name = '', ...permissions]) => {
    const wish = wishOf(options, permissions)
    const role = await withIdentity(options, (parts) => changeRole(parts, null, name, wish))
    print(options, role, say(role, options))
  }

const sum = ({ name, permissions }: admin.RoleView) =>
  `The role ${name} now has ${counted(permissions.length, 'permission')}.`

/** `veza role allow NAME PERMISSION…` */
export const allow = changing((_options, permissions) => ({ allow: permissions }), sum)
/** `veza role deny NAME PERMISSION…` */
export const deny = changing((_options, permissions) => ({ deny: permissions }), sum)

/** `veza role require-2fa NAME [--off]` */
export const requireTwoFactors = changing(
  ({ off }) => ({ needsSecondFactor: !off }),
  ({ name, needsSecondFactor }) =>
    needsSecondFactor
      ? `The role ${name} counts only in sessions with two factors.`
      : `The role ${name} asks for no second factor.`,
)

/** `veza role remove NAME --yes` */
export const remove: CommandRun = async (options, [name = '']) => {
  if (!options.yes)
    throw new VezaError(
      `Every account that has the role "${name}" would lose it.`,
      'Say --yes if you mean it.',
      { isUsage: true },
    )
  await withIdentity(options, (parts) => removeRoleNamed(parts, null, name))
  print(options, { name, removed: true }, `Removed the role ${name}.`)
}
