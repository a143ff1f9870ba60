import { adminOverview, defineWebPlugin, fill, homeBlocks } from '#web'
import { setUpFills } from './setup/fills.ts'

export default defineWebPlugin({
  name: 'live',
  pages: [
    {
      path: '/live',
      load: () => import('./LivePage.tsx'),
      nav: {
        label: { en: 'Live', fr: 'Direct' },
        icon: 'live',
        order: 20,
        badge: () => import('./LiveMark.tsx'),
      },
    },
    { path: '/live/:slug', load: () => import('./watch/ChannelPage.tsx'), isWide: true },
    { path: '/live/:slug/replays/:id', load: () => import('./watch/ReplayPage.tsx') },
    {
      path: '/go-live',
      load: () => import('./go-live/GoLivePage.tsx'),
      permission: 'live.publish',
      isWide: true,
      nav: {
        label: { en: 'Go live', fr: 'Diffuser' },
        icon: 'broadcast',
        order: 900,
        permission: 'live.publish',
      },
    },
  ],
  fills: [
    ...setUpFills,
    fill(homeBlocks, () => import('./home/LiveNow.tsx'), { order: 10 }),
    fill(homeBlocks, () => import('./home/RecentReplays.tsx'), { order: 50 }),
    fill(adminOverview, () => import('./admin/LiveStreams.tsx'), { order: 10 }),
  ],
  permissions: {
    'live.publish': 'Diffuser en direct sur ses propres chaînes',
    'live.manage': 'S’occuper de toutes les chaînes et rediffusions',
  },
  problems: {
    'live.bad-key': 'Cette clé de diffusion n’est pas connue ici.',
    'live.already-live': 'Quelqu’un est déjà à l’antenne avec cette clé.',
    'live.slug-taken': 'Une autre chaîne a cette adresse.',
    'live.not-live': 'La chaîne n’est pas à l’antenne.',
  },
})
