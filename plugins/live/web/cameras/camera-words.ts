import { formatNumber, type Translate } from '#web'
import type { Mix, MixCamera } from '../../contract.ts'
import type { MixWords } from './texts.ts'

type T = Translate<MixWords>
export type Tone = 'ok' | 'warn' | 'bad' | 'quiet'

/** A camera that nobody named is called by its number, in the reader's language. */
export function nameOf(t: T, { camera, title }: Pick<MixCamera, 'camera' | 'title'>): string {
  return title === `Camera ${camera}` ? t('camera', { number: camera }) : title
}

/** What it does and how it arrives, in a line. */
export function stateOf(t: T, { status, health, hasVideo }: MixCamera): { words: string; tone: Tone } {
  if (status !== 'live') return { words: t(status), tone: status === 'away' ? 'warn' : 'quiet' }
  if (!health) return { words: t('live'), tone: 'ok' }
  const { level, height, fps, bitrateKbps } = health
  const how = t(({ ok: 'healthOk', warn: 'healthWarn', bad: 'healthBad' } as const)[level])
  const picture =
    height > 0
      ? t('picture', { height: String(height), fps: formatNumber(Math.round(fps)) })
      : hasVideo
        ? ''
        : t('soundOnly')
  const words = [`${t('live')}, ${how}`, picture, bitrateKbps > 0 ? rateOf(t, bitrateKbps) : '']
  return { words: words.filter(Boolean).join(' · '), tone: level }
}

function rateOf(t: T, kbps: number): string {
  if (kbps < 1000) return t('kbits', { value: formatNumber(Math.round(kbps)) })
  return t('mbits', { value: formatNumber(kbps / 1000, { maximumFractionDigits: 1 }) })
}

/** The mark on its picture: what viewers get, and where that is not what was chosen. */
export function markOf(
  { mainCamera, onMain }: Mix,
  { camera }: MixCamera,
): 'onMain' | 'standIn' | 'chosen' | null {
  if (camera === onMain) return camera === mainCamera ? 'onMain' : 'standIn'
  return camera === mainCamera && onMain !== null ? 'chosen' : null
}

/** With its sign, and a true minus: a hyphen is too short before a figure. */
export function signed(t: T, ms: number): string {
  const value = formatNumber(Math.abs(ms))
  return t('ms', { value: ms === 0 ? value : `${ms < 0 ? '\u2212' : '+'}${value}` })
}

/** The first number that no camera has; null when all are taken. */
export function nextCamera(cameras: readonly Pick<MixCamera, 'camera'>[]): number | null {
  for (let number = 1; number <= 16; number++)
    if (!cameras.some(({ camera }) => camera === number)) return number
  return null
}
