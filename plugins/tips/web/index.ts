import { deskParts, watchActions, watchParts } from '#plugins/live'
import { defineWebPlugin, fill } from '#web'

export default defineWebPlugin({
  name: 'tips',
  pages: [],
  fills: [
    fill(watchActions, () => import('./TipAction.tsx'), { order: 5 }),
    fill(watchParts, () => import('./WatchTips.tsx'), { order: 10 }),
    fill(deskParts, () => import('./desk/DeskTips.tsx'), { order: 30 }),
  ],
  problems: {
    'tips.off-air': 'Un superchat demande un direct en cours ; un pourboire peut être donné à tout moment.',
    'tips.no-chat': 'Il n’y a pas de discussion ici pour afficher un superchat.',
  },
})
