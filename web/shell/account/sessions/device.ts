import { type Translate, useTexts } from '../../../sdk/texts.ts'
import type { IconName } from '../../../ui/icons.tsx'
import { sessionTexts } from './texts.ts'

/** `Firefox on Linux` in the page's language; names of programs stay as they are. */
export function deviceWords(t: Translate<(typeof sessionTexts)['en']>, device: string): string {
  const [, browser, system] = /^(.+) on (.+)$/.exec(device) ?? []
  if (browser && system) return t('on', { browser, system })
  return device === 'Unknown device' ? t('unknown') : device
}

export function useDeviceWords(): (device: string) => string {
  const t = useTexts(sessionTexts)
  return (device) => deviceWords(t, device)
}

/** A phone, a program, or a screen for the rest. */
export function deviceIcon(device: string): IconName {
  if (/iPhone|iPad|Android/.test(device)) return 'phone'
  return / on /.test(device) ? 'system' : 'key'
}
