import { type Signal, signal } from '@preact/signals'
import { asProblem, type ProblemError } from './problem-error.ts'

/** What is known of one address, and what is on its way. */
export interface Entry {
  url: string
  state: Signal<{ data: unknown; error: ProblemError | null; isLoading: boolean }>
  running: Promise<void> | null
  /** The fetch after the running one, where somebody asked for one meanwhile. */
  following: Promise<void> | null
  /** Made by hand while an answer was on its way: it may have been written before them. */
  changes: Change[]
  fetchedAt: number
  users: number
  load(): Promise<unknown>
}
export type Change = (data: unknown) => unknown

export function newEntry(url: string, load: () => Promise<unknown>): Entry {
  return {
    url,
    state: signal({ data: undefined, error: null, isLoading: true }),
    running: null,
    following: null,
    changes: [],
    fetchedAt: 0,
    users: 0,
    load,
  }
}

/** Fetches; whoever else asks meanwhile shares the answer. */
export function refresh(entry: Entry): Promise<void> {
  entry.running ??= fetchInto(entry).finally(() => {
    entry.running = null
  })
  return entry.running
}

/** Fetches for somebody who knows of news, which an answer on its way may not hold: another one follows it. */
export function renew(entry: Entry): Promise<void> {
  if (!entry.running) return refresh(entry)
  entry.following ??= entry.running.then(() => {
    entry.following = null
    return refresh(entry)
  })
  return entry.following
}

/** Puts data in place; an answer on its way is older. */
export function put(entry: Entry, data: unknown): void {
  if (entry.running) entry.changes.push(() => data)
  entry.fetchedAt = Date.now()
  entry.state.value = { data, error: null, isLoading: false }
}

/** Changes what is known, and what is on its way. */
export function change(entry: Entry, work: Change): void {
  if (entry.running) entry.changes.push(work)
  const state = entry.state.peek()
  if (state.data !== undefined) entry.state.value = { ...state, data: work(state.data) }
}

async function fetchInto(entry: Entry): Promise<void> {
  entry.changes = []
  entry.state.value = { ...entry.state.peek(), isLoading: true }
  try {
    const answer = await entry.load()
    const data = entry.changes.reduce((changed, work) => work(changed), answer)
    entry.fetchedAt = Date.now()
    entry.state.value = { data, error: null, isLoading: false }
  } catch (error) {
    entry.state.value = { ...entry.state.peek(), error: asProblem(error), isLoading: false }
  }
}
