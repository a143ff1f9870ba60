import { computed, signal } from '@preact/signals'
import { boot } from './boot.ts'
import { readCookie, writeCookie } from './cookie.ts'

export const LANGUAGES = ['en', 'fr'] as const
export type Language = (typeof LANGUAGES)[number]
/** A short text in every language, where a catalogue would be too much: `{ en: 'Live', fr: 'En direct' }`. */
export type Words = Readonly<Record<Language, string>>

/** The first wish we can serve; English otherwise. `fr-CA` is served as `fr`. */
export function pickLanguage(wishes: readonly (string | undefined | null)[]): Language {
  for (const wish of wishes) {
    const short = wish?.toLowerCase().split(/[-_]/)[0]
    const found = LANGUAGES.find((language) => language === short)
    if (found) return found
  }
  return 'en'
}

const fromBrowser = typeof navigator === 'undefined' ? [] : (navigator.languages ?? [navigator.language])
const current = signal<Language>(pickLanguage([readCookie('veza_language'), boot.language, ...fromBrowser]))

/** The language of the page; read `.value` in a component to follow it. */
export const language = computed(() => current.value)

/** Switches the page at once and keeps the choice for a year, also for what the server renders. */
export function setLanguage(next: Language): void {
  current.value = next
  writeCookie('veza_language', next)
  if (typeof document !== 'undefined') document.documentElement.lang = next
}

/** What numbers and dates follow: the reader's own region where it speaks the page's language (`en-GB`, `fr-CA`). */
export function locale(): string {
  const lang = current.value
  return fromBrowser.find((wish) => wish === lang || wish?.startsWith(`${lang}-`)) ?? lang
}

/** Picks the language's word. */
export function say(words: Words): string {
  return words[current.value]
}
