import {
  Currency,
  defineChannel,
  defineContract,
  defineEvent,
  defineProblem,
  defineRoute,
  Id,
  pageOf,
  Slug,
  Time,
  z,
} from '#contract'
import type { Account, Db } from '#sdk'

export * from './contract/emotes.ts'
export { normaliseText } from './contract/text.ts'

export const Author = z.strictObject({
  id: Id,
  username: z.string(),
  displayName: z.string(),
  isModerator: z.boolean(),
  isHost: z.boolean(),
})
/** That a message was paid for, and until when it stands above the others. */
export const Paid = z.strictObject({
  tipId: Id,
  /** Less what was paid back in part. Null where the label does not show amounts. */
  amountMinor: z.number().int().nullable(),
  currency: Currency,
  /** From 0; the more was paid, the higher. */
  tone: z.number().int(),
  pinnedUntil: Time.nullable(),
})
export type Paid = z.infer<typeof Paid>
export const Message = z.strictObject({
  id: Id,
  roomId: Id,
  author: Author.nullable(),
  /** Null when deleted; the place stays. */
  text: z.string().nullable(),
  createdAt: Time,
  deletedAt: Time.nullable(),
  /** Made by the sender, so that a resend is not doubled. */
  clientId: z.string().nullable(),
  /** Null for an ordinary message. */
  paid: Paid.nullable(),
})
export type Message = z.infer<typeof Message>

export const Room = z.strictObject({
  id: Id,
  slug: z.string(),
  title: z.string(),
  kind: z.enum(['room', 'stream']),
  slowModeS: z.number().int(),
  can: z.strictObject({ post: z.boolean(), moderate: z.boolean() }),
  /** Why the caller may not post, as a code the page words. */
  cannotPostBecause: z.enum(['signed-out', 'banned', 'closed']).nullable(),
  /** Accounts whose messages the caller is not shown; live ones come all the same and are left out by the page. */
  hidden: z.array(Id),
  /** Paid messages that stand above the others now, the one that ends last first. */
  pinned: z.array(Message),
  /** The message that hosts and moderators pinned for everybody; null where there is none, or the caller may not read it. */
  notice: Message.nullable(),
})
export type Room = z.infer<typeof Room>

export const MessageText = z
  .string()
  .trim()
  .min(1, { error: 'Write something first.' })
  .max(1000, { error: 'Use at most 1,000 characters.' })
/** Made anew by the sender for each message; a UUID will do. */
export const ClientId = z.string().regex(/^[\w-]{1,64}$/, { error: 'Use 1 to 64 letters, digits, - or _.' })
const moderate = { permission: 'chat.moderate' }

export const listRooms = defineRoute({
  method: 'GET',
  path: '/api/v1/chat/rooms',
  access: 'public',
  summary: 'Public rooms',
  result: z.strictObject({ items: z.array(Room) }),
})
/** `slug` of a stream's room is that of its channel. */
export const getRoom = defineRoute({
  method: 'GET',
  path: '/api/v1/chat/rooms/{slug}',
  access: 'public',
  summary: 'A room',
  result: Room,
})
/** History pages both ways by message id; newest page without a cursor; items oldest first. */
export const listMessages = defineRoute({
  method: 'GET',
  path: '/api/v1/chat/rooms/{slug}/messages',
  access: 'public',
  summary: 'Messages of a room, oldest first within the page',
  query: z.strictObject({
    before: Id.optional(),
    after: Id.optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  }),
  result: z.strictObject({ items: z.array(Message), before: Id.nullable(), after: Id.nullable() }),
})
/** What was said between two dates and is still there, as it is shown beside a recording of that time. */
export const listHistory = defineRoute({
  method: 'GET',
  path: '/api/v1/chat/rooms/{slug}/history',
  access: 'public',
  summary: 'Messages of a room from a time, oldest first',
  query: z.strictObject({
    from: Time,
    /** Not included. */
    until: Time,
    /** The last message of the page before. */
    after: Id.optional(),
    limit: z.coerce.number().int().min(1).max(200).default(100),
  }),
  result: pageOf(Message),
})
export const postMessage = defineRoute({
  method: 'POST',
  path: '/api/v1/chat/rooms/{slug}/messages',
  access: 'signed-in',
  summary: 'Say something; the same clientId again answers the first message',
  body: z.strictObject({ text: MessageText, clientId: ClientId.optional() }),
  result: Message,
  perMinute: 120,
})
export const removeMessage = defineRoute({
  method: 'DELETE',
  path: '/api/v1/chat/messages/{id}',
  access: 'signed-in',
  summary: 'Delete one’s own message, or anybody’s as moderator or host',
})
export const pinMessage = defineRoute({
  method: 'PUT',
  path: '/api/v1/chat/messages/{id}/pin',
  access: 'signed-in',
  summary: 'Pin a message above its room for everybody, in place of the one before (moderator or host)',
})
export const unpinMessage = defineRoute({
  method: 'DELETE',
  path: '/api/v1/chat/messages/{id}/pin',
  access: 'signed-in',
  summary: 'Pin a message no more, paid ones too; it stays in the room (moderator or host)',
})
export const banMember = defineRoute({
  method: 'POST',
  path: '/api/v1/chat/rooms/{slug}/bans',
  access: 'signed-in',
  summary: 'Ban a member from a room for a time (moderator or host); optionally delete their messages',
  body: z.strictObject({
    accountId: Id,
    minutes: z.number().int().min(1).max(525600).nullable().default(null),
    reason: z.string().trim().max(300).default(''),
    removeMessages: z.boolean().default(false),
  }),
})
export const liftBan = defineRoute({
  method: 'DELETE',
  path: '/api/v1/chat/rooms/{slug}/bans/{accountId}',
  access: 'signed-in',
  summary: 'Lift a ban',
})
export const listBans = defineRoute({
  method: 'GET',
  path: '/api/v1/chat/rooms/{slug}/bans',
  access: 'signed-in',
  summary: 'Who is banned from a room',
  result: z.strictObject({
    items: z.array(
      z.strictObject({
        accountId: Id,
        displayName: z.string(),
        reason: z.string(),
        until: Time.nullable(),
        createdAt: Time,
      }),
    ),
  }),
})
export const setSlowMode = defineRoute({
  method: 'PATCH',
  path: '/api/v1/chat/rooms/{slug}',
  access: 'signed-in',
  summary: 'Slow mode in seconds, 0 for off',
  body: z.strictObject({ slowModeS: z.number().int().min(0).max(600) }),
  result: Room,
})
export const createRoom = defineRoute({
  method: 'POST',
  path: '/api/v1/chat/rooms',
  access: moderate,
  summary: 'Make a public room',
  body: z.strictObject({ slug: Slug, title: z.string().trim().min(1).max(80) }),
  result: Room,
})

