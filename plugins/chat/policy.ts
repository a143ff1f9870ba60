import { notAllowed, notFound, notSignedIn } from '#contract'
import { type Account, problem } from '#sdk'
import { type Chat, findBan } from './chat.ts'
import type { Room as RoomView } from './contract.ts'
import type { Room } from './rooms.ts'

export const moderatePermission = 'chat.moderate'

/** Refuses guests where the label wants only members to read. */
export function assertMayRead(chat: Chat, account: Account | null): void {
  if (!account && !chat.ctx.settings.get().guestsMayRead) throw problem(notSignedIn)
}

/** Refuses who may not watch a channel what is said there; moderators read everywhere. */
export async function assertMayEnter(chat: Chat, account: Account | null, room: Room): Promise<void> {
  if (await mayEnter(chat, account, room)) return
  throw problem(account ? notAllowed : notSignedIn, 'Only who may watch this channel reads its chat.')
}

/** Whether one is shown what is said in the room: who may watch its channel, and its moderators. */
export async function mayEnter(chat: Chat, account: Account | null, room: Room): Promise<boolean> {
  const { live } = chat.ctx.needs
  if (!room.channelId || !live || (await live.mayWatch(account?.id ?? null, room.slug))) return true
  return canModerate(chat, account, room)
}

/** Those of the messages that were said beside what one may watch, closed sets of the past too; moderators read all. */
export async function readable<Row extends { createdAt: string }>(
  chat: Chat,
  account: Account | null,
  { room, rows }: { room: Room; rows: readonly Row[] },
): Promise<readonly Row[]> {
  const { live } = chat.ctx.needs
  if (!room.channelId || !live || rows.length === 0) return rows
  const times = rows.map(({ createdAt }) => createdAt).sort()
  const time = { from: times.at(0) ?? '', until: times.at(-1) ?? '' }
  const isOpen = await live.mayWatchThen(account?.id ?? null, room.slug, time)
  const open = rows.filter(({ createdAt }) => isOpen(createdAt))
  return open.length < rows.length && (await canModerate(chat, account, room)) ? rows : open
}

/** Moderators everywhere; the host of a channel in its room. */
export async function canModerate(chat: Chat, account: Account | null, room: Room): Promise<boolean> {
  if (!account) return false
  if (account.permissions.has(moderatePermission)) return true
  return isHost(chat, account.id, room)
}

/** Refuses all but the room's moderators. */
export async function assertCanModerate(chat: Chat, account: Account, room: Room): Promise<void> {
  if (!(await canModerate(chat, account, room))) throw problem(notAllowed)
}

/** Refuses to ban oneself, another moderator or host, and somebody who does not exist. */
export async function assertCanBan(chat: Chat, by: Account, accountId: string, room: Room): Promise<void> {
  const { accounts } = chat.ctx
  if (!(await accounts.byIds([accountId])).has(accountId)) throw problem(notFound)
  const isProtected =
    accountId === by.id ||
    (await accounts.can(accountId, moderatePermission)) ||
    (!by.permissions.has(moderatePermission) && (await isHost(chat, accountId, room)))
  if (isProtected) throw problem(notAllowed, 'Moderators cannot be banned, nor can you ban yourself.')
}

/** What this account may do in the room, and why it may not write. */
export async function standing(
  chat: Chat,
  account: Account | null,
  room: Room,
): Promise<Pick<RoomView, 'can' | 'cannotPostBecause'>> {
  if (!account) return { can: { post: false, moderate: false }, cannotPostBecause: 'signed-out' }
  const moderate = await canModerate(chat, account, room)
  const isBanned = (await findBan(chat, room.id, account.id)) !== null
  const because = isBanned ? 'banned' : room.isClosed && !moderate ? 'closed' : null
  return { can: { post: because === null, moderate }, cannotPostBecause: because }
}

async function isHost(chat: Chat, accountId: string, room: Room): Promise<boolean> {
  if (!room.channelId || !chat.ctx.needs.live) return false
  return chat.ctx.needs.live.isHost(accountId, room.channelId)
}
