import type { Context } from 'koa'
import { methodNotAllowed, notAllowed, notFound, notSignedIn, type Route, type z } from '#contract'
import { addressBlock } from '../sdk/address-block.ts'
import type { Account, Call } from '../sdk/index.ts'
import { problem } from '../sdk/index.ts'
import { readBytes, readJson } from './body.ts'
import { inputProblem } from './problem-body.ts'
import { perMinuteOf } from './rate-limit.ts'
import type { RouteEntry } from './route-table.ts'
import type { SiteHttp } from './site-http.ts'

const defaultBodyLimit = 256 * 1024

/** Finds the route, then: access, rate, input (zod), handler, result. */
export async function dispatch(ctx: Context, site: SiteHttp, call: Call): Promise<void> {
  const found = site.table.findRoute(ctx.method === 'HEAD' ? 'GET' : ctx.method, ctx.path)
  if (!found) throw problem(notFound)
  if ('allowed' in found) {
    ctx.set('allow', found.allowed.join(', '))
    throw problem(methodNotAllowed)
  }
  const { route, handler, raw } = found.entry
  checkAccess(route, call.account)
  const who = call.account ? `account ${call.account.id}` : addressBlock(call.address)
  site.limit(
    `${route.method} ${route.path} ${who}`,
    route.perMinute ?? perMinuteOf[route.method === 'GET' ? 'read' : 'write'],
  )
  if (raw) return answerRaw(ctx, () => raw({ params: found.params, req: ctx.req, res: ctx.res }, call))
  if (!handler) throw problem(notFound)
  const query = parse(route.query, toObject(new URLSearchParams(ctx.querystring)), '?')
  const body = route.method === 'GET' ? undefined : parse(route.body, await bodyOf(ctx, route), '')
  ctx.set('cache-control', 'no-store')
  const result = await handler({ params: found.params, query, body }, call)
  if (route.method !== 'GET') await site.synced()
  answer(ctx, site, found.entry, result)
}

/** Koa answers only where the handler threw before it began to. */
async function answerRaw(ctx: Context, handle: () => Promise<void>): Promise<void> {
  ctx.set('cache-control', 'no-store')
  try {
    await handle()
  } catch (error) {
    if (!ctx.res.headersSent) throw error
    ctx.res.destroy()
  }
  ctx.respond = false
}

function bodyOf(ctx: Context, { takes, bodyLimit = defaultBodyLimit }: Route): Promise<unknown> {
  return takes ? readBytes(ctx.req, takes, bodyLimit) : readJson(ctx.req, bodyLimit)
}

function checkAccess(route: Route, account: Account | null): void {
  if (route.access === 'public') return
  if (!account) throw problem(notSignedIn)
  if (route.access !== 'signed-in' && !account.permissions.has(route.access.permission))
    throw problem(notAllowed)
}

function parse(schema: z.ZodType | undefined, value: unknown, root: string): unknown {
  if (!schema) return undefined
  const result = schema.safeParse(value)
  if (!result.success) throw inputProblem(result.error, root)
  return result.data
}

function toObject(search: URLSearchParams): Record<string, string> {
  const out: Record<string, string> = Object.create(null)
  for (const [key, value] of search) out[key] = value
  return { ...out }
}

function answer(ctx: Context, site: SiteHttp, { route }: RouteEntry, result: unknown): void {
  if (result === undefined) {
    ctx.status = ctx.status === 404 ? 204 : ctx.status
    if (ctx.status === 204) return
    ctx.body = ''
    return
  }
  if (site.checksResults && route.result) route.result.parse(result)
  if (ctx.status === 404) ctx.status = 200
  ctx.type = route.type ?? 'application/json'
  ctx.body = route.type ? result : JSON.stringify(result)
}
