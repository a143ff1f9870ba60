import { shownArtists } from './finders.ts'
import { type Pages, presentCover, presentCredit } from './present.ts'
import { isArtistRole, type ReleaseRow, type StoredCredit } from './releases.ts'
import type { Ctx } from './settings.ts'
import type { TrackRow } from './tracks.ts'

/** A sentence for link previews: what was written, or what is known. */
export function descriptionOf(release: ReleaseRow): string {
  const plain = release.description
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_#>`]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  const facts = [release.releaseDate, release.label, release.genre].filter(Boolean).join(' · ')
  return (plain || facts || release.title).slice(0, 300)
}

/** `PT4M5S` (ISO 8601). */
const duration = (ms: number): string => `PT${Math.floor(ms / 60_000)}M${Math.round(ms / 1000) % 60}S`

const groupsOf = (ctx: Ctx, credits: readonly StoredCredit[], pages: Pages) =>
  credits
    .filter(({ role }) => isArtistRole(role))
    .map((credit) => {
      const { name, slug } = presentCredit(credit, pages)
      return { '@type': 'MusicGroup', name, ...(slug && { url: `${ctx.site.url}/artists/${slug}` }) }
    })

interface Known {
  release: ReleaseRow
  pages: Pages
}

/** schema.org MusicAlbum. */
export function about(ctx: Ctx, { release, tracks, pages }: Known & { tracks: readonly TrackRow[] }) {
  const cover = presentCover(ctx.storage, release)
  return {
    '@context': 'https://schema.org',
    '@type': 'MusicAlbum',
    name: release.title,
    url: `${ctx.site.url}/releases/${release.slug}`,
    byArtist: groupsOf(ctx, release.creditsJson, pages),
    numTracks: tracks.length,
    ...(release.genre && { genre: release.genre }),
    ...(release.releaseDate && { datePublished: release.releaseDate }),
    ...(release.upc && { gtin13: release.upc.padStart(13, '0') }),
    ...(release.label && { publisher: { '@type': 'Organization', name: release.label } }),
    ...(cover && { image: new URL(cover.large.jpeg, ctx.site.url).href }),
    track: tracks.slice(0, 100).map((track) => recording(ctx, { release, track, pages })),
  }
}

/** schema.org MusicRecording. */
export const trackAbout = (ctx: Ctx, known: Known & { track: TrackRow }) => ({
  '@context': 'https://schema.org',
  ...recording(ctx, known),
  inAlbum: {
    '@type': 'MusicAlbum',
    name: known.release.title,
    url: `${ctx.site.url}/releases/${known.release.slug}`,
  },
})

function recording(ctx: Ctx, { release, track, pages }: Known & { track: TrackRow }) {
  return {
    '@type': 'MusicRecording',
    name: track.title,
    url: `${ctx.site.url}/tracks/${track.id}`,
    duration: duration(track.durationMs),
    byArtist: groupsOf(ctx, shownArtists(track, release), pages),
    ...(track.isrc && { isrcCode: track.isrc }),
    ...(track.genre && { genre: track.genre }),
  }
}
