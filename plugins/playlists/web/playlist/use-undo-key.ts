import { useEffect } from 'preact/hooks'
import type { LiveList } from './live-list.ts'

/** Ctrl+Z (or Cmd+Z) anywhere on the page but in a field, which has its own. */
export function useUndoKey(list: LiveList | null): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isUndo = event.key === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey
      const isField = event.target instanceof Element && event.target.matches('input, textarea, select')
      if (!isUndo || isField || !list?.canUndo.peek()) return
      event.preventDefault()
      list.undo()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [list])
}
