import { definePlugin } from '#sdk'
import { channelsByIds, findChannel } from './channels.ts'
import { commands } from './commands.ts'
import { live } from './contract.ts'
import { openDesk } from './open-desk.ts'
import { renderPages } from './pages.ts'
import { handlePersonalData } from './personal-data.ts'
import { handlePosters } from './posters.ts'
import { handleRecordings } from './recordings.ts'
import { handleReplays } from './replay-routes.ts'
import { handleRooms } from './rooms.ts'
import { handleChannels, handlePublishing } from './routes.ts'
import { LiveSettings } from './settings.ts'

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
    handlePublishing(desk)
    handleReplays(desk)
    handleRooms(desk)
    handleRecordings(desk)
    handlePosters(desk)
    handlePersonalData(desk)
    renderPages(desk)
    return {
      channelsByIds: (ids) => channelsByIds(ctx.db, ids),
      channelBySlug: (slug) => findChannel(ctx.db, slug),
      isHost: async (accountId, channelId) => {
        const channel = (await channelsByIds(ctx.db, [channelId])).get(channelId)
        if (!channel) return false
        return channel.ownerId === accountId || ctx.accounts.can(accountId, 'live.manage')
      },
    }
  },
})
