import type { z } from '#contract'
import type { Account } from '#sdk'
import type { Chat } from './chat.ts'
import type { Author, Message, Paid, Room as RoomView } from './contract.ts'
import { hiddenIn } from './hidden.ts'
import { listByIds, type MessageRow } from './messages.ts'
import { listPinned } from './paid-messages.ts'
import { mayEnter, readable, standing } from './policy.ts'
import type { Room } from './rooms.ts'

type AuthorView = z.infer<typeof Author>

/** What stands above the messages of rooms: paid ones, and what hosts pinned. */
interface Above {
  paid: readonly MessageRow[]
  notices: readonly MessageRow[]
}

/** The room as this account sees it. `above`: what stands above its messages, where that is known. */
export async function presentRoom(
  chat: Chat,
  account: Account | null,
  room: Room,
  above?: Above,
): Promise<RoomView> {
  const { id, slug, title, kind, slowModeS } = room
  const hidden = await hiddenIn(chat, account, room)
  const { paid, notices } = above ?? (await aboveOf(chat, [room]))
  const rows = [...paid, ...notices]
  const isOpen = rows.length > 0 && (await mayEnter(chat, account, room))
  const open = new Set(isOpen ? await readable(chat, account, { room, rows }) : [])
  const seen = (row: MessageRow) => open.has(row) && !hidden.has(row.authorId)
  const pinned = await presentMessages(chat, room, paid.filter(seen))
  const [notice = null] = await presentMessages(chat, room, notices.filter(seen))
  const place = { id, slug, title, kind, slowModeS }
  return { ...place, ...(await standing(chat, account, room)), hidden: [...hidden], pinned, notice }
}

/** Several rooms; what is pinned is asked for all of them at once. */
export async function presentRooms(chat: Chat, account: Account | null, rooms: Room[]): Promise<RoomView[]> {
  const { paid, notices } = await aboveOf(chat, rooms)
  const of = (all: readonly MessageRow[], { id }: Room) => all.filter(({ roomId }) => roomId === id)
  return Promise.all(
    rooms.map((room) =>
      presentRoom(chat, account, room, { paid: of(paid, room), notices: of(notices, room) }),
    ),
  )
}

async function aboveOf({ ctx: { db } }: Chat, rooms: readonly Room[]): Promise<Above> {
  const [paid, notices] = await Promise.all([
    listPinned(
      db,
      rooms.map(({ id }) => id),
    ),
    listByIds(
      db,
      rooms.flatMap(({ pinnedMessageId }) => pinnedMessageId ?? []),
    ),
  ])
  return { paid, notices }
}

/** Messages with their authors; an author whose account is gone is null. */
export async function presentMessages(
  chat: Chat,
  room: Room,
  rows: readonly MessageRow[],
): Promise<Message[]> {
  const names = await chat.names([...new Set(rows.map((row) => row.authorId))])
  const authors = new Map<string, AuthorView>()
  await Promise.all(
    [...names].map(async ([id, { username, displayName }]) => {
      const marks = await chat.marks.get(`${id}/${room.channelId ?? ''}`)
      authors.set(id, { id, username, displayName, ...marks })
    }),
  )
  return rows.map((row) => presentMessage(row, authors.get(row.authorId) ?? null))
}

function presentMessage(row: MessageRow, author: AuthorView | null): Message {
  const { id, roomId, text, createdAt, deletedAt, clientId } = row
  return { id, roomId, author, text, createdAt, deletedAt, clientId, paid: presentPaid(row) }
}

/** What was paid for a message that is still there. */
export function presentPaid(row: MessageRow): Paid | null {
  const { paidTipId, paidAmountMinor, paidCurrency, paidTone, pinnedUntilAt } = row
  if (row.text === null || paidTipId === null || paidTone === null || paidCurrency === null) return null
  return {
    tipId: paidTipId,
    amountMinor: paidAmountMinor,
    currency: paidCurrency,
    tone: paidTone,
    pinnedUntil: pinnedUntilAt,
  }
}
