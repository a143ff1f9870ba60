import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Call } from '../sdk/index.ts'
import type { Keyring } from '../secrets/keyring.ts'
import type { IdentityParts } from './parts.ts'

const keptMs = 365 * 24 * 3_600_000
/** Accounts one browser is remembered for. */
const most = 5

type Parts = Pick<IdentityParts, 'keyring' | 'cookieName'>

/**
 * Browsers that signed in before carry a mark for that account, sealed by the appliance's key: guesses from elsewhere
 * then cannot shut its holder out, and a sign-in without the mark is told by mail.
 */
export function knownDevice(parts: Parts, call: Call, accountId: string): string | null {
  for (const mark of marksOf(parts, call)) {
    const [id = '', mac = ''] = mark.split('.')
    if (macsOf(parts.keyring, accountId, id).some((good) => isEqual(good, mac))) return id
  }
  return null
}

/** Marks the browser for the account; the oldest of more than five marks goes. */
export function markDevice(parts: Parts, call: Call, accountId: string): void {
  if (knownDevice(parts, call, accountId)) return
  const id = randomBytes(9).toString('base64url')
  const mark = `${id}.${macsOf(parts.keyring, accountId, id)[0]}`
  const marks = [mark, ...marksOf(parts, call)].slice(0, most)
  call.setCookie(nameOf(parts), marks.join('~'), { maxAgeMs: keptMs })
}

/** On https it begins with `__Host-`, which no other host can set. */
const nameOf = ({ cookieName }: Parts): string => cookieName.replace('session', 'device')

const marksOf = (parts: Parts, call: Call): string[] =>
  (call.cookie(nameOf(parts)) ?? '')
    .split('~')
    .filter((mark) => /^[\w-]{12}\.[\w-]{43}$/.test(mark))
    .slice(0, most)

const macsOf = (keyring: Keyring, accountId: string, id: string) =>
  keyring.macs('device', `${accountId}/${id}`)

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

const browsers: [RegExp, string][] = [
  [/\bOBS\b|obs-studio/i, 'OBS'],
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser/, 'Samsung Internet'],
  [/Firefox\/|FxiOS/, 'Firefox'],
  [/HeadlessChrome|Chrome\/|CriOS/, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const systems: [RegExp, string][] = [
  [/iPhone|iPod/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux|X11/, 'Linux'],
]

const unknownDevice = 'Unknown device'

/** `Firefox on Linux`, for people; programs are named by the first word of their user agent. */
export function deviceName(userAgent: string): string {
  const browser = browsers.find(([sign]) => sign.test(userAgent))?.[1]
  const system = systems.find(([sign]) => sign.test(userAgent))?.[1]
  if (browser && system) return `${browser} on ${system}`
  const program = /^[\w.-]{2,30}/.exec(userAgent)?.[0]
  return browser ?? system ?? program ?? unknownDevice
}

/** The same for French mails; names of programs stay as they are. */
export const frenchDevice = (device: string): string =>
  device === unknownDevice ? 'appareil inconnu' : device.replace(/ on (?=\w+$)/, ' sur ')
