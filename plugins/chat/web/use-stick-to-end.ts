import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Closer to the end than this counts as being there. */
const endPx = 48
/** Closer to the top than this loads older messages. */
const topPx = 240

interface Options {
  /** Changes when something is put before what was shown. */
  firstKey: string | undefined
  /** Changes when something is put at the end. */
  lastKey: string | undefined
  /** Changes when the reader wrote something: they want to see it. */
  ownCount: number
  /** Told in step with scrolling, for the owner of the list. */
  isAtEnd: { current: boolean }
  onNearTop(): void
}

/** Keeps a list at its end while the reader is there, and what they read in place when older lines come in. */
export function useStickToEnd({ firstKey, lastKey, ownCount, isAtEnd, onNearTop }: Options) {
  const list = useRef<HTMLDivElement>(null)
  const [hasNews, setNews] = useState(false)
  const before = useRef({ firstKey, lastKey, ownCount, height: 0 })

  const toEnd = () => {
    const box = list.current
    if (box) box.scrollTop = box.scrollHeight
    isAtEnd.current = true
    setNews(false)
  }
  useLayoutEffect(() => {
    const box = list.current
    if (!box) return
    const was = before.current
    if (isAtEnd.current || ownCount > was.ownCount) toEnd()
    else if (firstKey !== was.firstKey) box.scrollTop += box.scrollHeight - was.height
    else if (lastKey !== was.lastKey) setNews(true)
    before.current = { firstKey, lastKey, ownCount, height: box.scrollHeight }
  })
  useEffect(() => {
    const box = list.current
    if (!box) return undefined
    // A keyboard that opens, or a turned phone, must not hide the newest line.
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) box.scrollTop = box.scrollHeight
    })
    observer.observe(box)
    return () => observer.disconnect()
  }, [isAtEnd])

  const onScroll = () => {
    const box = list.current
    if (!box) return
    isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < endPx
    if (isAtEnd.current) setNews(false)
    if (box.scrollTop < topPx && box.scrollHeight > box.clientHeight) onNearTop()
  }
  return { list, onScroll, hasNews, toEnd }
}
