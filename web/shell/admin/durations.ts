import { say, type Words } from '../../sdk/language.ts'

const choices: { minutes: string; label: Words }[] = [
  { minutes: '60', label: { en: 'For an hour', fr: 'Pendant une heure' } },
  { minutes: '1440', label: { en: 'For a day', fr: 'Pendant un jour' } },
  { minutes: '10080', label: { en: 'For a week', fr: 'Pendant une semaine' } },
  { minutes: '43200', label: { en: 'For 30 days', fr: 'Pendant 30 jours' } },
]

const ALWAYS = 'always'

/** For how long something holds, as options of a select; the first is `forGood`. */
export function durationOptions(forGood: string): { value: string; label: string }[] {
  return [
    { value: ALWAYS, label: forGood },
    ...choices.map(({ minutes, label }) => ({ value: minutes, label: say(label) })),
  ]
}

/** What the select says, as the routes take it. */
export const minutesOf = (value: string): number | null => (value === ALWAYS ? null : Number(value))
