import { useState } from 'preact/hooks'

/** The text in a room's box; survives leaving the page and coming back, in this tab. */
export function useKeptText(slug: string): [string, (text: string) => void] {
  const key = `veza.chat.${slug}`
  const [text, setText] = useState(() => read(key))
  const keep = (next: string) => {
    setText(next)
    write(key, next)
  }
  return [text, keep]
}

function read(key: string): string {
  try {
    return sessionStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}

// Storage may be switched off: the text then lives as long as the page.
function write(key: string, text: string): void {
  try {
    if (text) sessionStorage.setItem(key, text)
    else sessionStorage.removeItem(key)
  } catch {}
}
