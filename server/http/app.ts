import { randomUUID } from 'node:crypto'
import Koa, { type Context } from 'koa'
import { identity, malformed, notFound } from '#contract'
import { addressBlock } from '../sdk/address-block.ts'
import type { Call, Log } from '../sdk/index.ts'
import { problem } from '../sdk/index.ts'
import type { Assets } from './assets.ts'
import { addressOf, createCall } from './call.ts'
import { dispatch } from './dispatch.ts'
import { securityHeaders } from './headers.ts'
import { openApiOf } from './openapi.ts'
import { refuseCrossOrigin, refuseForeignLoad } from './origin.ts'
import { renderPage } from './pages.ts'
import { bodyOf, toProblem } from './problem-body.ts'
import { perMinuteOf } from './rate-limit.ts'
import { withRequest } from './request-context.ts'
import type { SiteHttp } from './site-http.ts'

export interface AppParts {
  siteFor(host: string): SiteHttp
  trustedProxies: readonly string[]
  assets: Assets
  log: Log
  version: string
  observe(route: string, status: number, seconds: number): void
}

/** The Koa app in front of every site: request id, errors, headers, session, then a route, a file or a page. */
export function createApp(parts: AppParts): Koa {
  const app = new Koa()
  app.silent = true
  app.use(async (ctx) => {
    const startedAt = performance.now()
    ctx.state.requestId = randomUUID()
    ctx.set('x-request-id', ctx.state.requestId as string)
    try {
      await respond(ctx, parts)
    } catch (error) {
      refuse(ctx, error, parts.log)
    }
    const seconds = (performance.now() - startedAt) / 1000
    parts.observe(ctx.path.startsWith('/api/') ? 'api' : 'page', ctx.status, seconds)
    parts.log.debug(
      {
        requestId: ctx.state.requestId,
        method: ctx.method,
        path: ctx.path,
        status: ctx.status,
        ms: Math.round(seconds * 1000),
      },
      'request',
    )
  })
  return app
}

async function respond(ctx: Context, parts: AppParts): Promise<void> {
  // Also on the refusal of a host that no site has.
  securityHeaders(ctx, false)
  const site = parts.siteFor(hostOf(ctx))
  if (site.isSecure) securityHeaders(ctx, true)
  // No address has a NUL in it, and PostgreSQL refuses to look for one.
  if (ctx.url.includes('%00')) throw problem(notFound)
  if (ctx.method === 'GET' || ctx.method === 'HEAD') {
    if (await parts.assets.serve(ctx)) return
    if (ctx.path.startsWith('/api/')) refuseForeignLoad(ctx.req)
  } else refuseCrossOrigin(ctx.req)
  const address = addressOf(ctx.req, parts.trustedProxies)
  if (!site.admits(address)) throw problem(identity.addressBanned)
  const from = { requestId: ctx.state.requestId as string, address, userAgent: ctx.get('user-agent') }
  await withRequest(from, async () => {
    const caller = await site.authenticate(ctx.req, address)
    await answer(ctx, site, createCall(ctx, caller, address, site.isSecure), parts)
  })
}

async function answer(ctx: Context, site: SiteHttp, call: Call, parts: AppParts): Promise<void> {
  if (ctx.path === '/api/v1/openapi.json') {
    ctx.body = openApiOf(
      site.table.routes().map((entry) => entry.route),
      { title: site.info.title(), version: parts.version, url: site.info.url },
    )
    return
  }
  if (isRoute(ctx.path)) return dispatch(ctx, site, call)
  if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw problem(notFound)
  site.limit(`page ${call.account?.id ?? addressBlock(call.address)}`, perMinuteOf.page)
  await renderPage(ctx, site, call, parts.assets.indexHtml)
}

/** Elsewhere there are pages, but for calendars: programs that follow one look for a file. */
const isRoute = (path: string): boolean => /^\/(?:api|\.well-known)\/|\.ics$/.test(path)

/** With two Host headers (RFC 9112, section 3.2) nobody knows which one a proxy in front believed. */
function hostOf(ctx: Context): string {
  const names = ctx.req.rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === 'host')
  if (names.length > 1) throw problem(malformed, 'There is more than one Host.')
  return ctx.get('host')
}

function refuse(ctx: Context, error: unknown, log: Log): void {
  const refusal = toProblem(error)
  if (refusal.problem.status >= 500)
    log.error({ requestId: ctx.state.requestId, path: ctx.path, err: error }, 'request failed')
  else if (error !== refusal)
    log.warn({ requestId: ctx.state.requestId, path: ctx.path, err: error }, 'two at the same moment')
  ctx.status = refusal.problem.status
  ctx.set('cache-control', 'no-store')
  // Nobody waits for the rest of a body that is not wanted.
  if (!ctx.req.complete) ctx.set('connection', 'close')
  if (refusal.retryAfterS !== undefined) ctx.set('retry-after', String(refusal.retryAfterS))
  ctx.type = 'application/problem+json'
  ctx.body = JSON.stringify({ ...bodyOf(refusal, ctx.path), requestId: ctx.state.requestId })
}
