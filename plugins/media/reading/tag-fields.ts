import { type CreditRole, creditRoles } from './types.ts'

/** What a value of a tag is about, whatever the format calls it. */
export type Field =
  | CreditRole
  | ('title' | 'artist' | 'artists' | 'albumArtist' | 'albumArtists' | 'album')
  | ('track' | 'trackTotal' | 'disc' | 'discTotal')
  | ('releaseDate' | 'date' | 'year' | 'dayMonth' | 'originalDate')
  | ('genre' | 'bpm' | 'key' | 'isrc' | 'upc' | 'catalogNumber' | 'label' | 'copyright' | 'pLine')
  | ('lyrics' | 'syncedLyrics' | 'licence' | 'explicit' | 'compilation' | 'comment' | 'tag')

export type Values = Map<Field, string[]>

/** A list beyond this is hostile; what a person sees is cut further. */
const mostValues = 200

export function addValue(values: Values, field: Field | undefined, value: unknown): void {
  if (field === undefined || value === null || value === undefined) return
  const list = values.get(field) ?? []
  if (list.length < mostValues) list.push(String(value))
  values.set(field, list)
}

/** The field of a named value: Vorbis comments, APE items, TXXX descriptions, freeform MP4 items. */
export function fieldOfName(name: string): Field | undefined {
  return named.get(name.toLowerCase().replaceAll(/[\s_-]/g, ''))
}

const named = new Map<string, Field>([
  ...creditRoles.map((role): [string, Field] => [role.replaceAll('-', ''), role]),
  ['title', 'title'],
  ['artist', 'artist'],
  ['artists', 'artists'],
  ['albumartist', 'albumArtist'],
  ['albumartists', 'albumArtists'],
  ['band', 'albumArtist'],
  ['album', 'album'],
  ['track', 'track'],
  ['tracknumber', 'track'],
  ['tracktotal', 'trackTotal'],
  ['totaltracks', 'trackTotal'],
  ['disc', 'disc'],
  ['disk', 'disc'],
  ['discnumber', 'disc'],
  ['disctotal', 'discTotal'],
  ['totaldiscs', 'discTotal'],
  ['releasedate', 'releaseDate'],
  ['date', 'date'],
  ['year', 'year'],
  ['originaldate', 'originalDate'],
  ['originalyear', 'originalDate'],
  ['genre', 'genre'],
  ['style', 'genre'],
  ['bpm', 'bpm'],
  ['tempo', 'bpm'],
  ['key', 'key'],
  ['initialkey', 'key'],
  ['isrc', 'isrc'],
  ['upc', 'upc'],
  ['ean', 'upc'],
  ['eanupn', 'upc'],
  ['ean/upn', 'upc'],
  ['upc/ean', 'upc'],
  ['barcode', 'upc'],
  ['catalog', 'catalogNumber'],
  ['catalogid', 'catalogNumber'],
  ['catalognumber', 'catalogNumber'],
  ['labelno', 'catalogNumber'],
  ['label', 'label'],
  ['publisher', 'label'],
  ['organization', 'label'],
  ['copyright', 'copyright'],
  ['phonogram', 'pLine'],
  ['pline', 'pLine'],
  ['lyrics', 'lyrics'],
  ['unsyncedlyrics', 'lyrics'],
  // As ffmpeg writes it into ID3.
  ['uslt', 'lyrics'],
  ['syncedlyrics', 'syncedLyrics'],
  ['licence', 'licence'],
  ['license', 'licence'],
  ['itunesadvisory', 'explicit'],
  ['explicit', 'explicit'],
  ['compilation', 'compilation'],
  ['itunescompilation', 'compilation'],
  ['comment', 'comment'],
  ['description', 'comment'],
  ['mood', 'tag'],
  ['grouping', 'tag'],
  ['mixartist', 'remixer'],
  ['djmixer', 'dj-mixer'],
  ['masteredby', 'mastering'],
])

/** Frames of ID3v2.3 and 2.4. */
export const fieldsOfFrames: Record<string, Field> = {
  TIT2: 'title',
  TPE1: 'artist',
  TPE2: 'albumArtist',
  TPE3: 'conductor',
  TPE4: 'remixer',
  TALB: 'album',
  TRCK: 'track',
  TPOS: 'disc',
  TDRL: 'releaseDate',
  TDRC: 'date',
  TYER: 'year',
  TDAT: 'dayMonth',
  TDOR: 'originalDate',
  TORY: 'originalDate',
  TCON: 'genre',
  TBPM: 'bpm',
  TKEY: 'key',
  TSRC: 'isrc',
  TPUB: 'label',
  TCOP: 'copyright',
  TPRO: 'pLine',
  TCOM: 'composer',
  TEXT: 'lyricist',
  WCOP: 'licence',
  TCMP: 'compilation',
  TMOO: 'tag',
  TIT1: 'tag',
  GRP1: 'tag',
}

/** Items of iTunes' list in MP4. */
export const fieldsOfItems: Record<string, Field> = {
  '©nam': 'title',
  '©ART': 'artist',
  aART: 'albumArtist',
  '©alb': 'album',
  '©day': 'date',
  '©gen': 'genre',
  gnre: 'genre',
  trkn: 'track',
  disk: 'disc',
  tmpo: 'bpm',
  cprt: 'copyright',
  '©cpy': 'copyright',
  '©pub': 'label',
  '©wrt': 'composer',
  '©con': 'conductor',
  '©lyr': 'lyrics',
  '©cmt': 'comment',
  '©grp': 'tag',
  rtng: 'explicit',
  cpil: 'compilation',
}

/** Chunks of RIFF's INFO list, and of the `bext` chunk of broadcasters. */
export const fieldsOfInfo: Record<string, Field> = {
  INAM: 'title',
  TITL: 'title',
  IART: 'artist',
  IPRD: 'album',
  ITRK: 'track',
  IPRT: 'track',
  ICRD: 'date',
  YEAR: 'year',
  IGNR: 'genre',
  GNRE: 'genre',
  ICOP: 'copyright',
  IENG: 'engineer',
  IPRO: 'producer',
  IMUS: 'composer',
  IWRI: 'writer',
  IPUB: 'label',
  ISRC: 'isrc',
  ICMT: 'comment',
  COMM: 'comment',
  'bext.description': 'comment',
}

/** Of an entry in a list of people (TIPL, TMCL, IPLS): who played is a performer. */
export function roleOfTask(task: string): CreditRole {
  const plain = task.toLowerCase().replaceAll(/[\s_-]/g, '')
  const known = { mix: 'mixer', djmix: 'dj-mixer', mixing: 'mixer', master: 'mastering' } as const
  if (Object.hasOwn(known, plain)) return known[plain as keyof typeof known]
  const field = fieldOfName(plain)
  return creditRoles.find((role) => role === field) ?? 'performer'
}
