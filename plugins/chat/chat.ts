import { notFound, Slug } from '#contract'
import type { LiveApi } from '#plugins/live'
import type { ProfilesApi } from '#plugins/profiles'
import { type PluginContext, problem } from '#sdk'
import { type Ban, isInForce, listBans } from './bans.ts'
import type { Message } from './contract.ts'
import { createNames, type Names } from './names.ts'
import { createPace, type Pace } from './pace.ts'
import { type Recent, recent } from './recent.ts'
import { ensureRoom, findRoom, generalRoom, type Room } from './rooms.ts'
import type { ChatSettings } from './settings.ts'

export type Ctx = PluginContext<
  ChatSettings,
  { live: LiveApi | undefined; profiles: ProfilesApi | undefined }
>

/** What the parts of chat share in one process of one site. */
export interface Chat {
  ctx: Ctx
  /** Rooms by address, at most two seconds old; null for none. */
  rooms: Recent<Room | null>
  /** Bans in force by room id and account id, at most two seconds old. */
  bans: Recent<Map<string, Ban>>
  /** Whose messages an account is not shown, at most two seconds old. */
  hidden: Recent<ReadonlySet<string>>
  /** For the marks beside names only; what somebody may do is always asked afresh. */
  marks: Recent<{ isModerator: boolean; isHost: boolean }>
  names: Names
  pace: Pace
  /** Messages being stored, by room, author and clientId: a resend meanwhile shares the answer. */
  sending: Map<string, Promise<Message>>
}

const sharedMs = 2000
const marksMs = 30_000

/** Makes the shared part; no I/O yet. */
export function createChat(ctx: Ctx): Chat {
  return {
    ctx,
    rooms: recent((slug) => openRoom(ctx, slug), { ttlMs: sharedMs }),
    bans: recent(
      async (roomId) => new Map((await listBans(ctx.db, roomId)).map((ban) => [ban.accountId, ban])),
      {
        ttlMs: sharedMs,
      },
    ),
    hidden: recent(async (accountId) => (await ctx.needs.profiles?.hiddenFrom(accountId)) ?? new Set(), {
      ttlMs: sharedMs,
    }),
    marks: recent((key) => loadMarks(ctx, key), { ttlMs: marksMs, max: 10_000 }),
    names: createNames(ctx.accounts, { ttlMs: marksMs, max: 10_000 }),
    pace: createPace(),
    sending: new Map(),
  }
}

/** The room at this address; throws not-found. A stream's room and the general room are made when first asked for. */
export async function getRoom(chat: Chat, slug: string): Promise<Room> {
  const room = Slug.safeParse(slug).success ? await chat.rooms.get(slug) : null
  if (!room) throw problem(notFound)
  return room
}

async function openRoom(ctx: Ctx, slug: string): Promise<Room | null> {
  const found = await findRoom(ctx.db, slug)
  if (found) return found
  if (slug === generalRoom.slug) return ensureRoom(ctx.db, generalRoom)
  const channel = await ctx.needs.live?.channelBySlug(slug)
  if (!channel) return null
  return ensureRoom(ctx.db, { slug, title: channel.title, kind: 'stream', channelId: channel.id })
}

/** The account's ban in this room, if one holds now. */
export async function findBan(chat: Chat, roomId: string, accountId: string): Promise<Ban | null> {
  const ban = (await chat.bans.get(roomId)).get(accountId)
  return ban && isInForce(ban) ? ban : null
}

async function loadMarks(ctx: Ctx, key: string): Promise<{ isModerator: boolean; isHost: boolean }> {
  const [accountId = '', channelId = ''] = key.split('/')
  const [isModerator, isHost] = await Promise.all([
    ctx.accounts.can(accountId, 'chat.moderate'),
    channelId && ctx.needs.live ? ctx.needs.live.isHost(accountId, channelId) : false,
  ])
  return { isModerator, isHost }
}
