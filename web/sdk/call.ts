import { notSignedIn, type PathParams, type ProblemBody, type Route } from '#contract'
import { offlineProblem, ProblemError } from './problem-error.ts'

type Nothing = Record<never, never>

/** What a call takes: parameters of the path, query (all optional) and body, as the route token says. */
export type CallInput<Path extends string, Query, Body> = (unknown extends PathParams<Path>
  ? { params?: undefined }
  : { params: PathParams<Path> }) &
  ([Query] extends [undefined] ? { query?: undefined } : { query?: Partial<Query> | undefined }) &
  ([Body] extends [undefined] ? { body?: undefined } : { body: Body }) & {
    signal?: AbortSignal | undefined
    /** Sent as `Idempotency-Key`: the same again, with the same input, answers the first. */
    key?: string | undefined
  }

/** The input may be left out where nothing in it is required. */
export type CallArgs<Path extends string, Query, Body> =
  Nothing extends CallInput<Path, Query, Body>
    ? [input?: CallInput<Path, Query, Body>]
    : [input: CallInput<Path, Query, Body>]

interface LooseInput {
  params?: unknown
  query?: unknown
  body?: unknown
  signal?: AbortSignal | undefined
  key?: string | undefined
}

/** `/api/v1/live/channels/{slug}` + input -> path with query; values are escaped, undefined ones left out. */
export function urlOf(route: { path: string }, input: Pick<LooseInput, 'params' | 'query'> = {}): string {
  const params = (input.params ?? {}) as Record<string, string>
  const path = route.path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = params[name]
    if (value === undefined || value === '') throw new TypeError(`${route.path} needs ${name}`)
    return encodeURIComponent(value)
  })
  const query = new URLSearchParams()
  const entries = Object.entries((input.query ?? {}) as Record<string, unknown>)
  for (const [name, value] of entries)
    if (value !== undefined && value !== null) query.set(name, String(value))
  const text = query.toString()
  return text ? `${path}?${text}` : path
}

/**
 * Calls a route. Answers its result; throws ProblemError with the server's problem, or one named `offline` when
 * no answer came. The session cookie goes along; nothing is retried.
 */
export async function call<Path extends string, Query, Body, Result>(
  route: Route<Path, Query, Body, Result>,
  ...[input]: CallArgs<Path, Query, Body>
): Promise<Result> {
  const { body, signal, key, ...rest }: LooseInput = input ?? {}
  const asker = account
  const url = urlOf(route, rest)
  const headers: Record<string, string> = { accept: 'application/json' }
  if (key) headers['idempotency-key'] = key
  // What a route takes is not known here (slim-contracts.ts): a file is sent as it is.
  const bytes = body instanceof Blob ? body : undefined
  if (body !== undefined) headers['content-type'] = bytes ? bytes.type : 'application/json'
  const response = await send(url, {
    method: route.method,
    headers,
    credentials: 'same-origin',
    body: body === undefined ? null : (bytes ?? JSON.stringify(body)),
    signal: signal ?? null,
  })
  return read<Result>(url, response, asker)
}

let account = 0
/** Somebody else is signed in: a late answer to what was asked before says nothing of them. */
export function accountChanged(): void {
  account += 1
}

let signedOut = () => {}
/** Tells when an answer says that nobody is signed in any more. */
export function whenSignedOut(listener: () => void): void {
  signedOut = listener
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw offlineProblem(url)
  }
}

async function read<Result>(url: string, response: Response, asker: number): Promise<Result> {
  const text = await response.text().catch(() => '')
  const value = parse(text)
  if (response.ok && (text === '' || value !== undefined)) return value as Result
  const requestId = response.headers.get('x-request-id')
  if (isProblem(value)) {
    const problem = new ProblemError(value, requestId, secondsOf(response.headers.get('retry-after')))
    if (problem.is(notSignedIn) && asker === account) signedOut()
    throw problem
  }
  throw offlineProblem(url, response.status)
}

function secondsOf(retryAfter: string | null): number | null {
  const seconds = Number(retryAfter ?? Number.NaN)
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null
}

function parse(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isProblem(value: unknown): value is ProblemBody {
  return typeof value === 'object' && value !== null && 'type' in value && 'status' in value
}
