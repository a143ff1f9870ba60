import { libraryTabs, releaseActions, trackActions } from '#plugins/catalog'
import { defineWebPlugin, fill, pageFoot } from '#web'

export default defineWebPlugin({
  name: 'player',
  pages: [
    { path: '/history', load: () => import('./history/HistoryPage.tsx'), needsAccount: true },
    { path: '/embed/:kind/:key', load: () => import('./embed/EmbedPage.tsx'), isBare: true },
  ],
  fills: [
    fill(pageFoot, () => import('./Foot.tsx')),
    fill(trackActions, () => import('./share/ShareTrack.tsx'), { order: 90 }),
    fill(releaseActions, () => import('./share/ShareRelease.tsx'), { order: 90 }),
    fill(libraryTabs, () => import('./history/HistoryTab.tsx'), {
      order: 50,
      label: { en: 'History', fr: 'Écouté' },
    }),
  ],
  problems: {
    'player.not-heard': 'Cela n’a pas encore pu être écouté si longtemps.',
    'player.not-embeddable':
      'Ceci n’est pas ouvert à tous, on ne peut donc pas le montrer sur d’autres sites.',
    'player.json-only': 'Les lecteurs intégrés ne sont décrits qu’en JSON ; demandez format=json.',
  },
})
