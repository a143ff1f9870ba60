import { besideReplay, besideStream } from '#plugins/live'
import { defineWebPlugin, fill } from '#web'

const page = () => import('./ChatPage.tsx')

export default defineWebPlugin({
  name: 'chat',
  pages: [
    {
      path: '/chat',
      load: page,
      nav: { label: { en: 'Chat', fr: 'Discussion' }, icon: 'chat', order: 30 },
      isWide: true,
    },
    { path: '/chat/:slug', load: page, isWide: true },
  ],
  fills: [
    fill(besideStream, () => import('./BesideStream.tsx')),
    fill(besideReplay, () => import('./BesideReplay.tsx')),
  ],
  permissions: {
    'chat.moderate': 'Modérer tous les salons : retirer des messages, exclure des membres, ralentir le débit',
  },
})
