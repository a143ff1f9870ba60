import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { type Fill, Skeleton } from '#web'

/** A tab of another plugin, loaded when it is opened. */
export function Filled({ fill }: { fill: Fill }) {
  const [part, setPart] = useState<{ Part: ComponentType } | null>(null)
  useEffect(() => {
    let isHere = true
    void fill.load().then((module) => {
      if (isHere) setPart({ Part: module.default as ComponentType })
    })
    return () => {
      isHere = false
    }
  }, [fill])
  return part ? <part.Part /> : <Skeleton lines={6} />
}
