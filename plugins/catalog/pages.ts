import { Id, notFound } from '#contract'
import { type Call, type Html, html, type PageContent, problem, renderMarkdown } from '#sdk'
import { seenRelease, seenTrack } from './desk.ts'
import { shownArtists } from './finders.ts'
import { about, descriptionOf, trackAbout } from './page-facts.ts'
import { isForEverybody } from './policy.ts'
import { hrefOf, type Pages, pagesOf, presentCover, presentCredit, type View } from './present.ts'
import { listReleases } from './release-list.ts'
import { isArtistRole, type ReleaseRow, type StoredCredit } from './releases.ts'
import type { Ctx } from './settings.ts'
import { type TrackRow, tracksOf } from './tracks.ts'

const words = {
  en: {
    releases: 'Releases',
    newest: 'New releases',
    library: 'Library',
    upload: 'Upload',
    trash: 'Trash',
    tracks: 'Tracks',
    credits: 'Credits',
    by: 'by',
    from: 'From',
    all: 'All releases',
    release: 'Release',
    edit: 'Edit the release',
  },
  fr: {
    releases: 'Sorties',
    newest: 'Nouvelles sorties',
    library: 'Discothèque',
    upload: 'Envoyer des fichiers',
    trash: 'Corbeille',
    tracks: 'Titres',
    credits: 'Crédits',
    by: 'par',
    from: 'Extrait de',
    all: 'Toutes les sorties',
    release: 'Sortie',
    edit: 'Modifier la sortie',
  },
}
type Words = (typeof words)['en']
const wordsOf = (language: string): Words => (language === 'fr' ? words.fr : words.en)

/** What crawlers, link previews and browsers without JavaScript see. */
export function renderPages(ctx: Ctx): void {
  const { router } = ctx
  router.page('/releases', (_params, call) => releasesPage(ctx, wordsOf(call.language)))
  router.page('/releases/{slug}', ({ slug }, call) => releasePage(ctx, call, slug))
  router.page('/releases/{slug}/edit', async ({ slug }, call) => {
    await seenRelease(ctx, call, { slug })
    return own(wordsOf(call.language).edit, wordsOf(call.language))
  })
  router.page('/tracks/{id}', ({ id }, call) => trackPage(ctx, call, id))
  for (const [path, name] of [
    ['/library', 'library'],
    ['/library/{tab}', 'library'],
    ['/upload', 'upload'],
    ['/trash', 'trash'],
  ] as const)
    router.page(path, (_params, call) => own(wordsOf(call.language)[name], wordsOf(call.language)))
  router.landing((call) => landingPart(ctx, wordsOf(call.language)))
}

/** Only the app can show it; without it there is the way to the releases. */
const own = (title: string, w: Words): PageContent => ({
  title,
  isUnlisted: true,
  body: html`<main><h1>${title}</h1><p><a href="/releases">${w.all}</a></p></main>`,
})

async function newest(ctx: Ctx, limit: number): Promise<Html> {
  const { items } = await listReleases(ctx.db, { level: 0, limit })
  return html`<ul>${items.map(
    (row) => html`<li><a href="/releases/${row.slug}">${row.title}</a> ${namesOf(row.creditsJson)}</li>`,
  )}</ul>`
}

async function releasesPage(ctx: Ctx, w: Words): Promise<PageContent> {
  const { items } = await listReleases(ctx.db, { level: 0, limit: 1 })
  return {
    title: w.releases,
    ...imageOf(ctx, items[0]),
    body: html`<main><h1>${w.releases}</h1>${await newest(ctx, 100)}<p><a href="/">${ctx.site.title()}</a></p></main>`,
  }
}

async function landingPart(ctx: Ctx, w: Words): Promise<Html> {
  const { items } = await listReleases(ctx.db, { level: 0, limit: 1 })
  if (items.length === 0) return html``
  return html`<h2>${w.newest}</h2>${await newest(ctx, 12)}<p><a href="/releases">${w.all}</a></p>`
}

async function releasePage(ctx: Ctx, call: Call, slug: string): Promise<PageContent> {
  const w = wordsOf(call.language)
  const { release, view } = await seenRelease(ctx, call, { slug, key: call.query('key') })
  const tracks = await tracksOf(ctx.db, release.id)
  const pages = await pagesOf(ctx, [...release.creditsJson, ...tracks.flatMap((one) => one.creditsJson)])
  const others = release.creditsJson.filter(({ role }) => !isArtistRole(role))
  const list = tracks.map((track) => trackLine(track, release, view))
  return {
    title: titled(release.title, release.creditsJson, w),
    description: descriptionOf(release),
    ...imageOf(ctx, release),
    kind: 'music.album',
    meta: { 'music:release_date': release.releaseDate ?? undefined },
    ...publicParts(ctx, release, `/releases/${release.slug}`),
    ...(isForEverybody(release) ? { about: about(ctx, { release, tracks, pages }) } : {}),
    body: html`<main><h1>${release.title}</h1><p>${artistLinks(release.creditsJson, pages)}</p>${picture(ctx, release)}<h2>${w.tracks}</h2><ol>${list}</ol>${renderMarkdown(release.description)}${creditList(others, pages, w)}<p>${[release.releaseDate, release.label, release.catalogNumber].filter(Boolean).join(' · ')}</p><p>${release.pLine && `℗ ${release.pLine}`} ${release.cLine && `© ${release.cLine}`} ${release.licence}</p><p><a href="/releases">${w.all}</a></p></main>`,
  }
}

