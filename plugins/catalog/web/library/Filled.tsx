import { ErrorState, type Fill, Skeleton, useLoaded } from '#web'

/** A tab of another plugin, loaded when it is opened. */
export function Filled({ fill }: { fill: Fill }) {
  const { Part, error, retry } = useLoaded(fill.load)
  if (Part) return <Part {...{}} />
  return error ? <ErrorState error={error} retry={retry} /> : <Skeleton lines={6} />
}
