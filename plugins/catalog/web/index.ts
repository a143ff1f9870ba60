import { artistParts } from '#plugins/artists'
import { defineWebPlugin, fill, homeBlocks } from '#web'

const library = () => import('./library/LibraryPage.tsx')

export default defineWebPlugin({
  name: 'catalog',
  pages: [
    {
      path: '/library',
      load: library,
      nav: { label: { en: 'Library', fr: 'Discothèque' }, icon: 'library', order: 10 },
    },
    { path: '/library/:tab', load: library },
    { path: '/releases', load: library },
    { path: '/releases/:slug', load: () => import('./release/ReleasePage.tsx') },
    { path: '/releases/:slug/edit', load: () => import('./edit/EditPage.tsx'), needsAccount: true },
    { path: '/tracks/:id', load: () => import('./track/TrackPage.tsx') },
    {
      path: '/upload',
      load: () => import('./upload/UploadPage.tsx'),
      nav: {
        label: { en: 'Upload', fr: 'Envoyer' },
        icon: 'upload',
        order: 60,
        permission: 'catalog.publish',
      },
      permission: 'catalog.publish',
    },
    { path: '/trash', load: () => import('./edit/TrashPage.tsx'), needsAccount: true },
  ],
  fills: [
    fill(homeBlocks, () => import('./HomeReleases.tsx'), { order: 20 }),
    fill(artistParts, () => import('./ArtistReleases.tsx'), { order: 10 }),
  ],
  permissions: {
    'catalog.publish': 'Composer et publier ses propres sorties',
    'catalog.manage': 'Modifier toutes les sorties du label',
    'media.upload': 'Envoyer des fichiers audio',
    'media.manage': 'Voir et retirer les fichiers audio de tous',
  },
  problems: {
    'catalog.slug-taken': 'Une autre sortie a cette adresse ; choisissez-en une autre.',
    'catalog.not-publishable': 'Il manque encore quelque chose avant de pouvoir publier cette sortie.',
    'catalog.unknown-file':
      'Un de ces fichiers n’est plus là, ou appartient à quelqu’un d’autre ; envoyez-le à nouveau.',
    'catalog.not-ready': 'Ce fichier est encore en préparation ; attendez qu’il soit prêt.',
    'catalog.no-download': 'Cette sortie s’écoute, elle ne se télécharge pas.',
    'media.not-audio':
      'Ce fichier n’est pas un fichier audio utilisable ; prenez du WAV, FLAC, AIFF, MP3, M4A, Ogg ou Opus.',
    'media.broken-audio':
      'Ce fichier est abîmé ou vide : rien ne peut en être lu. Exportez-le à nouveau et envoyez celui-là.',
    'media.too-long': 'Cet enregistrement est plus long que le label ne l’accepte ; coupez-le en parties.',
    'media.file-too-large':
      'Ce fichier est plus gros que le label ne l’accepte ; en FLAC, il pèse environ la moitié d’un WAV.',
    'media.over-quota':
      'Vos fichiers prendraient plus de place que vous n’en avez ; supprimez-en, ou demandez-en au label.',
    'media.in-use': 'Un titre utilise ce fichier ; supprimez d’abord le titre.',
    'media.upload-gone': 'Cet envoi n’a pas été terminé à temps ; envoyez le fichier à nouveau.',
    'media.bad-archive': 'Ce ZIP ne peut pas être ouvert ; envoyez les fichiers qu’il contient.',
    'media.processing-failed':
      'Le fichier n’a pas pu être préparé ; réessayez, et prévenez le label si cela échoue encore.',
    'catalog.wrong-order': 'La sortie a d’autres titres à présent ; rechargez-la et rangez-les à nouveau.',
  },
})
