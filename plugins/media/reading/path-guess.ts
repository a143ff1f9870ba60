import { cut, line } from './text.ts'
import type { PathGuess } from './types.ts'

const longestName = 120
const longestTitle = 200

/**
 * What the path of a file without tags says: `Artist/2021 - Album/CD1/03 - Title.flac`, `Artist - Title.mp3`. Never
 * throws; the title is never empty.
 */
export function guessFromPath(relativePath: string): PathGuess {
  const parts = relativePath
    .slice(-4096)
    .split(/[\\/]+/)
    .map(line)
    .filter((part) => part !== '' && part !== '.' && part !== '..' && !/^[a-z]:$/i.test(part))
  const file = (parts.pop() ?? '').replace(/(?<=.)\.[a-z0-9]{1,5}$/i, '')
  const disc = discOf(parts.at(-1) ?? '')
  if (disc !== null) parts.pop()
  const folder = albumOf(parts.at(-1) ?? '')
  const name = fileName(file.replaceAll('_', ' ').trim(), folder.album)
  const artist = name.artist ?? folder.artist ?? (folder.album ? parts.at(-2) : undefined)
  return withoutEmpty({
    artist: artist && cut(artist, longestName),
    album: folder.album && cut(folder.album, longestTitle),
    trackNumber: name.trackNumber,
    discNumber: name.discNumber ?? disc ?? undefined,
    title: cut(name.title, longestTitle) || 'Untitled',
  })
}

function withoutEmpty(guess: { [K in keyof PathGuess]: PathGuess[K] | undefined }): PathGuess {
  return Object.fromEntries(
    Object.entries(guess).filter(([, value]) => value !== undefined && value !== ''),
  ) as unknown as PathGuess
}

function discOf(folder: string): number | null {
  const match = /^(?:cd|disc|disk)[\s._-]*(\d{1,2})(?:\D.*)?$/i.exec(folder)
  return match ? Number(match[1]) || null : null
}

/** `2021 - Album`, `Album (2021)`, `Artist - 2021 - Album`, `Artist - Album`. */
function albumOf(folder: string): { artist?: string; album?: string } {
  const year = /^[([]?(?:19|20)\d{2}[)\]]?(?:\s*[-–—._]\s*|\s+)(?=\S)/
  const plain = folder.replace(/\s*[([](?:19|20)\d{2}[)\]]\s*$/, '').replace(year, '')
  const [artist, ...rest] = plain.split(/\s+[-–—]\s+/)
  const album = rest.join(' - ').replace(year, '')
  if (album && artist) return { artist, album }
  return plain ? { album: plain } : {}
}

interface FileName {
  discNumber?: number
  trackNumber?: number
  artist?: string
  title: string
}

/** `1-03 Title`, `03. Title`, `03 - Artist - Title`, `Artist - Album - 03 - Title`, `Artist - Title`. */
function fileName(file: string, album: string | undefined): FileName {
  const numbered = /^(?:(\d{1,2})[-.](?=\d))?(\d{1,3})(\s*[-–—.)_]\s*|\s+)(?=\S)/.exec(file)
  // `99 Luftballons` is a title, unless it lies in the folder of an album.
  const isTitle = numbered?.[3]?.trim() === '' && !numbered[2]!.startsWith('0') && album === undefined
  const match = isTitle ? null : numbered
  const numbers: Partial<FileName> = {}
  if (match) {
    if (match[1] && Number(match[1]) > 0) numbers.discNumber = Number(match[1])
    if (Number(match[2]) > 0) numbers.trackNumber = Number(match[2])
  }
  const rest = match ? file.slice(match[0].length) : file
  const parts = rest.split(/\s+[-–—]\s+/).filter((part) => part !== '')
  const [artist] = parts
  if (parts.length < 2 || !artist) return { ...numbers, title: parts[0] ?? file }
  const last = parts.slice(1).filter((part) => part !== album)
  const at = last.findIndex((part) => /^\d{1,3}$/.test(part))
  if (at >= 0 && at < last.length - 1)
    return { ...numbers, trackNumber: Number(last[at]) || 1, artist, title: last.slice(at + 1).join(' - ') }
  return { ...numbers, artist, title: last.join(' - ') || artist }
}
