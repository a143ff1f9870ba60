import { admin, notFound } from '#contract'
import { type Html, html, problem, renderMarkdown } from '../sdk/index.ts'
import { markdownLimit } from '../sdk/markdown.ts'
import type { Site } from '../sites/site.ts'

const names = ['terms', 'privacy'] as const
type Name = (typeof names)[number]

const titles: Record<'en' | 'fr', Record<Name, string>> = {
  en: { terms: 'Terms', privacy: 'Privacy' },
  fr: { terms: 'Conditions d’utilisation', privacy: 'Vie privée' },
}

/** The label's terms and privacy page: for the app by a route, and readable without it. */
export function legalPages(site: Site): void {
  const router = site.table.routerFor('server')
  router.handle(admin.sitePage, ({ params }) => {
    const name = names.find((known) => known === params.name)
    if (!name) throw problem(notFound)
    return { html: textOf(site, name).html }
  })
  for (const name of names)
    router.page(`/${name}`, (_params, call) => {
      const title = titles[call.language === 'fr' ? 'fr' : 'en'][name]
      return { title, body: html`<main><h1>${title}</h1>${textOf(site, name)}</main>` }
    })
}

function textOf(site: Site, name: Name): Html {
  const text = site.settings.site()[name]
  if (text.trim() === '') throw problem(notFound, 'The label has not written this page.')
  return html`${blocks(text).map(renderMarkdown)}`
}

/** Such texts are longer than what is read as Markdown at once: cut between paragraphs, as late as possible. */
function blocks(text: string): string[] {
  const found: string[] = []
  for (const paragraph of text.split(/\r?\n[ \t]*\r?\n/)) {
    const last = found.at(-1)
    const joined = last === undefined ? paragraph : `${last}\n\n${paragraph}`
    if (last === undefined || joined.length > markdownLimit) found.push(paragraph)
    else found[found.length - 1] = joined
  }
  return found
}
