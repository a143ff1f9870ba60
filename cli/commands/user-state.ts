import { z } from '#contract'
import { VezaError } from '../../server/errors.ts'
import { detailOf } from '../../server/identity/account-views.ts'
import type { AccountRow } from '../../server/identity/accounts.ts'
import type { IdentityParts } from '../../server/identity/parts.ts'
import { removeAccount, resetFactors, restoreAccount, suspendAccount } from '../../server/identity/staff.ts'
import type { CommandRun } from '../command.ts'
import { readFlag } from '../flags.ts'
import { withAccount } from '../identity.ts'
import { print } from '../output.ts'

/** A time in whole minutes, as a flag gives it; null where it is left out. */
export const readMinutes = (value: unknown): number | null =>
  value === undefined ? null : readFlag(z.coerce.number().int().min(1).max(5_256_000), value, '--minutes')

const changing =
  (
    work: (
      parts: IdentityParts,
      account: AccountRow,
      options: Record<string, unknown>,
    ) => Promise<AccountRow>,
    say: (username: string) => string,
  ): CommandRun =>
  async (options, [login = '']) => {
    const detail = await withAccount(options, login, async (parts, account) =>
      detailOf(parts, null, await work(parts, account, options)),
    )
    print(options, detail, say(detail.username))
  }

/** `veza user suspend LOGIN --reason R --minutes N` */
export const suspend = changing(
  (parts, { id }, { reason, minutes }) => {
    const text = readFlag(z.string().trim().max(500), reason ?? '', '--reason')
    return suspendAccount(parts, null, id, { reason: text, minutes: readMinutes(minutes) })
  },
  (username) => `${username} is suspended and signed out everywhere.`,
)

/** `veza user restore LOGIN` */
export const restore = changing(
  (parts, { id }) => restoreAccount(parts, null, id),
  (username) => `${username} may sign in again.`,
)

/** `veza user reset-factors LOGIN` */
export const resetSecondFactors = changing(
  (parts, { id }) => resetFactors(parts, null, id),
  (username) => `${username} has no second factor any more, is signed out everywhere and was told by mail.`,
)

/** `veza user delete LOGIN --yes` */
export const remove: CommandRun = async (options, [login = '']) => {
  if (!options.yes)
    throw new VezaError(`This deletes the account "${login}" for good.`, 'Say --yes if you mean it.', {
      isUsage: true,
    })
  const { id, username } = await withAccount(options, login, async (parts, account) => {
    await removeAccount(parts, null, account.id)
    return account
  })
  print(options, { id, username, deleted: true }, `Deleted the account ${username}.`)
}
