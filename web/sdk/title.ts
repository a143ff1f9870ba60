import { useEffect } from 'preact/hooks'
import { site } from './site.ts'

/** `Saturday, slowly · Your Label` in the tab; undefined while the name is not known yet. */
export function useTitle(title: string | undefined): void {
  const label = site.value.title
  useEffect(() => {
    if (title !== undefined) document.title = [title, label].filter(Boolean).join(' · ')
  }, [title, label])
}
