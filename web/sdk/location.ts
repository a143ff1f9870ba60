import { computed, signal } from '@preact/signals'

const canBrowse = typeof window !== 'undefined'
const here = () => (canBrowse ? location.pathname + location.search : '/')
const current = signal(here())

/** Path and query of the page, without the hash; read `.value` to follow it. */
export const url = computed(() => current.value)
export const path = computed(() => current.value.split('?')[0] ?? '/')
export const query = computed(() => new URLSearchParams(current.value.split('?')[1] ?? ''))

/** Goes to a page of this site without loading it anew; `replace` leaves no step back. */
export function navigate(to: string, options: { replace?: boolean } = {}): void {
  if (!canBrowse) return
  if (options.replace) history.replaceState(null, '', to)
  else if (to !== here()) history.pushState(null, '', to)
  current.value = here()
}

/** Only a path of this site is followed after signing in; anything else is `fallback`. */
export function safeNext(next: string | null | undefined, fallback = '/'): string {
  if (!next?.startsWith('/')) return fallback
  const base = 'http://veza.invalid'
  try {
    const parsed = new URL(next, base)
    return parsed.origin === base ? parsed.pathname + parsed.search + parsed.hash : fallback
  } catch {
    return fallback
  }
}

/** `/live/:slug` against `/live/main` -> `{ slug: 'main' }`, `/@:name` against `/@ann` -> `{ name: 'ann' }`; null when it does not fit. A last `*` takes the rest. */
export function matchPath(pattern: string, at: string): Record<string, string> | null {
  const wanted = pattern
    .replace(/\{(\w+)\}/g, ':$1')
    .split('/')
    .filter(Boolean)
  const given = at.split('/').filter(Boolean)
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    if (part === '*') return params
    const value = given[index]
    if (value === undefined) return null
    // `@:username` takes what comes after the sign.
    const [before = '', name] = part.split(':')
    if (name === undefined) {
      if (part !== value) return null
      continue
    }
    if (!value.startsWith(before) || value.length === before.length) return null
    try {
      params[name] = decodeURIComponent(value.slice(before.length))
    } catch {
      return null
    }
  }
  return wanted.length === given.length ? params : null
}

function isOurs(link: HTMLAnchorElement, event: MouseEvent): boolean {
  if (event.defaultPrevented || event.button !== 0) return false
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false
  if (link.origin !== location.origin || link.hasAttribute('download')) return false
  if (link.target && link.target !== '_self') return false
  if (/^\/(api|assets|hls|media|audio)\//.test(link.pathname)) return false
  return !(link.hash && link.pathname + link.search === here())
}

/** Makes every ordinary link a step within the app; called once by the shell. */
export function followLinks(): void {
  addEventListener('popstate', () => {
    current.value = here()
  })
  document.addEventListener('click', (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement)
    if (!link?.href || !isOurs(link, event)) return
    event.preventDefault()
    navigate(link.pathname + link.search + link.hash)
  })
}
