import type { z } from 'zod'

/** Who may call a route: anybody, any signed-in account, or holders of a permission. */
export type Access = 'public' | 'signed-in' | { permission: string }
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** `'/channels/{slug}'` -> `{ slug: string }` */
export type PathParams<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? { [K in Name]: string } & PathParams<Rest>
  : unknown

/** A typed HTTP operation. The same token serves the handler, the browser's `call()`, the tests and OpenAPI. */
export interface Route<Path extends string = string, Query = unknown, Body = unknown, Result = unknown> {
  readonly kind: 'route'
  readonly method: Method
  readonly path: Path
  readonly access: Access
  readonly summary: string
  readonly query?: z.ZodType<Query>
  readonly body?: z.ZodType<Body>
  readonly result?: z.ZodType<Result>
  /** Largest accepted body in bytes; 256 KiB unless said. */
  readonly bodyLimit?: number
  /** The body as raw bytes of one of these media types instead of JSON (`['image/*']`); handlers get a Buffer. */
  readonly takes?: readonly string[]
  /** The handler reads the body and answers by itself (`router.raw`), as a protocol of its own asks for. */
  readonly isRaw?: boolean
  /** Media type of an answer that is text; JSON unless said. */
  readonly type?: string
  /** Calls allowed per address (or account when signed in) and minute; 120,000 for GET and 600 else unless said. */
  readonly perMinute?: number
}

/**
 * Declares a route. `path` begins with `/api/v1/<plugin>/` and names parameters in braces; a parameter called
 * `id` or ending in `Id` must be a UUID, else the answer is 404. Schemas are strict: unknown keys are refused.
 */
export function defineRoute<
  const Path extends string,
  Query = undefined,
  Body = undefined,
  Result = undefined,
>(route: Omit<Route<Path, Query, Body, Result>, 'kind'>): Route<Path, Query, Body, Result> {
  return { kind: 'route', ...route }
}
