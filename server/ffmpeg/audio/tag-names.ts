import type { TagFormat } from './types.ts'

/** Names of Vorbis comments to frames of ID3v2.4; what has none becomes a TXXX of its own name. */
const id3: Record<string, string> = {
  TITLE: 'TIT2',
  SUBTITLE: 'TIT3',
  GROUPING: 'TIT1',
  ARTIST: 'TPE1',
  ALBUMARTIST: 'TPE2',
  CONDUCTOR: 'TPE3',
  REMIXER: 'TPE4',
  COMPOSER: 'TCOM',
  LYRICIST: 'TEXT',
  ALBUM: 'TALB',
  TRACKNUMBER: 'TRCK',
  DISCNUMBER: 'TPOS',
  DATE: 'TDRC',
  ORIGINALDATE: 'TDOR',
  GENRE: 'TCON',
  MOOD: 'TMOO',
  BPM: 'TBPM',
  INITIALKEY: 'TKEY',
  ISRC: 'TSRC',
  LANGUAGE: 'TLAN',
  MEDIA: 'TMED',
  LABEL: 'TPUB',
  ORGANIZATION: 'TPUB',
  COPYRIGHT: 'TCOP',
  ENCODEDBY: 'TENC',
  ALBUMSORT: 'TSOA',
  ARTISTSORT: 'TSOP',
  TITLESORT: 'TSOT',
  LYRICS: 'lyrics',
}

/** ffmpeg's names of the atoms iTunes has; the rest is written as `----` atoms. */
const mp4: Record<string, string> = {
  TITLE: 'title',
  ARTIST: 'artist',
  ALBUMARTIST: 'album_artist',
  COMPOSER: 'composer',
  ALBUM: 'album',
  TRACKNUMBER: 'track',
  DISCNUMBER: 'disc',
  DATE: 'date',
  GENRE: 'genre',
  GROUPING: 'grouping',
  COPYRIGHT: 'copyright',
  COMMENT: 'comment',
  LYRICS: 'lyrics',
}

type Tags = Readonly<Record<string, string | readonly string[]>>
export type TagPairs = [name: string, value: string][]

/**
 * Tags by the container's names: those ffmpeg writes, and those it cannot. Several values become one, as it keeps one
 * of a name; `TRACKNUMBER` and `TRACKTOTAL` become `3/12` where the container has them together.
 */
export function namesFor(format: TagFormat, tags: Tags): { common: TagPairs; freeform: TagPairs } {
  const pairs = Object.entries(tags)
    .map(([name, value]): [string, string] => [name.toUpperCase(), text(value)])
    .filter(([, value]) => value !== '')
  const known = format === 'mp3' ? id3 : format === 'm4a' ? mp4 : null
  if (!known) return { common: pairs, freeform: [] }
  const all = withTotals(pairs)
  const named = (pair: TagPairs[number]): TagPairs[number] => [known[pair[0]] ?? pair[0], pair[1]]
  if (format === 'mp3') return { common: all.map(named), freeform: [] }
  const isKnown = ([name]: TagPairs[number]) => name in mp4
  return { common: all.filter(isKnown).map(named), freeform: all.filter((pair) => !isKnown(pair)) }
}

// A NUL ends a string on its way through ffmpeg, and what lies behind it.
const text = (value: string | readonly string[]) =>
  (typeof value === 'string' ? value : value.join('; ')).replaceAll('\0', '')

function withTotals(pairs: TagPairs): TagPairs {
  const of = (name: string) => pairs.find(([one]) => one === name)?.[1]
  return pairs.flatMap(([name, value]): TagPairs => {
    const total =
      name === 'TRACKNUMBER' ? of('TRACKTOTAL') : name === 'DISCNUMBER' ? of('DISCTOTAL') : undefined
    if (name === 'TRACKTOTAL' || name === 'DISCTOTAL') return []
    return [[name, total && !value.includes('/') ? `${value}/${total}` : value]]
  })
}
