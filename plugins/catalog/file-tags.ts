import { shownArtists } from './finders.ts'
import { gainDb } from './present.ts'
import { isArtistRole, type ReleaseRow, type StoredCredit } from './releases.ts'
import type { TrackRow } from './tracks.ts'

/** Roles that Vorbis comments have a name for (as MusicBrainz Picard writes them); others are performers. */
const roleTags: Record<string, string> = {
  composer: 'COMPOSER',
  lyricist: 'LYRICIST',
  writer: 'WRITER',
  conductor: 'CONDUCTOR',
  arranger: 'ARRANGER',
  producer: 'PRODUCER',
  remixer: 'REMIXER',
  engineer: 'ENGINEER',
  mixer: 'MIXER',
  'dj mixer': 'DJMIXER',
  publisher: 'PUBLISHER',
}

interface Known {
  track: TrackRow
  release: ReleaseRow
  /** All of the release, in their order. */
  tracks: readonly TrackRow[]
  lyrics: string
  isOpus: boolean
}

/** What is written into a file that is taken away, by names of Vorbis comments; nothing for what is not known. */
export function fileTags(known: Known): Record<string, string | string[]> {
  const { track, release, tracks, lyrics } = known
  const artists = shownArtists(track, release)
  const discs = new Set(tracks.map(({ discNumber }) => discNumber))
  const onDisc = tracks.filter(({ discNumber }) => discNumber === track.discNumber)
  const all: Record<string, string | string[] | null> = {
    TITLE: track.title,
    ARTIST: namesOf(artists),
    ARTISTS: artists.map(({ name }) => name),
    ALBUM: release.title,
    ALBUMARTIST: namesOf(release.creditsJson.filter(({ role }) => isArtistRole(role))),
    TRACKNUMBER: String(track.trackNumber),
    TRACKTOTAL: String(Math.max(onDisc.length, ...onDisc.map(({ trackNumber }) => trackNumber))),
    DISCNUMBER: String(track.discNumber),
    DISCTOTAL: String(Math.max(discs.size, ...discs)),
    DATE: release.releaseDate,
    GENRE: track.genre || release.genre,
    ISRC: track.isrc,
    BARCODE: release.upc,
    CATALOGNUMBER: release.catalogNumber,
    LABEL: release.label,
    COPYRIGHT: release.cLine && `© ${release.cLine}`,
    LICENSE: track.licence || release.licence,
    BPM: track.bpm === null ? null : String(Math.round(track.bpm)),
    INITIALKEY: track.musicalKey,
    LANGUAGE: track.language,
    LYRICS: lyrics,
    COMPILATION: release.kind === 'compilation' ? '1' : null,
    ...creditTags(track.creditsJson),
    ...loudnessTags(known),
  }
  return Object.fromEntries(
    Object.entries(all).filter((tag): tag is [string, string | string[]] => (tag[1]?.length ?? 0) > 0),
  )
}

function namesOf(artists: readonly StoredCredit[]): string {
  const names = (wanted: string) => artists.filter(({ role }) => role === wanted).map(({ name }) => name)
  const main = names('main').join(', ')
  const featured = names('featured').join(', ')
  return featured ? `${main} feat. ${featured}` : main
}

function creditTags(credits: readonly StoredCredit[]): Record<string, string[]> {
  const others = credits.filter(({ role }) => !isArtistRole(role))
  const tags = Map.groupBy(others, ({ role }) => roleTags[role] ?? 'PERFORMER')
  return Object.fromEntries(
    [...tags].map(([tag, of]) => [
      tag,
      of.map(({ name, role }) => (tag === 'PERFORMER' ? `${name} (${role})` : name)),
    ]),
  )
}

/** ReplayGain 2.0; for Opus in Q7.8 steps to -23 LUFS (RFC 7845, section 5.2.1). */
function loudnessTags({ track, release, isOpus }: Known): Record<string, string | null> {
  const gains = [track.loudnessLufs, release.loudnessLufs]
  const [trackDb = null, albumDb = null] = gains.map(gainDb)
  const [trackR128 = null, albumR128 = null] = gains.map((lufs) =>
    lufs === null ? null : String(Math.round((-23 - lufs) * 256)),
  )
  if (isOpus) return { R128_TRACK_GAIN: trackR128, R128_ALBUM_GAIN: albumR128 }
  return {
    REPLAYGAIN_TRACK_GAIN: trackDb === null ? null : `${trackDb.toFixed(2)} dB`,
    REPLAYGAIN_TRACK_PEAK: peak(track.truePeakDbtp),
    REPLAYGAIN_ALBUM_GAIN: albumDb === null ? null : `${albumDb.toFixed(2)} dB`,
    REPLAYGAIN_ALBUM_PEAK: peak(release.truePeakDbtp),
    REPLAYGAIN_REFERENCE_LOUDNESS: trackDb === null ? null : '-18.00 LUFS',
  }
}

const peak = (dbtp: number | null): string | null => (dbtp === null ? null : (10 ** (dbtp / 20)).toFixed(6))
