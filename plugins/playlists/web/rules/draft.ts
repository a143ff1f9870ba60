import { dateFields, flagFields, numberFields, type Rule, textFields } from '#plugins/catalog'

export const allFields = [...textFields, ...numberFields, ...dateFields, ...flagFields] as const
export type RuleField = (typeof allFields)[number]
export type FieldKind = 'text' | 'number' | 'date' | 'flag'

/** A rule while it is being written: values as they stand in their fields. */
export interface RuleDraft {
  field: RuleField
  is: string
  value: string
  to: string
}

const within = (list: readonly string[], field: string) => list.includes(field)
export function kindOf(field: RuleField): FieldKind {
  if (within(textFields, field)) return 'text'
  if (within(numberFields, field)) return 'number'
  return within(dateFields, field) ? 'date' : 'flag'
}

/** How a field can be compared, by its kind; the first is chosen at first. */
export const comparisons: Record<FieldKind, readonly string[]> = {
  text: ['is', 'is-not', 'contains', 'begins'],
  number: ['at-least', 'at-most', 'between', 'is'],
  date: ['within-days', 'not-within-days'],
  flag: ['is'],
}

export function draftOf(field: RuleField, before?: RuleDraft): RuleDraft {
  const kind = kindOf(field)
  if (before && kindOf(before.field) === kind) return { ...before, field }
  const value = { text: '', number: '', date: '30', flag: 'true' }[kind]
  return { field, is: comparisons[kind][0] ?? 'is', value, to: '' }
}

export function toDraft(rule: Rule): RuleDraft {
  if (rule.is === 'between')
    return { field: rule.field, is: rule.is, value: String(rule.from), to: String(rule.to) }
  return { field: rule.field, is: rule.is, value: String(rule.value), to: '' }
}

/** Null while something is missing. */
export function toRule({ field, is, value, to }: RuleDraft): Rule | null {
  const kind = kindOf(field)
  if (value.trim() === '') return null
  if (kind === 'text') return { field, is, value: value.trim() } as Rule
  if (kind === 'flag') return { field, is: 'is', value: value === 'true' } as Rule
  const number = Number(value.replace(',', '.'))
  if (!Number.isFinite(number)) return null
  if (kind === 'date') {
    const isDays = Number.isInteger(number) && number >= 1 && number <= 36_500
    return isDays ? ({ field, is, value: number } as Rule) : null
  }
  if (is !== 'between') return { field, is, value: number } as Rule
  const end = Number(to.replace(',', '.'))
  return to.trim() !== '' && Number.isFinite(end) ? ({ field, is, from: number, to: end } as Rule) : null
}
