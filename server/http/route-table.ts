import findMyWay from 'find-my-way'
import { notFound, type Route, z } from '#contract'
import type { BareHandler, Call, Handler, Html, PageContent, RawHandler, Router } from '../sdk/index.ts'
import { problem } from '../sdk/index.ts'

export interface RouteEntry {
  owner: string
  route: Route
  handler: Handler<string, unknown, unknown, unknown> | null
  /** Instead of a handler, where the route is `isRaw`. */
  raw: RawHandler<string> | null
}
export interface PageEntry {
  owner: string
  path: string
  render(params: Record<string, string>, call: Call): Promise<PageContent> | PageContent
}
interface LandingEntry {
  owner: string
  render(call: Call): Promise<Html> | Html
}
interface Found<T> {
  entry: T
  params: Record<string, string>
}

/** The routes, pages and bare handlers of one site, each with its owner, so that a disabled plugin's are dropped. */
export interface RouteTable {
  routerFor(owner: string): Router
  dropOwner(owner: string): void
  findRoute(method: string, path: string): Found<RouteEntry> | { allowed: string[] } | null
  findPage(path: string): Found<PageEntry> | null
  /** What the plugins put on the landing page. */
  landing(call: Call): Promise<Html[]>
  findBare(prefix: string): BareHandler | undefined
  routes(): RouteEntry[]
  pages(): PageEntry[]
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

export function createRouteTable(): RouteTable {
  let routes: RouteEntry[] = []
  let pages: PageEntry[] = []
  let landing: LandingEntry[] = []
  const bare = new Map<string, { owner: string; handler: BareHandler }>()
  let tree = findMyWay<findMyWay.HTTPVersion.V1>()
  let isStale = false

  const index = () => {
    if (!isStale) return tree
    isStale = false
    tree = findMyWay({ ignoreTrailingSlash: true, maxParamLength: 200 })
    for (const entry of routes) tree.on(entry.route.method, toPattern(entry.route.path), noop, entry)
    // Pages live under a method nobody sends, so that one tree serves both.
    for (const entry of pages) tree.on('SEARCH', toPattern(entry.path), noop, entry)
    return tree
  }
  const find = <T>(method: string, path: string): Found<T> | null => {
    const found = index().find(method as 'GET', path)
    return found ? { entry: found.store as T, params: found.params as Record<string, string> } : null
  }
  const add = (entry: RouteEntry) => {
    const { method, path } = entry.route
    if (routes.some(({ route }) => route.method === method && route.path === path))
      throw new Error(`${method} ${path} is already served.`)
    routes.push(entry)
    isStale = true
  }
  return {
    routerFor: (owner) => ({
      handle: (route, handler) =>
        add({ owner, route: route as Route, handler: handler as RouteEntry['handler'], raw: null }),
      raw: (route, raw) =>
        add({ owner, route: route as Route, handler: null, raw: raw as RouteEntry['raw'] }),
      page: (path, render) => {
        pages.push({ owner, path, render: render as PageEntry['render'] })
        isStale = true
      },
      landing: (render) => {
        landing.push({ owner, render })
      },
      bare: (prefix, handler) => {
        if (bare.has(prefix)) throw new Error(`/${prefix}/ is already served.`)
        bare.set(prefix, { owner, handler })
      },
    }),
    dropOwner: (owner) => {
      routes = routes.filter((entry) => entry.owner !== owner)
      pages = pages.filter((entry) => entry.owner !== owner)
      landing = landing.filter((entry) => entry.owner !== owner)
      for (const [prefix, entry] of bare) if (entry.owner === owner) bare.delete(prefix)
      isStale = true
    },
    findRoute: (method, path) => {
      const found = find<RouteEntry>(method, path)
      if (found) return checkIds(found)
      const allowed = methods.filter((other) => find(other, path))
      return allowed.length > 0 ? { allowed } : null
    },
    findPage: (path) => find<PageEntry>('SEARCH', path),
    landing: (call) => Promise.all(landing.map((entry) => entry.render(call))),
    findBare: (prefix) => bare.get(prefix)?.handler,
    routes: () => routes,
    pages: () => pages,
  }
}

const noop = () => {}
const toPattern = (path: string) => path.replace(/\{(\w+)\}/g, ':$1')
const uuid = z.uuid()

/** A parameter called `id` or `…Id` that is no UUID cannot name anything: 404 before any query. */
function checkIds(found: Found<RouteEntry>): Found<RouteEntry> {
  for (const [name, value] of Object.entries(found.params))
    if ((name === 'id' || name.endsWith('Id')) && !uuid.safeParse(value).success) throw problem(notFound)
  return found
}
