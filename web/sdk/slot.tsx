import type { ComponentChildren } from 'preact'
import { Component } from 'preact'
import type { Slot as SlotToken } from '#contract'
import { useLoaded } from './lazy.tsx'
import { type Fill, webPlugins } from './plugin.ts'
import { useSite } from './site.ts'

/** A broken fill must not take the page down with it: it is left out. */
class Guard extends Component<{ children: ComponentChildren }, { hasBroken: boolean }> {
  override state = { hasBroken: false }
  override componentDidCatch() {
    this.setState({ hasBroken: true })
  }
  override render() {
    return this.state.hasBroken ? null : this.props.children
  }
}

function Filled({ fill, props }: { fill: Fill; props: unknown }) {
  const { Part } = useLoaded(fill.load)
  return Part ? <Part {...(props as object)} /> : null
}

/** The fills of a slot by plugins that are switched on, in order. */
export function useFills<Props>(of: SlotToken<Props>): Fill[] {
  const on = useSite().plugins
  return webPlugins.value
    .filter(({ name }) => on.includes(name))
    .flatMap(({ fills = [] }) => fills.filter(({ slot }) => slot === of.name))
    .sort((a, b) => a.order - b.order)
}

/** A place in a page that other plugins fill; `fallback` is shown when none does. */
export function Slot<Props>({
  of,
  props,
  fallback = null,
}: {
  of: SlotToken<Props>
  props: Props
  fallback?: ComponentChildren
}) {
  const fills = useFills(of)
  if (fills.length === 0) return <>{fallback}</>
  return (
    <>
      {fills.map((fill) => (
        <Guard key={fill.load}>
          <Filled fill={fill} props={props} />
        </Guard>
      ))}
    </>
  )
}
