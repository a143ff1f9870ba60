import { defineWebPlugin } from '#web'
import { managePermission } from '../contract.ts'

export default defineWebPlugin({
  name: 'payments',
  pages: [{ path: '/pay/:id', load: () => import('./PayPage.tsx'), needsAccount: true }],
  adminTabs: [
    {
      name: 'payments',
      label: { en: 'Payments', fr: 'Paiements' },
      permission: managePermission,
      load: () => import('./books/BooksPage.tsx'),
      loadOne: () => import('./books/BookPage.tsx'),
    },
  ],
  permissions: { [managePermission]: 'Voir, exporter et rembourser tous les paiements' },
  problems: {
    'payments.closed': 'Rien ne peut être payé ici pour le moment.',
    'payments.wrong-amount': 'Ce montant ne peut pas être payé ici.',
    'payments.wrong-currency': 'Cette monnaie n’est pas acceptée ici.',
    'payments.key-needed': 'La demande n’avait pas de clé ; réessayez.',
    'payments.key-reused': 'Cette demande a déjà servi à autre chose ; recommencez.',
    'payments.not-paid': 'Seul ce qui a été payé peut être remboursé.',
    'payments.too-much':
      'C’est plus que ce qui reste de ce paiement ; regardez à nouveau et donnez au plus le reste.',
    'payments.bad-signature': 'La signature ne convient pas, ou est trop ancienne.',
    'payments.provider-failed':
      'Le service de paiement ne répond pas ; réessayez dans un instant. Rien n’a été débité.',
  },
})
