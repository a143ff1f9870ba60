import { html } from '#sdk'
import type { Desk } from './desk.ts'

const words = {
  en: { title: 'Test payment', needs: 'Turn on JavaScript to pay.' },
  fr: { title: 'Paiement d’essai', needs: 'Activez JavaScript pour payer.' },
}

/** `/pay/{id}`: the app asks for what it shows, so nothing of a payment is in the page itself. */
export function registerPages({ ctx }: Desk): void {
  ctx.router.page('/pay/{id}', (_params, call) => {
    const { title, needs } = call.language === 'fr' ? words.fr : words.en
    return { title, isUnlisted: true, body: html`<main><h1>${title}</h1><p>${needs}</p></main>` }
  })
}
