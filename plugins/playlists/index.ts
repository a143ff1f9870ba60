import { optional } from '#contract'
import { catalog } from '#plugins/catalog'
import { player } from '#plugins/player'
import { definePlugin } from '#sdk'
import { createDesk } from './desk.ts'
import { registerFileRoutes } from './file-routes.ts'
import { registerFolderRoutes } from './folder-routes.ts'
import { registerItemRoutes } from './item-routes.ts'
import { registerLiveChannel } from './live-channel.ts'
import { registerEmbed, registerPages } from './pages.ts'
import { registerPeopleRoutes } from './people-routes.ts'
import { handleEvents } from './personal-data.ts'
import { moderatePermission } from './policy.ts'
import { registerRoutes } from './routes.ts'
import { registerTending } from './tend.ts'

export default definePlugin({
  name: 'playlists',
  version: '0.1.0',
  title: 'Playlists',
  needs: { catalog, player: optional(player) },
  permissions: {
    [moderatePermission]: {
      title: 'Take away any playlist that everybody may find',
      roles: ['owner', 'admin', 'moderator'],
    },
  },
  migrations: new URL('./migrations/', import.meta.url),
  setup(ctx) {
    const desk = createDesk(ctx)
    registerRoutes(desk)
    registerItemRoutes(desk)
    registerPeopleRoutes(desk)
    registerFolderRoutes(desk)
    registerFileRoutes(desk)
    registerLiveChannel(desk)
    registerPages(desk)
    registerEmbed(desk)
    handleEvents(desk)
    registerTending(desk)
  },
})
