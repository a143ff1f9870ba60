import type { z } from '#contract'

type Issue = z.core.$ZodRawIssue
const formats: Record<string, string> = {
  uuid: 'Give an id, as lists show it.',
  email: 'Give an e-mail address, as somebody@label.example.',
  url: 'Give an address, as https://label.example.',
  datetime: 'Give a time, as 2026-03-01T20:00:00.000Z.',
}
const kinds: Record<string, string> = {
  number: 'Give a number.',
  int: 'Give a whole number.',
  boolean: 'Give true or false.',
  string: 'Give a text.',
  array: 'Give a list.',
}

/**
 * What is wrong with a typed value, in words for who typed it; for `safeParse`, where words of the schema's own win.
 * Nothing for what has no plain words here.
 */
export function plainWords(issue: Issue): string | undefined {
  if (issue.code === 'invalid_type')
    return issue.input === undefined ? 'It is missing.' : kinds[String(issue.expected)]
  if (issue.code === 'invalid_value') return `Choose one of ${issue.values.map(String).join(', ')}.`
  if (issue.code === 'invalid_format') return formats[issue.format]
  if (issue.code === 'too_small') return bound(issue, Number(issue.minimum), 'least')
  if (issue.code === 'too_big') return bound(issue, Number(issue.maximum), 'most')
  return undefined
}

function bound(
  { origin, inclusive }: { origin: string; inclusive?: boolean },
  limit: number,
  end: 'least' | 'most',
) {
  if (origin === 'string')
    return end === 'least' && limit === 1 ? 'It is empty.' : `Use at ${end} ${limit} characters.`
  if (origin === 'array') return `Give at ${end} ${limit}.`
  if (inclusive === false) return `Give a number ${end === 'least' ? 'above' : 'below'} ${limit}.`
  return `Give a number that is at ${end} ${limit}.`
}
