import { type Language, language } from './language.ts'

/** One text, or its plural forms picked by `count`: `{ one: '{count} viewer', other: '{count} viewers' }`. */
export type Text = string | { readonly [Form in Intl.LDMLPluralRule]?: string }
type Names<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
type ValuesOf<T> = T extends string
  ? [Names<T>] extends [never]
    ? []
    : [values: { [N in Names<T>]: string | number }]
  : [values: { count: number } & { [N in Exclude<Names<T[keyof T]>, 'count'>]: string | number }]

/** A page's texts in every language; made by `defineTexts`, used by `useTexts`. */
export interface Texts<Keys extends Record<string, Text>> {
  readonly kind: 'texts'
  readonly en: Keys
  readonly fr: { readonly [K in keyof Keys]: Text }
}
/** `t('viewers', { count: 3 })`: the values a text needs are known from its braces. */
export type Translate<Keys extends Record<string, Text>> = <K extends keyof Keys>(
  key: K,
  ...values: ValuesOf<Keys[K]>
) => string

/** Declares texts, in English and French with the same keys. Keep them in a file `texts.ts` beside the page. */
export function defineTexts<const Keys extends Record<string, Text>>(texts: {
  en: Keys
  fr: { [K in keyof Keys]: Text }
}): Texts<Keys> {
  return { kind: 'texts', ...texts }
}

const rules = new Map<Language, Intl.PluralRules>()
function formOf(lang: Language, count: number): Intl.LDMLPluralRule {
  const known = rules.get(lang) ?? new Intl.PluralRules(lang)
  rules.set(lang, known)
  return known.select(count)
}

/** French keeps `?`, `:`, `;` and the quotes on the line of their word. */
function spaced(lang: Language, pattern: string): string {
  return lang === 'fr' ? pattern.replace(/ (?=[?:;»])|(?<=«) /g, '\u00a0') : pattern
}

/** Fills a text: picks the plural form by `values.count`, puts values into the braces, numbers by locale. */
export function fillText(lang: Language, text: Text, values: Record<string, string | number> = {}): string {
  const pattern =
    typeof text === 'string' ? text : (text[formOf(lang, Number(values.count ?? 0))] ?? text.other ?? '')
  return spaced(lang, pattern).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return typeof value === 'number' ? value.toLocaleString(lang) : value
  })
}

/** The texts as a function, in the page's language; a component that uses it follows the language. */
export function useTexts<Keys extends Record<string, Text>>(texts: Texts<Keys>): Translate<Keys> {
  const lang = language.value
  return (key, ...[values]) => fillText(lang, texts[lang][key] as Text, values)
}
