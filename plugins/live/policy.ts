import type { Account } from '#sdk'
import type { Channel } from './channels.ts'
import type { Stream } from './streams.ts'

type Owned = Pick<Channel, 'ownerId'>

/** Sees to every channel of the label. */
export function canManage(account: Account | null): boolean {
  return account?.permissions.has('live.manage') ?? false
}

/** May go live on the channel and see to what belongs to it: its owner, and who manages them all. */
export function canPublish(account: Account | null, channel: Owned): boolean {
  if (account === null) return false
  if (canManage(account)) return true
  return account.permissions.has('live.publish') && channel.ownerId === account.id
}

/** One that may still go on cannot be deleted: its publisher would write into nothing. */
export function canRemoveReplay(
  account: Account | null,
  channel: Owned,
  stream: Pick<Stream, 'status'>,
): boolean {
  return canPublish(account, channel) && stream.status === 'ended'
}
