import { libraryTabs, trackActions } from '#plugins/catalog'
import { defineWebPlugin, fill, pageFoot } from '#web'

const tab = { label: { en: 'Playlists', fr: 'Playlists' }, order: 20 }
export default defineWebPlugin({
  name: 'playlists',
  pages: [
    {
      path: '/playlists',
      load: () => import('./lists/ListsPage.tsx'),
      nav: { label: { en: 'Playlists', fr: 'Playlists' }, icon: 'list', order: 15 },
    },
    { path: '/playlists/:id', load: () => import('./playlist/PlaylistPage.tsx') },
  ],
  fills: [
    fill(trackActions, () => import('./picker/AddToPlaylist.tsx'), { order: 10 }),
    fill(libraryTabs, () => import('./lists/LibraryTab.tsx'), tab),
    fill(pageFoot, () => import('./picker/PickerHost.tsx'), { order: 900 }),
  ],
  permissions: { 'playlists.moderate': 'Retirer toute playlist visible de tous' },
  problems: {
    'playlists.is-smart':
      'Une playlist intelligente se remplit seule : changez ses règles, ou dupliquez-la pour la ranger à la main.',
    'playlists.not-smart': 'Cette playlist n’a pas de règles ; créez plutôt une playlist intelligente.',
    'playlists.too-many':
      'Vous avez autant de playlists que possible ; supprimez-en une dont vous n’avez plus besoin.',
    'playlists.bad-update': 'Ce changement n’en est pas un pour une playlist ; rechargez-la.',
    'playlists.out-of-step': 'Il manque ce qui précède ce changement ; rechargez la playlist.',
    'playlists.unknown-track': 'Un de ces titres n’est plus là.',
    'playlists.too-many-tracks': 'Une playlist contient 10 000 titres au plus ; commencez-en une autre.',
    'playlists.history-full': 'Cette playlist a trop changé ; dupliquez-la et continuez dans la copie.',
    'playlists.unknown-person': 'Il n’y a pas de compte de ce nom.',
    'playlists.too-many-editors': 'Une playlist a 50 éditeurs au plus ; retirez d’abord quelqu’un.',
    'playlists.invitation-ended': 'Cette invitation a pris fin ; demandez un autre lien.',
    'playlists.own': 'Cette playlist est déjà la vôtre.',
    'playlists.unreadable-file':
      'Ce fichier n’est pas une playlist lisible ; prenez un fichier M3U, M3U8, XSPF ou JSPF.',
    'playlists.too-many-entries': 'Le fichier a plus de 10 000 entrées ; divisez-le.',
    'playlists.folder-taken': 'Vous avez un dossier de ce nom ; choisissez-en un autre.',
    'playlists.too-many-folders': 'Vous avez autant de dossiers que possible ; retirez-en un d’abord.',
    'playlists.unknown-folder': 'Ce dossier n’est plus là ; choisissez-en un autre.',
  },
})
