import type { Sniffed } from './types.ts'

const ascii = (bytes: Buffer, at: number, length: number) => bytes.toString('latin1', at, at + length)

/** What begins a file of another kind. A string is compared byte by byte; the second value is where it stands. */
const signatures: [begins: string, at: number, sniffed: Sniffed][] = [
  ['PK\x03\x04', 0, { other: 'archive-zip', name: 'ZIP' }],
  ['PK\x05\x06', 0, { other: 'archive-zip', name: 'ZIP' }],
  ['PK\x07\x08', 0, { other: 'archive-zip', name: 'ZIP' }],
  ['\x89PNG\r\n\x1a\n', 0, { other: 'picture', name: 'PNG' }],
  ['\xff\xd8\xff', 0, { other: 'picture', name: 'JPEG' }],
  ['GIF87a', 0, { other: 'picture', name: 'GIF' }],
  ['GIF89a', 0, { other: 'picture', name: 'GIF' }],
  ['II*\0', 0, { other: 'picture', name: 'TIFF' }],
  ['MM\0*', 0, { other: 'picture', name: 'TIFF' }],
  ['8BPS', 0, { other: 'picture', name: 'Photoshop' }],
  ['MThd', 0, { other: 'midi', name: 'MIDI' }],
  ['FLV\x01', 0, { other: 'video', name: 'Flash Video' }],
  ['\0\0\x01\xba', 0, { other: 'video', name: 'MPEG' }],
  ['\0\0\x01\xb3', 0, { other: 'video', name: 'MPEG' }],
  ['moov', 4, { other: 'video', name: 'QuickTime' }],
  ['mdat', 4, { other: 'video', name: 'QuickTime' }],
  ['wide', 4, { other: 'video', name: 'QuickTime' }],
  ['%PDF-', 0, { other: 'unknown', name: 'PDF' }],
  ['Rar!\x1a\x07', 0, { other: 'unknown', name: 'RAR' }],
  ['7z\xbc\xaf\x27\x1c', 0, { other: 'unknown', name: '7-Zip' }],
  ['\x1f\x8b\x08', 0, { other: 'unknown', name: 'gzip' }],
  ['\x7fELF', 0, { other: 'unknown', name: 'a program' }],
  ['MAC ', 0, { other: 'unknown', name: 'Monkey’s Audio' }],
  ['wvpk', 0, { other: 'unknown', name: 'WavPack' }],
  ['TTA1', 0, { other: 'unknown', name: 'True Audio' }],
  ['MPCK', 0, { other: 'unknown', name: 'Musepack' }],
  ['MP+', 0, { other: 'unknown', name: 'Musepack' }],
  ['DSD ', 0, { other: 'unknown', name: 'DSD' }],
  ['FRM8', 0, { other: 'unknown', name: 'DSD' }],
  ['caff', 0, { other: 'unknown', name: 'Core Audio' }],
  ['.snd', 0, { other: 'unknown', name: 'Sun Audio' }],
  ['#!AMR', 0, { other: 'unknown', name: 'AMR' }],
  ['riff\x2e\x91\xcf\x11', 0, { other: 'unknown', name: 'Wave64' }],
]

/** What the file is by its first bytes, audio of the library apart; null if none of these. */
export function signatureOf(head: Buffer): Sniffed | null {
  const found = signatures.find(([begins, at]) => ascii(head, at, begins.length) === begins)
  return found?.[2] ?? bitmap(head) ?? matroska(head) ?? windowsMedia(head) ?? transportStream(head)
}

function bitmap(head: Buffer): Sniffed | null {
  const isBitmap = ascii(head, 0, 2) === 'BM' && head.length > 26 && head.readUInt32LE(6) === 0
  return isBitmap ? { other: 'picture', name: 'BMP' } : null
}

function matroska(head: Buffer): Sniffed | null {
  if (ascii(head, 0, 4) !== '\x1a\x45\xdf\xa3') return null
  const name = head.subarray(0, 64).includes('webm') ? 'WebM' : 'Matroska'
  // The identifier of a codec begins with the kind of its track (RFC 9559, 5.1.4.1.21).
  return { other: head.includes('V_') ? 'video' : 'unknown', name }
}

const asfHeader = Buffer.from('3026b2758e66cf11a6d900aa0062ce6c', 'hex')
const asfVideo = Buffer.from('c0ef19bc4d5bcf11a8fd00805f5c442b', 'hex')

function windowsMedia(head: Buffer): Sniffed | null {
  if (!head.subarray(0, 16).equals(asfHeader)) return null
  return { other: head.includes(asfVideo) ? 'video' : 'unknown', name: 'Windows Media' }
}

function transportStream(head: Buffer): Sniffed | null {
  const isStream = [0, 188, 376, 564].every((at) => head[at] === 0x47)
  return isStream ? { other: 'video', name: 'MPEG transport stream' } : null
}

const playlistStarts = /^(?:#EXTM3U|\[playlist\]|ffconcat version|\[InternetShortcut\])/i
const playlistMarkup = /<(?:playlist|asx|smil|MPD)[\s>]/i

/** Text and playlists; null if there are bytes no text has. */
export function textOf(head: Buffer): Sniffed | null {
  const text = decoded(head)
  if (text === null) return null
  if (playlistStarts.test(text.trimStart())) return { other: 'playlist' }
  if (!text.trimStart().startsWith('<')) return { other: 'text' }
  if (playlistMarkup.test(text)) return { other: 'playlist' }
  return /<svg[\s>]/i.test(text) ? { other: 'picture', name: 'SVG' } : { other: 'text' }
}

function decoded(head: Buffer): string | null {
  const isWide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
  if (isWide) return new TextDecoder(head[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(head)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: which of them make it no text.
  if (/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(head.toString('latin1'))) return null
  try {
    // The head may end within a character.
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
  } catch {
    return null
  }
}
