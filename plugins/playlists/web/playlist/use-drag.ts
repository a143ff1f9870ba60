import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** Rows that can be dragged by their handles; `moved` gets the numbers of the places. Loaded with the first list. */
export function useDrag(
  box: RefObject<HTMLElement | null>,
  isOn: boolean,
  moved: (from: number, to: number) => void,
): void {
  const newest = useRef(moved)
  newest.current = moved
  useEffect(() => {
    const element = box.current
    if (!isOn || !element) return undefined
    let sortable: { destroy(): void } | null = null
    let isGone = false
    const start = async () => {
      const { default: Sortable } = await import('sortablejs')
      if (isGone) return
      sortable = Sortable.create(element, {
        handle: '.list-handle',
        draggable: 'li',
        animation: 120,
        ghostClass: 'is-dragged',
        onEnd: ({ item, oldDraggableIndex: from = 0, newDraggableIndex: to = 0 }) => {
          // Back to where it was: the page itself puts it into its new place.
          const rows = [...element.children].filter((row) => row !== item)
          element.insertBefore(item, rows[from] ?? null)
          if (from !== to) newest.current(from, to)
        },
      })
    }
    start().catch(() => undefined)
    return () => {
      isGone = true
      sortable?.destroy()
    }
  }, [box, isOn])
}
