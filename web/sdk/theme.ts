import { computed, signal } from '@preact/signals'
import { deriveAccent } from './accent.ts'
import { readCookie, writeCookie } from './cookie.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

function known(value: string | undefined): Theme | undefined {
  return THEMES.find((theme) => theme === value)
}

const fromPage = typeof document === 'undefined' ? undefined : document.documentElement.dataset.theme
const current = signal<Theme>(known(readCookie('veza_theme')) ?? known(fromPage) ?? 'system')

/** What the reader chose; `system` follows the machine. */
export const theme = computed(() => current.value)

/** Switches at once; the cookie lets the server render the next page without a flash. */
export function setTheme(next: Theme): void {
  current.value = next
  writeCookie('veza_theme', next)
  applyTheme()
}

/** Writes the choice to the page; called once at the start. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = current.value
}

/** Sets the label's colour, made readable in each theme; style sheets pick the pair that fits. */
export function applyAccent(accent: string): void {
  if (typeof document === 'undefined') return
  const { style } = document.documentElement
  for (const mode of ['light', 'dark'] as const) {
    const derived = deriveAccent(accent, mode)
    style.setProperty(`--brand-${mode}`, derived.brand)
    style.setProperty(`--on-brand-${mode}`, derived.onBrand)
    style.setProperty(`--accent-${mode}`, derived.accent)
    style.setProperty(`--on-accent-${mode}`, derived.onAccent)
  }
}
