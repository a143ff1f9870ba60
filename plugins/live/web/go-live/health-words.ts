import type { Translate } from '#web'
import type { Health } from '../../contract.ts'
import { healthTexts } from './health-texts.ts'

type Note = Health['notes'][number]
type Keys = (typeof healthTexts)['en']

/** A note as a sentence; a code of a newer server is named. */
export function noteWords(t: Translate<Keys>, { code, values }: Note): string {
  if (!Object.hasOwn(healthTexts.en, code)) return t('unknown', { code })
  // The values of each code are made beside it on the server; a text uses those it names.
  const say = t as (key: string, values: Note['values']) => string
  return say(code, values)
}
