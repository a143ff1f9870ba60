import { useLayoutEffect } from 'preact/hooks'
import type { Route } from '#contract'
import { type CallArgs, type CallInput, call, urlOf } from './call.ts'
import type { ProblemError } from './problem-error.ts'
import { type Change, change, type Entry, newEntry, put, refresh, renew } from './query-entry.ts'

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
  /** Fetches what is so from now on: an answer that is on its way may be older, so another one follows it. */
  reload(): Promise<void>
  /** Puts data in place by hand, e.g. from a PATCH's answer. */
  set(data: Result): void
  /** Changes a part of the data by hand, e.g. from a realtime message; of an answer on its way, too. */
  change(change: (data: Result) => Result): void
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
  const entry = newEntry(url, load)
  entries.set(url, entry)
  return entry
}

const idle = newEntry('', async () => undefined)
idle.state.value = { data: undefined, error: null, isLoading: false }

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
    reload: () => (entry === idle ? Promise.resolve() : renew(entry)),
    set: (data) => put(entry, data),
    change: (work) => change(entry, work as Change),
  }
}

/** Fetches again what is shown of a route (any input), and forgets what is not shown. */
export function invalidate(route: { path: string }): void {
  const start = route.path.split('{')[0] ?? route.path
  for (const [url, entry] of entries) {
    if (!url.startsWith(start)) continue
    if (entry.users > 0) void renew(entry)
    else entries.delete(url)
  }
}

/** Forgets everything, e.g. when another account signs in; what is still shown then is fetched again. */
export function forgetQueries(): void {
  const known = [...entries]
  const forget = () => {
    for (const [url, entry] of known) {
      if (entry.users > 0) void renew(entry)
      else if (entries.get(url) === entry) entries.delete(url)
    }
  }
  // Pages that need an account go away with it: what was theirs is not asked for any more.
  setTimeout(forget)
}
