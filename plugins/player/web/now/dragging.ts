import Sortable from 'sortablejs'

/** Rows of the list can be dragged by their grips; tells the row's key and its new place. */
export function makeSortable(list: HTMLElement, onMove: (key: number, to: number) => void): () => void {
  const sortable = Sortable.create(list, {
    handle: '.now-grip',
    animation: 140,
    delay: 120,
    delayOnTouchOnly: true,
    ghostClass: 'is-moved',
    onEnd({ item, oldIndex, newIndex }) {
      if (oldIndex === undefined || newIndex === undefined || oldIndex === newIndex) return
      // The page draws the new order itself: put back what was moved by hand.
      const rows = [...list.children].filter((row) => row !== item)
      list.insertBefore(item, rows[oldIndex] ?? null)
      onMove(Number(item.dataset.key), newIndex)
    },
  })
  return () => sortable.destroy()
}
