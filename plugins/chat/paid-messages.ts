import { type Db, isoTime, newId } from '#sdk'
import type { MessageRow } from './messages.ts'

export interface NewPaidMessage {
  roomId: string
  authorId: string
  text: string
  paidTipId: string
  paidAmountMinor: number | null
  paidCurrency: string
  paidTone: number
  pinnedUntilAt: string | null
}

/** More than this are never pinned at once; those that would go first are left out. */
const mostPinned = 50

/** Stores a paid message, once for each tip; null where it is there already. */
export async function insertPaidMessage(db: Db, message: NewPaidMessage): Promise<MessageRow | null> {
  const row: MessageRow = {
    id: newId(),
    ...message,
    clientId: null,
    createdAt: isoTime(),
    deletedAt: null,
    deletedBy: null,
  }
  const stored: { id: string }[] = await db('chat_messages')
    .insert(row)
    .onConflict(['paid_tip_id'])
    .ignore()
    .returning('id')
  return stored.length > 0 ? row : null
}

/** The message of a tip, or null. */
export async function findPaidMessage(db: Db, paidTipId: string): Promise<MessageRow | null> {
  return (await db('chat_messages').where({ paidTipId }).first()) ?? null
}

/** What is pinned in these rooms now, the one that ends last first. */
export async function listPinned(db: Db, roomIds: readonly string[], now = isoTime()): Promise<MessageRow[]> {
  if (roomIds.length === 0) return []
  return db('chat_messages')
    .whereIn('roomId', roomIds)
    .where('pinnedUntilAt', '>', now)
    .whereNull('deletedAt')
    .orderBy('pinnedUntilAt', 'desc')
    .orderBy('id', 'desc')
    .limit(mostPinned)
}

/** Ends the pin of a message. False where it was not pinned. */
export async function unpin(db: Db, id: string): Promise<boolean> {
  const count: number = await db('chat_messages')
    .where({ id })
    .whereNotNull('pinnedUntilAt')
    .update({ pinnedUntilAt: null })
  return count > 0
}

/** What is left of its amount. False where it shows none, or is paid no more. */
export async function updatePaidAmount(db: Db, paidTipId: string, paidAmountMinor: number): Promise<boolean> {
  const count: number = await db('chat_messages')
    .where({ paidTipId })
    .whereNotNull('paidTone')
    .whereNotNull('paidAmountMinor')
    .update({ paidAmountMinor })
  return count > 0
}

/** The message stays and is an ordinary one from now on. False where it was so already. */
export async function forgetPayment(db: Db, paidTipId: string): Promise<boolean> {
  const count: number = await db('chat_messages')
    .where({ paidTipId })
    .whereNotNull('paidTone')
    .update({ paidAmountMinor: null, paidCurrency: null, paidTone: null, pinnedUntilAt: null })
  return count > 0
}
