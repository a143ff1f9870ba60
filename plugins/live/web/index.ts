import { adminOverview, defineWebPlugin, fill, homeBlocks } from '#web'
import { deskLinks, deskParts, deskPlans, watchActions, watchParts } from '../contract.ts'
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
    { path: '/live/:slug/clips/:id', load: () => import('./clips/ClipPage.tsx') },
    { path: '/live/:slug/replays/:id', load: () => import('./watch/ReplayPage.tsx'), isWide: true },
    { path: '/live/:slug/events/:id', load: () => import('./events/SetPage.tsx') },
    { path: '/live/:slug/reminders', load: () => import('./events/StopMailsPage.tsx') },
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
    {
      path: '/go-live/stats',
      load: () => import('./stats/StatsPage.tsx'),
      permission: 'live.publish',
      isWide: true,
    },
  ],
  fills: [
    ...setUpFills,
    fill(homeBlocks, () => import('./home/LiveNow.tsx'), { order: 10 }),
    fill(homeBlocks, () => import('./events/UpcomingRow.tsx'), { order: 15 }),
    fill(homeBlocks, () => import('./home/RecentReplays.tsx'), { order: 50 }),
    fill(watchActions, () => import('./access/FollowButton.tsx'), { order: 10 }),
    fill(watchParts, () => import('./titles/NowPlaying.tsx'), { order: 5 }),
    fill(watchParts, () => import('./events/UpcomingSets.tsx'), { order: 20 }),
    fill(deskParts, () => import('./cameras/MixPanel.tsx'), { order: 20 }),
    fill(deskParts, () => import('./replay/RecordingCard.tsx'), { order: 40 }),
    fill(deskParts, () => import('./stats/AudienceCard.tsx'), { order: 50 }),
    fill(deskPlans, () => import('./events/SetsCard.tsx'), { order: 30 }),
    fill(deskPlans, () => import('./access/AccessCard.tsx'), { order: 40 }),
    fill(deskPlans, () => import('./access/GuestsCard.tsx'), { order: 50 }),
    fill(deskLinks, () => import('./simulcast/SimulcastCard.tsx'), { order: 60 }),
    fill(watchActions, () => import('./clips/ClipButton.tsx'), { order: 30 }),
    fill(watchActions, () => import('./listen/ListenButton.tsx'), { order: 80 }),
    fill(watchParts, () => import('./clips/ChannelClips.tsx'), { order: 60 }),
    fill(adminOverview, () => import('./admin/LiveStreams.tsx'), { order: 10 }),
  ],
  permissions: {
    'live.publish': 'Diffuser en direct sur ses propres chaînes',
    'live.manage': 'S’occuper de toutes les chaînes et rediffusions',
  },
  problems: {
    'live.bad-key': 'Cette clé de diffusion n’est pas connue ici.',
    'live.already-live': 'Quelqu’un est déjà à l’antenne avec cette clé.',
    'live.slug-taken': 'Une autre chaîne a cette adresse ; choisissez-en une autre.',
    'live.not-live': 'La chaîne n’est pas à l’antenne.',
    'live.bad-code':
      'Ce code ne vaut pas ici, ou quelqu’un s’en est déjà servi ; regardez-le encore une fois.',
    'live.unknown-guest': 'Aucun compte ne porte ce nom ; invitez plutôt par courriel.',
    'live.too-many-invitations':
      'Beaucoup d’invitations sont parties aujourd’hui, ou plusieurs à cette adresse ; envoyez la suivante demain.',
    'live.bad-times': 'Un set finit après avoir commencé, et dans les deux jours.',
    'live.set-is-over': 'Ce set est terminé ou annulé ; prévoyez-en un autre.',
    'live.no-clips': 'Les extraits ne sont pas activés ici.',
    'live.bad-clip':
      'Un extrait dure de 1 à 60 secondes de ce qui peut être regardé ; choisissez de nouveau son début et sa fin.',
    'live.too-many-clips': 'Vous avez fait beaucoup d’extraits aujourd’hui ; faites le suivant demain.',
    'live.too-many-simulcasts':
      'Une chaîne peut être envoyée vers dix autres serveurs ; retirez-en un d’abord.',
  },
})
