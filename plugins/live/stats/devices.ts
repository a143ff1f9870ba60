/** What somebody watches on, as it is counted; the place in the list is the code. Only ever added to at the end. */
export const devices = ['other', 'desktop', 'phone', 'tablet', 'tv', 'app'] as const
export const browsers = [
  'other',
  'chrome',
  'safari',
  'firefox',
  'edge',
  'samsung',
  'opera',
  'vlc',
  'mpv',
  'apple',
  'ffmpeg',
] as const
export type Device = (typeof devices)[number]
export type Browser = (typeof browsers)[number]

export interface Kind {
  device: Device
  browser: Browser
}

/** The first that fits: later ones carry the names of earlier ones in theirs. */
const browserSigns: [sign: RegExp, browser: Browser][] = [
  [/\bvlc\b|libvlc/i, 'vlc'],
  [/\bmpv\b|libmpv/i, 'mpv'],
  [/^Lavf|ffmpeg/i, 'ffmpeg'],
  [/AppleCoreMedia/, 'apple'],
  [/\bEdgA?(?:iOS)?\//, 'edge'],
  [/\bOPR\/|\bOpera\b/, 'opera'],
  [/SamsungBrowser\//, 'samsung'],
  [/Firefox\/|FxiOS\//, 'firefox'],
  [/Chrome\/|CriOS\/|Chromium\//, 'chrome'],
  [/Safari\//, 'safari'],
]
const deviceSigns: [sign: RegExp, device: Device][] = [
  [
    /Smart-?TV|SMART-TV|\bTV\b|AppleTV|GoogleTV|Tizen.*TV|Web0S|BRAVIA|AFT[A-Z]|CrKey|Roku|PlayStation|Xbox/i,
    'tv',
  ],
  [/iPad|Tablet|PlayBook|Silk\/(?!.*Mobile)|Android(?!.*Mobile)/i, 'tablet'],
  [/iPhone|iPod|Mobile|Android/i, 'phone'],
  [/Windows NT|Macintosh|X11|CrOS|Linux/i, 'desktop'],
]
const players: ReadonlySet<Browser> = new Set(['vlc', 'mpv', 'ffmpeg', 'apple'])

/** Reads a User-Agent as far as it is counted; nothing else of it is kept. */
export function kindOf(userAgent: string): Kind {
  const text = userAgent.slice(0, 400)
  const browser = browserSigns.find(([sign]) => sign.test(text))?.[1] ?? 'other'
  const device = deviceSigns.find(([sign]) => sign.test(text))?.[1]
  if (device) return { device, browser }
  return { device: players.has(browser) ? 'app' : 'other', browser }
}
