import { v7 } from 'uuid'
import { type CatalogApi, catalog, type ReleaseCard, type Track } from '#plugins/catalog'
import { definePlugin, newId, type Plugin } from '#sdk'

/** A catalogue in memory: what is in `tracks` is there, `counted` is what the player had counted. */
export interface Shelf {
  plugin: Plugin
  tracks: Map<string, Track>
  counted: { trackId: string; accountId: string | null }[]
  /** Set: counting fails with it, as a full disk would make it. */
  trouble: Error | null
  add(wish?: { title?: string; durationMs?: number; release?: Partial<ReleaseCard> }): Track
}

const credit = { name: 'Ann <b>Other</b>', role: 'main', artistId: null, slug: 'ann' }
const sources = { avif: '/m/a.avif', webp: '/m/a.webp', jpeg: '/m/a.jpg' }

function aTrack({
  title = 'Low Tide',
  durationMs = 240_000,
  release = {},
}: Parameters<Shelf['add']>[0] = {}): Track {
  const slug = `release-${newId().slice(-12)}`
  const card: ReleaseCard = {
    id: newId(),
    slug,
    title,
    kind: 'album',
    artists: [credit],
    releaseDate: '2026-11-22',
    trackCount: 1,
    durationMs,
    cover: { colour: '#c8553d', thumb: '/m/t.webp', small: sources, large: sources },
    status: 'published',
    visibility: 'public',
    href: `/releases/${slug}`,
    ...release,
  }
  const measured = { bpm: null, key: null, loudnessLufs: null, truePeakDbtp: null, loudnessRangeLu: null }
  return {
    ...measured,
    id: newId(),
    title,
    artists: [credit],
    release: card,
    discNumber: 1,
    trackNumber: 1,
    durationMs,
    genre: '',
    tags: [],
    isExplicit: false,
    isrc: null,
    gain: { trackDb: null, albumDb: null, albumPeakDbtp: null },
    plays: 0,
    waveform: null,
    playback: null,
    mine: null,
    createdAt: '2026-11-22T08:00:00.000Z',
  }
}

/** Public ones for everybody; others for who is signed in, and unlisted ones for who has the key `secret`. */
const maySee = ({ release }: Track, { account, key }: Parameters<CatalogApi['tracksByIds']>[0]) =>
  release.visibility === 'public' || (release.visibility === 'unlisted' ? key === 'secret' : account !== null)

export function shelf(): Shelf {
  const made: Shelf = {
    tracks: new Map(),
    counted: [],
    trouble: null,
    add(wish) {
      const track = aTrack(wish)
      made.tracks.set(track.id, track)
      return track
    },
    plugin: undefined as never,
  }
  const seen = (call: Parameters<CatalogApi['tracksByIds']>[0], ids: string[]) =>
    ids.flatMap((id) => made.tracks.get(id) ?? []).filter((track) => maySee(track, call))
  const api: CatalogApi = {
    tracksByIds: async (call, ids) => new Map(seen(call, ids).map((track) => [track.id, track])),
    releasesByIds: async () => new Map(),
    releaseBySlug: async (call, slug) => {
      const tracks = [...made.tracks.values()].filter((one) => one.release.slug === slug && maySee(one, call))
      return tracks[0] ? { release: tracks[0].release, trackIds: tracks.map(({ id }) => id) } : null
    },
    existing: async (_db, ids) => new Set(ids.filter((id) => made.tracks.has(id))),
    pick: async () => [],
    recognise: async (_call, wanted) => wanted.map(() => null),
    countPlays: async (_db, plays) => {
      if (made.trouble) throw made.trouble
      made.counted.push(...plays.map(({ trackId, accountId }) => ({ trackId, accountId })))
    },
  }
  made.plugin = definePlugin({
    name: 'catalog',
    version: '1.0.0',
    title: 'Catalogue',
    provides: catalog,
    setup: () => api,
  }) as Plugin
  return made
}

/** A start of a track so many ms ago. */
export const startedAgo = (ms: number): string => v7({ msecs: Date.now() - ms })
