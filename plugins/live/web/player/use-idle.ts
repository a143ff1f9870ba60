import { useEffect, useRef, useState } from 'preact/hooks'

const idleAfterMs = 2_600

/** Whether the viewer only watches: controls go away then, and come back with the pointer, a touch or a key. */
export function useIdle(isPlaying: boolean) {
  const [isIdle, setIdle] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const lastTouch = useRef(0)
  const isOn = useRef(isPlaying)
  isOn.current = isPlaying
  const wake = (event?: Event) => {
    if (event && 'pointerType' in event && event.pointerType === 'touch') lastTouch.current = Date.now()
    setIdle(false)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setIdle(isOn.current), idleAfterMs)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: each start of playing begins the wait anew
  useEffect(() => {
    wake()
    return () => clearTimeout(timer.current)
  }, [isPlaying])
  return { isIdle: isIdle && isPlaying, wake, wasTouch: () => Date.now() - lastTouch.current < 800 }
}
