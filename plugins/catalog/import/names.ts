const system = new Set([
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  'icon\r',
  '$recycle.bin',
  '#recycle',
  'recycler',
  'system volume information',
  'lost+found',
  '__macosx',
  '@eadir',
])

/** Nothing that anybody put there to be heard: passed over without a word. */
export const isHidden = (name: string): boolean => name.startsWith('.') || system.has(name.toLowerCase())

const coverNames = /^(?:cover|folder|front|album ?art|albumart)(?:[ ._-].*)?\.(?:jpe?g|png|webp|gif)$/i
const order = ['cover', 'folder', 'front', 'album']

/** The picture whose name says that it is the front of the album. */
export function coverAmong(names: readonly string[]): string | undefined {
  const rank = (name: string) => order.findIndex((start) => name.toLowerCase().startsWith(start))
  return names
    .filter((name) => coverNames.test(name))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))[0]
}
export const isCover = (name: string): boolean => coverNames.test(name)

const reasons: [endings: RegExp, reason: string][] = [
  [/\.(?:jpe?g|png|gif|webp|bmp|tiff?|avif|heic|svg|psd)$/i, 'This is a picture.'],
  [
    /\.zip$/i,
    'ZIP files are not unpacked by the import; unpack it beside this folder, or upload it on the page.',
  ],
  [/\.(?:rar|7z|tar|gz|tgz|bz2|xz)$/i, 'This is an archive; unpack it first.'],
  [/\.(?:m3u8?|pls|xspf|jspf|cue|wpl)$/i, 'This is a playlist, which holds no sound itself.'],
  [/\.(?:txt|nfo|log|md|pdf|docx?|rtf|html?|url|xml|json|csv|sfv|md5|ffp|accurip)$/i, 'This is a text.'],
]

/** Why a file needs no look inside; null for what may be a sound. */
export const reasonByName = (name: string): string | null =>
  reasons.find(([endings]) => endings.test(name))?.[1] ?? null

/** On one line and without what could steer a terminal. */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
