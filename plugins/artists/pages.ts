import { notFound } from '#contract'
import { html, type PageContent, problem, renderMarkdown } from '#sdk'
import { findArtist, listArtists } from './artists.ts'
import type { Ctx } from './desk.ts'

const words = {
  en: { artists: 'Artists', lead: 'The artists of {label}.', edit: 'Edit the page' },
  fr: { artists: 'Artistes', lead: 'Les artistes de {label}.', edit: 'Modifier la page' },
}
const wordsOf = (language: string) => (language === 'fr' ? words.fr : words.en)

/** What crawlers, link previews and browsers without JavaScript see; only artists that are listed. */
export function registerPages(ctx: Ctx): void {
  const { router, db, storage, site } = ctx
  router.page('/artists', async (_params, call): Promise<PageContent> => {
    const w = wordsOf(call.language)
    const { items } = await listArtists(db, { limit: 100, withUnlisted: false })
    const list = items.map(({ slug, name }) => html`<li><a href="/artists/${slug}">${name}</a></li>`)
    return {
      title: w.artists,
      description: w.lead.replace('{label}', site.title()),
      body: html`<main><h1>${w.artists}</h1><ul>${list}</ul></main>`,
    }
  })
  router.page('/artists/{slug}', async ({ slug }, call): Promise<PageContent> => {
    const artist = await findArtist(db, slug)
    // Those not listed are shown by the app, to who may see them.
    if (!artist) throw problem(notFound)
    const w = wordsOf(call.language)
    if (!artist.isListed) return { title: w.artists, body: html`<main></main>` }
    const { name, bio, pictureKey } = artist
    const links = artist.linksJson.map(
      ({ label, url }) => html`<li><a href="${url}" rel="nofollow ugc noopener noreferrer">${label}</a></li>`,
    )
    return {
      title: name,
      description: [artist.genresJson.join(', '), artist.place].filter(Boolean).join(' · ') || name,
      ...(pictureKey ? { image: storage.dayUrl(`${pictureKey}/768.webp`) } : {}),
      body: html`<main><h1>${name}</h1><p>${artist.place}</p>${renderMarkdown(bio)}<ul>${links}</ul></main>`,
    }
  })
  router.page('/artists/{slug}/edit', async ({ slug }, call): Promise<PageContent> => {
    if (!(await findArtist(db, slug))) throw problem(notFound)
    return { title: wordsOf(call.language).edit, body: html`<main></main>` }
  })
}
