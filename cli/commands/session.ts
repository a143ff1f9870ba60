import { Id } from '#contract'
import { detailOf } from '../../server/identity/account-views.ts'
import { endAccountSessions } from '../../server/identity/staff.ts'
import type { CommandRun } from '../command.ts'
import { readFlag } from '../flags.ts'
import { withAccount } from '../identity.ts'
import { print, table } from '../output.ts'

/** `veza session list LOGIN` */
export const list: CommandRun = async (options, [login = '']) => {
  const { sessions: items } = await withAccount(options, login, (parts, row) => detailOf(parts, null, row))
  const rows = items.map(({ id, device, address, createdAt, seenAt }) => [
    id,
    device,
    address,
    createdAt,
    seenAt,
  ])
  print(
    options,
    { items },
    rows.length === 0
      ? `${login} is signed in nowhere.`
      : table(['ID', 'DEVICE', 'ADDRESS', 'BEGUN', 'LAST SEEN'], rows),
  )
}

/** `veza session end LOGIN [--id ID]` */
export const end: CommandRun = async (options, [login = '']) => {
  const id = options.id === undefined ? undefined : readFlag(Id, options.id, '--id')
  const { username, ended } = await withAccount(options, login, async (parts, account) => ({
    username: account.username,
    ended: await endAccountSessions(parts, null, account.id, id),
  }))
  print(
    options,
    { username, ended },
    `Ended ${ended === 1 ? 'one session' : `${ended} sessions`} of ${username}.`,
  )
}
