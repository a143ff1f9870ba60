import { defineWebPlugin } from '#web'

export default defineWebPlugin({
  name: 'profiles',
  pages: [
    { path: '/@:username', load: () => import('./ProfilePage.tsx') },
    { path: '/profile/edit', load: () => import('./edit/EditPage.tsx'), needsAccount: true },
  ],
  permissions: {
    'profiles.verify': 'Donner et retirer la marque de vérification',
    'profiles.moderate': 'Voir tous les profils, même privés',
  },
  problems: {
    'profiles.members-only': 'Ce profil est réservé aux membres ; connectez-vous.',
    'profiles.yourself': 'Vous ne pouvez ni vous bloquer ni vous masquer vous-même.',
    'profiles.too-many-blocks': 'Vous bloquez et masquez déjà le plus de personnes possible.',
  },
})
