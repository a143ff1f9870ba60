import { definePlugin } from '#sdk'
import { accessApi, registerAccess, watcherById } from './access/register.ts'
import { handleMix } from './cameras/routes.ts'
import { handleChannelCovers } from './channel-covers.ts'
import { channelsByIds, findChannel } from './channels.ts'
import { handleClipMaking } from './clips/make.ts'
import { renderClipPages } from './clips/pages.ts'
import { handleClips } from './clips/routes.ts'
import { commands } from './commands.ts'
import { live } from './contract.ts'
import { registerSets } from './events/register.ts'
import { openDesk } from './open-desk.ts'
import { renderPages } from './pages.ts'
import { handlePersonalData } from './personal-data.ts'
import { canPublish } from './policy.ts'
import { handlePosters } from './posters.ts'
import { handleChapters } from './replays/chapter-routes.ts'
import { handleDownloads } from './replays/download.ts'
import { handleQuota } from './replays/quota.ts'
import { handleRecordings } from './replays/recording-jobs.ts'
import { addReplayChat } from './replays/replay-chat.ts'
import { handleReplays } from './replays/routes.ts'
import { handleStoryboards } from './replays/storyboard/make.ts'
import { handleStills } from './replays/storyboard/make-stills.ts'
import { handleRooms } from './rooms.ts'
import { handleChannels, handlePublishing } from './routes.ts'
import { LiveSettings } from './settings.ts'
import { handleSimulcasts } from './simulcast/routes.ts'
import { addFigure } from './stats/figure-book.ts'
import { handleStats } from './stats/routes.ts'
import { thinDaily } from './stats/thin.ts'
import { streamsOnAir } from './streams.ts'

export default definePlugin({
  name: 'live',
  version: '1.0.0',
  title: 'Live',
  provides: live,
  settings: LiveSettings,
  permissions: {
    'live.publish': { title: 'Go live on channels of one’s own', roles: ['owner', 'admin', 'artist'] },
    'live.manage': { title: 'See to every channel and replay', roles: ['owner', 'admin'] },
  },
  migrations: new URL('./migrations/', import.meta.url),
  commands,
  setup(ctx) {
    const desk = openDesk(ctx)
    handleChannels(desk)
    handleChannelCovers(desk)
    handlePublishing(desk)
    handleMix(desk)
    handleReplays(desk)
    handleChapters(desk)
    handleDownloads(desk)
    handleClips(desk)
    handleClipMaking(desk)
    renderClipPages(desk)
    handleQuota(desk)
    handleSimulcasts(desk)
    handleRooms(desk)
    registerAccess(desk)
    registerSets(desk)
    handleRecordings(desk)
    handlePosters(desk)
    handleStoryboards(desk)
    handleStills(desk)
    handlePersonalData(desk)
    handleStats(desk)
    thinDaily(ctx)
    renderPages(desk)
    return {
      ...accessApi(desk),
      channelsByIds: (ids) => channelsByIds(ctx.db, ids),
      channelBySlug: (slug) => findChannel(ctx.db, slug),
      isHost: async (accountId, channelId) => {
        const channel = (await channelsByIds(ctx.db, [channelId])).get(channelId)
        return channel !== undefined && (await watcherById(ctx, accountId)).canPublish(channel)
      },
      canPublish: async (account, channelId) => {
        const channel = (await channelsByIds(ctx.db, [channelId])).get(channelId)
        return channel !== undefined && canPublish(account, channel)
      },
      addFigure: (name, read) => addFigure(ctx, name, read),
      addReplayChat: (addressOf) => addReplayChat(desk.ctx, addressOf),
      onAir: async (channelIds) => {
        const streams = await streamsOnAir(ctx.db, channelIds)
        return new Map([...streams].map(([channelId, { showId }]) => [channelId, { streamId: showId }]))
      },
    }
  },
})
