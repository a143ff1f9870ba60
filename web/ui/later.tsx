import type { ComponentChildren, ComponentType } from 'preact'
import { useLoaded } from '../sdk/lazy.tsx'
import { Skeleton } from './skeleton.tsx'
import { ErrorState } from './states.tsx'

interface LaterProps<Props> {
  load: () => Promise<{ default: ComponentType<Props> }>
  props: Props
  /** In its place until then: some grey lines, or null for a part that nobody waits for. */
  wait?: ComponentChildren
}

/** A part that is loaded when it is first shown: what only some readers open, or may open. */
export function Later<Props extends object>({
  load,
  props,
  wait = <Skeleton lines={4} />,
}: LaterProps<Props>) {
  const { Part, error, retry } = useLoaded(load)
  if (Part) return <Part {...props} />
  if (error) return <ErrorState error={error} retry={retry} />
  return <>{wait}</>
}
