import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { actionFor, type KeyAction } from './keys.ts'

/** Keys act inside the player, and on the page while nothing else has the focus. */
export function usePlayerKeys(
  box: RefObject<HTMLElement | null>,
  hasCameras: boolean,
  act: (action: KeyAction) => void,
): void {
  const newest = useRef(act)
  newest.current = act
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return
      const isPage = target === document.body || target.id === 'main'
      const action = actionFor(
        {
          key: event.key,
          hasModifier: event.metaKey || event.ctrlKey || event.altKey,
          tag: target.tagName,
          inputType: target instanceof HTMLInputElement ? target.type : '',
          isEditable: target.isContentEditable,
          isOurs: isPage || target.closest('.player-cameras') !== null || !!box.current?.contains(target),
          isPage,
        },
        hasCameras,
      )
      if (action === null) return
      event.preventDefault()
      newest.current(action)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [box, hasCameras])
}
