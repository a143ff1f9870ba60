import { useState } from 'preact/hooks'
import type { Page, Route } from '#contract'
import { type CallArgs, type CallInput, call } from './call.ts'
import { asProblem, type ProblemError } from './problem-error.ts'
import { type Query, type QueryArgs, useQuery } from './query.ts'

export interface Pages<Item> {
  /** The first page: its loading and error states are those of the list. */
  query: Query<Page<Item>>
  /** All items fetched so far. */
  items: Item[]
  hasMore: boolean
  isLoadingMore: boolean
  moreError: ProblemError | null
  more(): Promise<void>
}

interface Further<Item> {
  of: Page<Item> | undefined
  items: Item[]
  next: string | null
}

/** A list that comes in pages (`{ items, next }`): the first by `useQuery`, further ones when asked for. */
export function usePages<Path extends string, Q extends { after?: string | undefined }, Item>(
  route: Route<Path, Q, undefined, Page<Item>>,
  input: CallInput<Path, Q, undefined>,
): Pages<Item> {
  const query = useQuery(route, ...([input] as unknown as QueryArgs<Path, Q, undefined>))
  const first = query.data
  const [further, setFurther] = useState<Further<Item>>({ of: undefined, items: [], next: null })
  const [isLoadingMore, setLoading] = useState(false)
  const [moreError, setError] = useState<ProblemError | null>(null)
  const isCurrent = further.of === first && first !== undefined
  const next = isCurrent ? further.next : (first?.next ?? null)
  const items = [...(first?.items ?? []), ...(isCurrent ? further.items : [])]
  const more = async () => {
    if (!next || isLoadingMore) return
    setLoading(true)
    setError(null)
    try {
      const asked: unknown = [{ ...input, query: { ...input.query, after: next } }]
      const page = await call(route, ...(asked as CallArgs<Path, Q, undefined>))
      setFurther({ of: first, items: [...(isCurrent ? further.items : []), ...page.items], next: page.next })
    } catch (error) {
      setError(asProblem(error))
    } finally {
      setLoading(false)
    }
  }
  return { query, items, hasMore: next !== null, isLoadingMore, moreError, more }
}
