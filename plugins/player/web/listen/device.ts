import { deviceKey, readStored, store } from '../stored.ts'
import { newStartId } from './start-id.ts'

const browsers: [RegExp, string][] = [
  [/\b(?:Edg|EdgA|EdgiOS)\//, 'Edge'],
  [/\b(?:OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/(?:Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const systems: [RegExp, string][] = [
  [/\biPad\b/, 'iPad'],
  [/\biPhone\b/, 'iPhone'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
]

/** Browser and system by the text they send; null for what is not known. */
export function readUserAgent(text: string): { browser: string | null; system: string | null } {
  const find = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(text))?.[1] ?? null
  return { browser: find(browsers), system: find(systems) }
}

let id: string | null = null
/** This browser among those of the account; chosen once. */
export function deviceId(): string {
  const kept = readStored(deviceKey)
  id ??= typeof kept === 'string' && /^[0-9a-f-]{36}$/.test(kept) ? kept : newStartId(Date.now())
  if (kept !== id) store(deviceKey, id)
  return id
}

/** `Firefox on Linux`; `on` in the reader's language. */
export function deviceName(on: (browser: string, system: string) => string, fallback: string): string {
  const { browser, system } = readUserAgent(navigator.userAgent)
  if (browser && system) return on(browser, system)
  return browser ?? system ?? fallback
}
