import { notFound } from '#contract'
import type { CatalogApi } from '#plugins/catalog'
import { html, type PageContent, problem } from '#sdk'
import { type Embed, type Embeddable, getEmbed, jsonOnly, notEmbeddable, oEmbed } from './contract.ts'
import { asNobody, type Embeds } from './embeds.ts'
import type { Ctx } from './settings.ts'

const size = { width: 480, track: 120, list: 420 }
/** Pictures of the catalogue that embeds are given are squares of so many pixels. */
const pictureSide = 480
/** So long others may keep what they were told, in seconds. */
const cacheAge = 3600
const shown = 200

/** What other sites may show: a page to frame, its data, and its description as oEmbed 1.0. */
export function handleEmbeds(ctx: Ctx, embeds: Embeds): void {
  const { router, site, needs } = ctx

  router.handle(getEmbed, async ({ params }) => presentEmbed(needs.catalog, await open(embeds, params)))

  router.page('/embed/{kind}/{key}', async (params): Promise<PageContent> => {
    const { title, author, href, imageUrl } = await open(embeds, params)
    const by = author && html`<p>${author.name}</p>`
    return {
      title,
      ...(author && { description: author.name }),
      ...(imageUrl && { image: imageUrl }),
      isEmbed: true,
      isUnlisted: true,
      body: html`<main><h1><a href="${href}" target="_blank" rel="noopener">${title}</a></h1>${by}</main>`,
    }
  })

  // https://oembed.com: 404 for what is not here, 401 for what is not public, 501 for a format there is not.
  router.handle(oEmbed, async ({ query }) => {
    if (query.format === 'xml') throw problem(jsonOnly)
    const url = URL.parse(query.url)
    const isOurs = url !== null && /^https?:$/.test(url.protocol) && url.host === new URL(site.url).host
    const what = isOurs ? embeds.read(url.pathname) : null
    const found = what && (await embeds.find(what.kind, what.key))
    if (!what || !found) throw problem(notFound)
    if (found === 'hidden') throw problem(notEmbeddable)
    const path = `/embed/${what.kind}/${encodeURIComponent(what.key)}`
    return describe(found, { path, site: { url: site.url, title: site.title() }, ...query })
  })
}

async function open(embeds: Embeds, { kind, key }: { kind: string; key: string }): Promise<Embeddable> {
  const found = await embeds.find(kind, key)
  if (!found || found === 'hidden') throw problem(notFound)
  return found
}

async function presentEmbed(catalog: CatalogApi, { trackIds, ...told }: Embeddable): Promise<Embed> {
  const ids = trackIds.slice(0, shown)
  const tracks = await catalog.tracksByIds(asNobody, ids)
  return { ...told, tracks: ids.flatMap((id) => tracks.get(id) ?? []) }
}

interface Wish {
  path: string
  site: { url: string; title: string }
  maxwidth?: number | undefined
  maxheight?: number | undefined
}

function describe({ title, author, imageUrl, trackIds }: Embeddable, wish: Wish) {
  const { path, site, maxwidth = size.width, maxheight = Number.POSITIVE_INFINITY } = wish
  const isOne = trackIds.length === 1 && path.startsWith('/embed/track/')
  const width = Math.min(size.width, maxwidth)
  const height = Math.min(isOne ? size.track : size.list, maxheight)
  const name = author ? `${title} – ${author.name}` : title
  const frame = html`<iframe src="${site.url + path}" width="${width}" height="${height}" title="${name}" style="border:0" loading="lazy" allow="autoplay; encrypted-media"></iframe>`
  const hasRoom = pictureSide <= maxwidth && pictureSide <= maxheight
  return {
    version: '1.0' as const,
    type: 'rich' as const,
    provider_name: site.title,
    provider_url: site.url,
    title,
    ...(author && { author_name: author.name }),
    ...(author?.href && { author_url: site.url + author.href }),
    ...(imageUrl &&
      hasRoom && {
        thumbnail_url: new URL(imageUrl, site.url).href,
        thumbnail_width: pictureSide,
        thumbnail_height: pictureSide,
      }),
    html: frame.html,
    width,
    height,
    cache_age: cacheAge,
  }
}
