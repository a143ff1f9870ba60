import type { Account } from '#sdk'
import type { Chat } from './chat.ts'
import { canModerate } from './policy.ts'
import type { Room } from './rooms.ts'

const nobody: ReadonlySet<string> = new Set()

/**
 * Whose messages this account is not shown: those it blocks or mutes, and those who block it. Who moderates the room
 * sees them all, or blocking the moderators would hide what one does.
 */
export async function hiddenIn(
  chat: Chat,
  account: Account | null,
  room: Room,
): Promise<ReadonlySet<string>> {
  if (!account || !chat.ctx.needs.profiles) return nobody
  const hidden = await chat.hidden.get(account.id)
  return hidden.size > 0 && (await canModerate(chat, account, room)) ? nobody : hidden
}
