import { identity } from '#contract'
import { removeBansOf } from './bans.ts'
import type { Chat } from './chat.ts'
import { listMessagesOf } from './messages.ts'

/** What an account takes away with it, and what goes when it is deleted: its words stay, without a name. */
export function handlePersonalData({ ctx }: Chat): void {
  const { accounts, db, events } = ctx
  accounts.onExport(async (accountId) => ({ data: { messages: await listMessagesOf(db, accountId) } }))
  events.on(identity.accountDeleted, 'chat.forget', ({ accountId }) => removeBansOf(db, accountId))
}