async function trackPage(ctx: Ctx, call: Call, id: string): Promise<PageContent> {
  if (!Id.safeParse(id).success) throw problem(notFound)
  const w = wordsOf(call.language)
  const { track, release, view } = await seenTrack(ctx, call, { id, key: call.query('key') })
  const artists = shownArtists(track, release)
  const pages = await pagesOf(ctx, [...artists, ...track.creditsJson])
  const others = track.creditsJson.filter(({ role }) => !isArtistRole(role))
  return {
    title: titled(track.title, artists, w),
    description: `${w.from} ${release.title} · ${clock(track.durationMs)}`,
    ...imageOf(ctx, release),
    kind: 'music.song',
    meta: {
      'music:duration': String(Math.round(track.durationMs / 1000)),
      'music:album': `${ctx.site.url}/releases/${release.slug}`,
      'music:album:track': String(track.trackNumber),
    },
    ...publicParts(ctx, release, `/tracks/${track.id}`),
    ...(isForEverybody(release) ? { about: trackAbout(ctx, { release, track, pages }) } : {}),
    body: html`<main><h1>${track.title}</h1><p>${artistLinks(artists, pages)}</p>${picture(ctx, release)}<p>${w.from} <a href="${hrefOf(view, release)}">${release.title}</a> · ${clock(track.durationMs)}</p>${creditList(others, pages, w)}</main>`,
  }
}

/** Where other programs ask for the player of this page; nothing for search engines of what not everybody may find. */
function publicParts(ctx: Ctx, release: ReleaseRow, path: string): Partial<PageContent> {
  if (!isForEverybody(release)) return { isUnlisted: true }
  const address = encodeURIComponent(ctx.site.url + path)
  const href = `${ctx.site.url}/api/v1/player/oembed?url=${address}`
  return { links: [{ rel: 'alternate', type: 'application/json+oembed', href, title: release.title }] }
}

function imageOf(ctx: Ctx, release: ReleaseRow | undefined): { image?: string } {
  const cover = release && presentCover(ctx.storage, release)
  return cover ? { image: cover.large.jpeg } : {}
}

function picture(ctx: Ctx, release: ReleaseRow): Html {
  const cover = presentCover(ctx.storage, release)
  return cover ? html`<p><img src="${cover.small.jpeg}" width="480" height="480" alt=""></p>` : html``
}

function titled(title: string, credits: readonly StoredCredit[], w: Words): string {
  const names = namesOf(credits)
  return names ? `${title} ${w.by} ${names}` : title
}

const namesOf = (credits: readonly StoredCredit[]): string =>
  credits
    .filter(({ role }) => role === 'main')
    .map(({ name }) => name)
    .join(', ')

function artistLinks(credits: readonly StoredCredit[], pages: Pages): Html[] {
  return credits
    .filter(({ role }) => isArtistRole(role))
    .map((credit, at) => {
      const { slug, name } = presentCredit(credit, pages)
      return html`${at > 0 && ', '}${slug ? html`<a href="/artists/${slug}">${name}</a>` : name}`
    })
}

function creditList(credits: readonly StoredCredit[], pages: Pages, w: Words): Html {
  if (credits.length === 0) return html``
  const items = credits.map((credit) => {
    const { slug, name, role } = presentCredit(credit, pages)
    return html`<li>${role}: ${slug ? html`<a href="/artists/${slug}">${name}</a>` : name}</li>`
  })
  return html`<h2>${w.credits}</h2><ul>${items}</ul>`
}

function trackLine(track: TrackRow, release: ReleaseRow, view: View): Html {
  const names = namesOf(shownArtists(track, release))
  const key = hrefOf(view, release).split('?')[1]
  const href = `/tracks/${track.id}${key ? `?${key}` : ''}`
  return html`<li><a href="${href}">${track.title}</a>${names && ` – ${names}`} ${clock(track.durationMs)}</li>`
}

/** `4:05`, `1:02:09` */
function clock(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000)
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const [hours = 0, minutes = 0, rest = 0] = parts
  const two = (part: number) => String(part).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}
