import type { z } from '#contract'
import type { Account } from '#sdk'
import type { Chat } from './chat.ts'
import type { Author, Message, Room as RoomView } from './contract.ts'
import { hiddenIn } from './hidden.ts'
import type { MessageRow } from './messages.ts'
import { standing } from './policy.ts'
import type { Room } from './rooms.ts'

type AuthorView = z.infer<typeof Author>

/** The room as this account sees it. */
export async function presentRoom(chat: Chat, account: Account | null, room: Room): Promise<RoomView> {
  const { id, slug, title, kind, slowModeS } = room
  const hidden = [...(await hiddenIn(chat, account, room))]
  return { id, slug, title, kind, slowModeS, ...(await standing(chat, account, room)), hidden }
}

/** Messages with their authors; an author whose account is gone is null. */
export async function presentMessages(chat: Chat, room: Room, rows: MessageRow[]): Promise<Message[]> {
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
  return { id, roomId, author, text, createdAt, deletedAt, clientId }
}
