import type { Context } from 'koa'
import { type Call, escapeHtml, type Html, html, type PageContent } from '../sdk/index.ts'
import { readCookie } from './call.ts'
import { allowFraming } from './headers.ts'
import { toProblem } from './problem-body.ts'
import type { SiteHttp } from './site-http.ts'

const bare = `<!doctype html><html lang="en" data-theme="system"><head><meta charset="utf-8"><!--veza:head--></head><body><div id="app"><!--veza:body--></div></body></html>`

/**
 * Answers a page: the built index.html with the page's own head and readable body, and what the first paint needs.
 * The app takes over in the browser; crawlers and readers without JavaScript have the body.
 */
export async function renderPage(ctx: Context, site: SiteHttp, call: Call, indexHtml: string): Promise<void> {
  // Some programs write @ like this; a page has one address.
  if (ctx.path.startsWith('/%40')) return leadTo(ctx, `/@${ctx.path.slice(4)}`)
  const content = await contentOf(ctx, site, call)
  if (content.redirect) return leadTo(ctx, content.redirect)
  const boot = site.boot()
  const theme = readCookie(ctx.req, 'veza_theme')
  ctx.status = content.status ?? 200
  ctx.type = 'text/html; charset=utf-8'
  ctx.set('cache-control', 'no-store')
  if (content.isEmbed) allowFraming(ctx)
  const bootJson = JSON.stringify({
    site: boot,
    me: call.account && !content.isEmbed ? site.presentMe(call.account) : null,
    language: call.language,
  })
  ctx.body = (indexHtml || bare)
    .replace(
      'data-theme="system"',
      `data-theme="${theme === 'light' || theme === 'dark' ? theme : 'system'}"`,
    )
    .replace('lang="en"', `lang="${call.language}"`)
    .replace('<!--veza:boot-->', () => bootJson.replaceAll('<', '\\u003c'))
    .replace('<!--veza:head-->', () => head(content, site, ctx))
    .replace('<!--veza:body-->', () => wayHome(ctx, site).html + content.body.html)
}

/** For a while only: what has moved once may move again. */
function leadTo(ctx: Context, path: string): void {
  ctx.set('cache-control', 'no-store')
  ctx.redirect(path)
}

async function contentOf(ctx: Context, site: SiteHttp, call: Call): Promise<PageContent> {
  const found = site.table.findPage(ctx.path)
  if (!found) return missing(call)
  try {
    return await found.entry.render(found.params, call)
  } catch (error) {
    const refusal = toProblem(error)
    if (refusal.problem.status !== 404) throw error
    return missing(call)
  }
}

/** Without JavaScript there is no frame: every page but the first leads there. */
function wayHome(ctx: Context, site: SiteHttp): Html {
  return ctx.path === '/' ? html`` : html`<header><a href="/">${site.info.title()}</a></header>`
}

function missing(call: Call): PageContent {
  const words =
    call.language === 'fr' ? 'Il n’y a rien à cette adresse.' : 'There is nothing at this address.'
  return {
    title: '404',
    status: 404,
    body: html`<main><h1>404</h1><p>${words}</p></main>`,
  }
}

function head(content: PageContent, site: SiteHttp, ctx: Context): string {
  const label = site.info.title()
  const title = content.title === label ? label : `${content.title} · ${label}`
  const url = site.info.url + ctx.path
  const tags = [
    `<title>${escapeHtml(title)}</title>`,
    `<link rel="canonical" href="${escapeHtml(url)}">`,
    meta('property', 'og:title', content.title),
    meta('property', 'og:site_name', label),
    meta('property', 'og:type', content.kind ?? 'website'),
    meta('property', 'og:url', url),
    meta('name', 'twitter:card', content.image ? 'summary_large_image' : 'summary'),
  ]
  if (content.description)
    tags.push(
      meta('name', 'description', content.description),
      meta('property', 'og:description', content.description),
    )
  if (content.image) tags.push(meta('property', 'og:image', new URL(content.image, site.info.url).href))
  for (const [property, text] of Object.entries(content.meta ?? {}))
    if (text) tags.push(meta('property', property, text))
  for (const { rel, type, href, title: name } of content.links ?? [])
    tags.push(
      `<link rel="${escapeHtml(rel)}" type="${escapeHtml(type)}" href="${escapeHtml(href)}"${name ? ` title="${escapeHtml(name)}"` : ''}>`,
    )
  // Data, not a script: no browser runs it, and nothing in it can end the element.
  if (content.about)
    tags.push(
      `<script type="application/ld+json">${JSON.stringify(content.about).replaceAll('<', '\\u003c')}</script>`,
    )
  if (content.status === 404 || content.isUnlisted) tags.push(meta('name', 'robots', 'noindex'))
  return tags.join('')
}

function meta(kind: 'name' | 'property', name: string, content: string): string {
  return `<meta ${kind}="${name}" content="${escapeHtml(content)}">`
}
