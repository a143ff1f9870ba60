import { type Signal, signal } from '@preact/signals'
import { useLayoutEffect } from 'preact/hooks'
import type { Route } from '#contract'
import { type CallArgs, type CallInput, call, urlOf } from './call.ts'
import { asProblem, type ProblemError } from './problem-error.ts'

interface Entry {
  url: string
  state: Signal<{ data: unknown; error: ProblemError | null; isLoading: boolean }>
  running: Promise<void> | null
  fetchedAt: number
  users: number
  load(): Promise<unknown>
}

/** `freshMs`: how old data may be before it is fetched again when a page opens (default 5 s). */
export interface QueryOptions {
  freshMs?: number
  /** Fetch again every so many ms while the page is visible. */
  everyMs?: number
}
export interface Query<Result> {
  /** Undefined until the first answer; kept while a newer one is on its way or has failed. */
  data: Result | undefined
  error: ProblemError | null
  isLoading: boolean
  reload(): Promise<void>
  /** Puts data in place by hand, e.g. from a realtime message or a PATCH's answer. */
  set(data: Result): void
}

/** As `call()` takes it, with null for "not yet". */
export type QueryArgs<Path extends string, Q, B> =
  Record<never, never> extends CallInput<Path, Q, B>
    ? [input?: CallInput<Path, Q, B> | null, options?: QueryOptions]
    : [input: CallInput<Path, Q, B> | null, options?: QueryOptions]

const KEPT = 200
const entries = new Map<string, Entry>()

function entryOf(url: string, load: () => Promise<unknown>): Entry {
  const known = entries.get(url)
  if (known) return known
  if (entries.size >= KEPT) {
    for (const [key, entry] of entries) if (entry.users === 0) entries.delete(key)
  }
  const entry: Entry = {
    url,
    state: signal({ data: undefined, error: null, isLoading: true }),
    running: null,
    fetchedAt: 0,
    users: 0,
    load,
  }
  entries.set(url, entry)
  return entry
}

function refresh(entry: Entry): Promise<void> {
  entry.running ??= fetchInto(entry).finally(() => {
    entry.running = null
  })
  return entry.running
}

async function fetchInto(entry: Entry): Promise<void> {
  entry.state.value = { ...entry.state.peek(), isLoading: true }
  try {
    const data = await entry.load()
    entry.fetchedAt = Date.now()
    entry.state.value = { data, error: null, isLoading: false }
  } catch (error) {
    entry.state.value = { ...entry.state.peek(), error: asProblem(error), isLoading: false }
  }
}

const idle: Entry = {
  url: '',
  state: signal({ data: undefined, error: null, isLoading: false }),
  running: null,
  fetchedAt: 0,
  users: 0,
  load: async () => undefined,
}

/**
 * Data of a GET route, shared by all who ask for the same address: shown at once when known, then refreshed.
 * Input null asks for nothing yet.
 */
export function useQuery<Path extends string, Q, B, Result>(
  route: Route<Path, Q, B, Result>,
  ...[input, options]: QueryArgs<Path, Q, B>
): Query<Result> {
  const given = input === undefined ? ({} as CallInput<Path, Q, B>) : input
  const url = given === null ? '' : urlOf(route, given)
  const load = () => call(route, ...([given] as unknown as CallArgs<Path, Q, B>))
  const entry = given === null ? idle : entryOf(url, load)
  const { freshMs = 5000, everyMs } = options ?? {}
  // Before painting, as its end is told at once, too: who is gone must not have anything fetched again.
  useLayoutEffect(() => {
    if (entry === idle) return undefined
    entry.users += 1
    if (Date.now() - entry.fetchedAt > freshMs) void refresh(entry)
    const timer = everyMs ? setInterval(() => document.hidden || void refresh(entry), everyMs) : null
    return () => {
      entry.users -= 1
      if (timer) clearInterval(timer)
    }
  }, [entry, freshMs, everyMs])
  const state = entry.state.value
  return {
    data: state.data as Result | undefined,
    error: state.error,
    isLoading: state.isLoading,
    reload: () => (entry === idle ? Promise.resolve() : refresh(entry)),
    set: (data) => {
      entry.fetchedAt = Date.now()
      entry.state.value = { data, error: null, isLoading: false }
    },
  }
}

/** Fetches again what is shown of a route (any input), and forgets what is not shown. */
export function invalidate(route: { path: string }): void {
  const start = route.path.split('{')[0] ?? route.path
  for (const [url, entry] of entries) {
    if (!url.startsWith(start)) continue
    if (entry.users > 0) void refresh(entry)
    else entries.delete(url)
  }
}

/** Forgets everything, e.g. when another account signs in; what is still shown then is fetched again. */
export function forgetQueries(): void {
  const known = [...entries]
  const forget = () => {
    for (const [url, entry] of known) {
      if (entry.users > 0) void refresh(entry)
      else if (entries.get(url) === entry) entries.delete(url)
    }
  }
  // Pages that need an account go away with it: what was theirs is not asked for any more.
  setTimeout(forget)
}
