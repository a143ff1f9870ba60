import { formatDuration, formatNumber, type Translate } from '#web'
import type { ShowStats } from '../../contract.ts'
import type { statsTexts } from './texts.ts'

type T = Translate<(typeof statsTexts)['en']>
export interface Total {
  id: string
  value: string
  words: string
}

/** The newest delay that was measured; null where none was. */
function delayOf({ delayMs }: ShowStats): number | null {
  return delayMs.findLast((one) => one !== null) ?? null
}

/** Of many hours the minutes say nothing. */
const inHours = (seconds: number) => (seconds < 36_000 ? seconds : Math.round(seconds / 3_600) * 3_600)

/** What is said of a show in a few numbers. */
export function totalsOf(t: T, stats: ShowStats): Total[] {
  const { people, peak, watchS, replay } = stats
  const delay = delayOf(stats)
  const seconds = (ms: number) => formatNumber(ms / 1000, { maximumFractionDigits: 1 })
  return [
    { id: 'people', value: formatNumber(people), words: t('people', { count: people }) },
    { id: 'peak', value: formatNumber(peak), words: t('peak') },
    { id: 'average', value: formatDuration(people > 0 ? (watchS * 1000) / people : 0), words: t('average') },
    { id: 'total', value: formatDuration(inHours(watchS) * 1000), words: t('total') },
    ...(delay === null
      ? []
      : [{ id: 'delay', value: t('seconds', { value: seconds(delay) }), words: t('delay') }]),
    ...(replay.people === 0
      ? []
      : [{ id: 'replay', value: formatNumber(replay.people), words: t('replayPeople') }]),
  ]
}
