import type { IncomingMessage, ServerResponse } from 'node:http'
import type { PathParams, Route } from '#contract'
import type { Account, Call } from './context.ts'
import type { Html, PageContent } from './page.ts'

export type Handler<Path extends string, Query, Body, Result> = (
  input: { params: PathParams<Path>; query: Query; body: Body },
  call: Call,
) => Promise<Result> | Result

/** Reads the request and answers by itself; what it throws before that becomes a refusal as on any route. */
export type RawHandler<Path extends string> = (
  input: { params: PathParams<Path>; req: IncomingMessage; res: ServerResponse },
  call: Call,
) => Promise<void>

/**
 * A bare request that never meets Koa; `rest` is the path after the prefix, without query. `caller` looks up whose
 * cookie or token came with it: a query, so not for each segment.
 */
export type BareHandler = (
  req: IncomingMessage,
  res: ServerResponse,
  rest: string,
  caller: () => Promise<Account | null>,
) => void | Promise<void>

export interface Router {
  /** Serves a route of the plugin's contract. */
  handle<Path extends string, Query, Body, Result>(
    route: Route<Path, Query, Body, Result>,
    handler: Handler<Path, Query, Body, Result>,
  ): void
  /**
   * Serves a route declared `isRaw`: access and rate are checked as ever, HEAD comes to its GET. A query that is declared
   * is for the handler to read.
   */
  raw<Path extends string, Query>(
    route: Route<Path, Query, undefined, undefined>,
    handler: RawHandler<Path>,
  ): void
  /** Server-rendered head and readable body of a page (`/live/{slug}`); the app then takes over in the browser. */
  page<Path extends string>(
    path: Path,
    render: (params: PathParams<Path>, call: Call) => Promise<PageContent> | PageContent,
  ): void
  /** A part of the landing page for crawlers and readers without JavaScript, in the order of the plugins. */
  landing(render: (call: Call) => Promise<Html> | Html): void
  /** Media in front of Koa: `prefix` is one path segment, as `hls`; checks its own access, by signed address. */
  bare(prefix: string, handler: BareHandler): void
}
