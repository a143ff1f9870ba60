import { formatDuration, type Translate } from '#web'
import type { liveTexts } from './texts.ts'

/** How long a stream has been on, in ms; never negative where the reader's clock is behind. */
export function onAirMs(startedAt: string | null, now: number): number | null {
  if (startedAt === null) return null
  const started = Date.parse(startedAt)
  return Number.isNaN(started) ? null : Math.max(0, now - started)
}

/** `on for 1 h 12 min`; nobody needs the seconds of the first minute. */
export function onForWords(t: Translate<(typeof liveTexts)['en']>, ms: number): string {
  return ms < 60_000 ? t('justNow') : t('onFor', { time: formatDuration(ms) })
}
