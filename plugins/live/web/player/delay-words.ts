import type { Translate } from '#web'
import type { playerTexts } from './texts.ts'

type T = Translate<(typeof playerTexts)['en']>

/** Behind by more than this, the viewer has fallen back and is offered the way to the edge. */
export const farBehindS = 8

/** `LIVE · 4.2 s behind`; seconds without tenths from ten on, minutes from two minutes on. */
export function delayWords(t: T, delayS: number | null): string {
  if (delayS === null) return t('live')
  if (delayS >= 120) return t('behindMinutes', { minutes: Math.round(delayS / 60) })
  if (delayS >= 9.95) return t('behind', { seconds: Math.round(delayS) })
  return t('behind', { seconds: Math.round(delayS * 10) / 10 })
}
