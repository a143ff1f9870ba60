import type { ComponentChildren } from 'preact'
import type { Query } from '../sdk/query.ts'
import { Skeleton } from './skeleton.tsx'
import { ErrorState } from './states.tsx'

interface QueryViewProps<Result> {
  query: Query<Result>
  /** A grey shape of what will come. */
  skeleton?: ComponentChildren
  children(data: Result): ComponentChildren
}

/** Shows what a query has: skeleton, error with a way on, or the data (older data stays while a refresh fails). */
export function QueryView<Result>({ query, skeleton, children }: QueryViewProps<Result>) {
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.error) return <ErrorState error={query.error} retry={() => void query.reload()} />
  return <>{skeleton ?? <Skeleton lines={4} />}</>
}
