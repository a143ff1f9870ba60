import { optional } from '#contract'
import { live, streamStarted } from '#plugins/live'
import { blocksChanged, profiles } from '#plugins/profiles'
import { definePlugin } from '#sdk'
import { type Chat, createChat, getRoom } from './chat.ts'
import { chat, listHistory } from './contract.ts'
import { registerEmoteRoutes } from './emote-routes.ts'
import { messageRate } from './message-rate.ts'
import { registerModerationRoutes } from './moderation-routes.ts'
import { registerPages } from './pages.ts'
import { chatApi } from './paid.ts'
import { handlePersonalData } from './personal-data.ts'
import { registerPinRoutes } from './pin-routes.ts'
import { moderatePermission } from './policy.ts'
import { askWhoIsIn, registerRoomChannel } from './room-channel.ts'
import { retitleStreamRoom } from './rooms.ts'
import { registerRoutes } from './routes.ts'
import { ChatSettings } from './settings.ts'

export default definePlugin({
  name: 'chat',
  version: '0.1.0',
  title: 'Chat',
  provides: chat,
  needs: { live: optional(live), profiles: optional(profiles) },
  settings: ChatSettings,
  permissions: {
    [moderatePermission]: {
      title: 'Moderate every chat room: remove messages, ban members, set slow mode',
      roles: ['owner', 'admin', 'moderator'],
    },
  },
  migrations: new URL('./migrations/', import.meta.url),
  setup(ctx) {
    const desk = createChat(ctx)
    registerRoutes(desk)
    registerModerationRoutes(desk)
    registerPinRoutes(desk)
    registerEmoteRoutes(desk)
    registerRoomChannel(desk)
    registerPages(desk)
    handlePersonalData(desk)
    if (ctx.needs.profiles)
      ctx.events.on(blocksChanged, 'chat.forget-hidden', async ({ accountId, otherId }) => {
        for (const id of [accountId, otherId]) desk.hidden.forget(id)
      })
    if (ctx.needs.live) {
      ctx.onStop(ctx.needs.live.onRights((change) => askWhoIsIn(desk, change)))
      ctx.events.on(streamStarted, 'chat.open-room', (event) => openStreamRoom(desk, event))
      ctx.onStop(ctx.needs.live.addReplayChat(({ slug }) => listHistory.path.replace('{slug}', slug)))
      ctx.onStop(ctx.needs.live.addFigure('chat', (time) => messageRate(ctx.db, time)))
    }
    return chatApi(desk)
  },
})

/** A stream's room is there, under the channel's present title, when it starts. */
async function openStreamRoom(chat: Chat, { channelId }: { channelId: string }): Promise<void> {
  const channel = (await chat.ctx.needs.live?.channelsByIds([channelId]))?.get(channelId)
  if (!channel) return
  await getRoom(chat, channel.slug)
  await retitleStreamRoom(chat.ctx.db, channelId, channel.title)
  chat.rooms.forget(channel.slug)
}
