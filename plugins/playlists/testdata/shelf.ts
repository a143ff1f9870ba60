import { catalog, type Track, type TrackRules } from '#plugins/catalog'
import { type Call, definePlugin, newId } from '#sdk'

/** Tracks as a catalogue would have them; `isHidden` ones are nobody’s to hear. */
export interface ShelfTrack {
  id: string
  title: string
  genre: string
  plays: number
  isHidden: boolean
}
export interface Shelf {
  tracks: Map<string, ShelfTrack>
  add(title: string, more?: Partial<ShelfTrack>): string
}

export function newShelf(): Shelf {
  const tracks = new Map<string, ShelfTrack>()
  return {
    tracks,
    add(title, more = {}) {
      const track = { id: newId(), title, genre: 'House', plays: 0, isHidden: false, ...more }
      tracks.set(track.id, track)
      return track.id
    },
  }
}

/** In the place of the plugin `catalog`: what playlists ask of it, without files and releases. */
export function shelfPlugin(shelf: Shelf) {
  const visible = (ids: Iterable<string>) =>
    [...ids].flatMap((id) => {
      const track = shelf.tracks.get(id)
      return track && !track.isHidden ? [track] : []
    })
  return definePlugin({
    name: 'catalog',
    version: '0.1.0',
    title: 'Catalogue',
    provides: catalog,
    setup: () => ({
      tracksByIds: async (_call: unknown, ids: string[]) =>
        new Map(visible(ids).map((track) => [track.id, presentShelfTrack(track)])),
      releasesByIds: async () => new Map(),
      releaseBySlug: async () => null,
      existing: async (_db: unknown, ids: string[]) => new Set(ids.filter((id) => shelf.tracks.has(id))),
      pick: async (rules: TrackRules) => {
        const [rule] = rules.rules
        const fits = (track: ShelfTrack) => !rule || ('value' in rule && track.genre === rule.value)
        return visible(shelf.tracks.keys())
          .filter(fits)
          .map(({ id }) => id)
          .slice(0, rules.limit.count)
      },
      recognise: async (_call: Pick<Call, 'account'>, wanted: { title: string | null }[]) => {
        const byTitle = new Map(visible(shelf.tracks.keys()).map(({ id, title }) => [title, id]))
        return wanted.map(({ title }) => byTitle.get(title ?? '') ?? null)
      },
      countPlays: async () => {},
    }),
  })
}

function presentShelfTrack({ id, title, genre, plays }: ShelfTrack): Track {
  const at = '2026-01-01T00:00:00.000Z'
  const credit = { name: `Artist of ${title}`, role: 'main', artistId: null, slug: null }
  return {
    id,
    title,
    artists: [credit],
    release: {
      id,
      slug: 'first-light',
      title: 'First Light',
      kind: 'album',
      artists: [credit],
      releaseDate: null,
      trackCount: 1,
      durationMs: 60_000,
      cover: null,
      status: 'published',
      visibility: 'public',
      href: '/releases/first-light',
    },
    discNumber: 1,
    trackNumber: 1,
    durationMs: 61_000,
    genre,
    tags: [],
    bpm: null,
    key: null,
    isExplicit: false,
    isrc: 'FRZ032600123',
    loudnessLufs: null,
    truePeakDbtp: null,
    loudnessRangeLu: null,
    gain: { trackDb: null, albumDb: null, albumPeakDbtp: null },
    plays,
    waveform: null,
    playback: null,
    mine: null,
    createdAt: at,
  }
}