/** Live messages of a room. `say` is answered with the stored message. */
export const roomChannel = defineChannel({
  name: 'chat.room',
  params: z.strictObject({ slug: Slug }),
  messages: {
    said: Message,
    removed: z.strictObject({ id: Id }),
    /** A paid message is pinned no more, or was paid back in part, or (null) as a whole. It never becomes more. */
    paid: z.strictObject({ id: Id, paid: Paid.nullable() }),
    banned: z.strictObject({ accountId: Id }),
    /** Which message hosts and moderators have pinned from now on. */
    notice: z.strictObject({ id: Id.nullable() }),
    changed: z.strictObject({ slowModeS: z.number().int() }),
    here: z.strictObject({ people: z.number().int() }),
  },
  commands: { say: z.strictObject({ text: MessageText, clientId: ClientId }) },
})

export const messagePosted = defineEvent({
  name: 'chat.message-posted',
  payload: z.strictObject({ messageId: Id, roomId: Id }),
})
export const banned = defineProblem({
  name: 'chat.banned',
  status: 403,
  title: 'You are banned from this room.',
})
export const slowDown = defineProblem({
  name: 'chat.slow-down',
  status: 429,
  title: 'Slow down a little; your text is still in the box.',
})
export const roomClosed = defineProblem({
  name: 'chat.room-closed',
  status: 409,
  title: 'This room is closed.',
})

/** A message somebody paid for; `text` is as `normaliseText` leaves it. */
export interface PaidMessage {
  tipId: string
  /** Address of the room. */
  slug: string
  authorId: string
  text: string
  amountMinor: number | null
  currency: string
  tone: number
  /** ISO time; null for one that is not pinned. */
  pinnedUntil: string | null
}

export interface ChatApi {
  /** Why nothing this account pays for would be shown in the room at that address; null where it would. */
  cannotShow(accountId: string, slug: string): Promise<'no-room' | 'banned' | 'closed' | null>
  /**
   * Stores a paid message, once for each tip, and tells the room when the transaction is committed. Null where its
   * author is banned, or the room is closed or not there. Slow mode and pace do not count.
   */
  sayPaid(db: Db, message: PaidMessage): Promise<{ messageId: string } | null>
  /** A part of the tip was paid back: its message shows this much where it shows an amount, and stays as it is. */
  changePaid(db: Db, tipId: string, amountMinor: number): Promise<void>
  /** The tip was paid back: its message stays, neither pinned nor marked. */
  takeBackPaid(db: Db, tipId: string): Promise<void>
  /** May the account moderate the room at that address? Throws not-found. */
  canModerate(account: Account | null, slug: string): Promise<boolean>
}
export const chat = defineContract<ChatApi>('chat')
