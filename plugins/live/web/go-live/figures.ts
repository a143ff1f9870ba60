import { formatNumber, type Translate } from '#web'
import type { Health } from '../../contract.ts'
import type { goLiveTexts } from './texts.ts'

type T = Translate<(typeof goLiveTexts)['en']>
export interface Figure {
  id: string
  value: string
  words: string
}

const tenths = { minimumFractionDigits: 1, maximumFractionDigits: 1 }
const none = '–'

function bitrate(t: T, kbps: number): string {
  if (kbps <= 0) return none
  if (kbps < 1000) return t('kbits', { value: formatNumber(Math.round(kbps)) })
  return t('mbits', { value: formatNumber(kbps / 1000, tenths) })
}

function pictureWords(t: T, { height, fps, videoCodec, audioCodec }: Health): string {
  if (height > 0) return t('picture', { height: String(height), fps: formatNumber(Math.round(fps)) })
  return audioCodec && !videoCodec ? t('soundOnly') : t('bitrate')
}

/** How long what is played takes to the middle viewer; without viewers, to where they could fetch it. */
function delayOf(t: T, { delayMs, viewerDelayMs }: Health): Figure[] {
  const ms = viewerDelayMs ?? delayMs
  if (ms === null) return []
  const value = t('seconds', { value: formatNumber(ms / 1000, tenths) })
  return [{ id: 'delay', value, words: t(viewerDelayMs === null ? 'delayHere' : 'delayThere') }]
}

/** The four numbers a DJ looks at, and the delay once it is measured. */
export function figuresOf(t: T, health: Health): Figure[] {
  const { keyFrameIntervalMs, droppedFrames, audioPeakDb } = health
  const seconds = formatNumber(keyFrameIntervalMs / 1000, tenths)
  return [
    { id: 'rate', value: bitrate(t, health.bitrateKbps), words: pictureWords(t, health) },
    {
      id: 'keys',
      value: keyFrameIntervalMs > 0 ? t('seconds', { value: seconds }) : none,
      words: t('keyFrames'),
    },
    { id: 'lost', value: formatNumber(droppedFrames), words: t('lost', { count: droppedFrames }) },
    {
      id: 'peak',
      value: audioPeakDb === null ? none : t('db', { value: minus(formatNumber(Math.round(audioPeakDb))) }),
      words: t('peak'),
    },
    ...delayOf(t, health),
  ]
}

/** A true minus sign: a hyphen is too short before a large figure. */
const minus = (text: string) => text.replace(/^-/, '\u2212')
