import { defineWebPlugin, fill, homeBlocks } from '#web'

export default defineWebPlugin({
  name: 'artists',
  pages: [
    {
      path: '/artists',
      load: () => import('./RosterPage.tsx'),
      nav: { label: { en: 'Artists', fr: 'Artistes' }, icon: 'users', order: 30 },
    },
    { path: '/artists/:slug', load: () => import('./ArtistPage.tsx') },
    { path: '/artists/:slug/edit', load: () => import('./edit/EditPage.tsx'), needsAccount: true },
  ],
  fills: [fill(homeBlocks, () => import('./HomeArtists.tsx'), { order: 40 })],
  permissions: {
    'artists.manage': 'Ajouter et retirer des artistes, et modifier la page de chacun',
  },
  problems: {
    'artists.slug-taken': 'Un autre artiste a cette adresse.',
    'artists.unknown-person': 'Il n’y a pas de compte de ce nom.',
  },
})
