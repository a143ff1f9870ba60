import { formatAgo, type Tone, type Translate } from '#web'
import type { Simulcast } from '../../contract.ts'
import type { simulcastTexts } from './texts.ts'

type T = Translate<(typeof simulcastTexts)['en']>

/** How it goes, in words; never by colour alone. */
export function stateWords(t: T, item: Simulcast): { words: string; tone: Tone | undefined } {
  const { state, isOn, since, droppedFrames: count } = item
  const reason = item.fault ? t(`is-${item.fault}`) : (item.reason ?? '')
  if (!isOn) return { words: t('off'), tone: undefined }
  if (state === 'off') return { words: t('ready'), tone: undefined }
  if (state === 'connecting') return { words: t('connecting'), tone: undefined }
  if (state === 'waiting') return { words: t('waiting', { reason }), tone: 'warn' }
  if (state === 'refused') return { words: t('refused', { reason }), tone: 'bad' }
  const when = since ? formatAgo(since) : ''
  return count > 0
    ? { words: t('sendingDropped', { when, count }), tone: 'warn' }
    : { words: t('sending', { when }), tone: 'ok' }
}
