import { Id } from '#contract'
import type { CatalogApi, ReleaseCard, Track } from '#plugins/catalog'
import type { Embeddable } from './contract.ts'

export type FindEmbed = (key: string) => Promise<Embeddable | 'hidden' | null>
/** Pages of a kind: `release` -> `/releases/{key}`. */
const folderOf = (kind: string) => `${kind}s`

/** As somebody whom nobody knows: an embed shows the same to all. */
const nobody = { account: null, header: () => undefined, cookie: () => undefined }
export const asNobody: Parameters<CatalogApi['tracksByIds']>[0] = nobody

const isForAll = ({ status, visibility }: ReleaseCard) => status === 'published' && visibility === 'public'

/** The kinds of things other sites may show, by name. */
export class Embeds {
  readonly #kinds = new Map<string, FindEmbed>()

  add(kind: string, find: FindEmbed): void {
    if (this.#kinds.has(kind)) throw new Error(`Embeds of the kind ${kind} are there already.`)
    this.#kinds.set(kind, find)
  }

  async find(kind: string, key: string): Promise<Embeddable | 'hidden' | null> {
    return (await this.#kinds.get(kind)?.(key)) ?? null
  }

  /** What a page's or an embed's path is of; null where it is neither. */
  read(path: string): { kind: string; key: string } | null {
    const [first = '', second = '', third, ...more] = path.split('/').slice(1).map(decoded)
    if (more.length > 0) return null
    if (first === 'embed') return third && this.#kinds.has(second) ? { kind: second, key: third } : null
    const kind = [...this.#kinds.keys()].find((name) => folderOf(name) === first)
    return kind && second && third === undefined ? { kind, key: second } : null
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}

/** Tracks by id and releases by address. */
export function addCatalogEmbeds(
  embeds: Embeds,
  catalog: CatalogApi,
  exists: (id: string) => Promise<boolean>,
) {
  embeds.add('track', async (id) => {
    if (!Id.safeParse(id).success) return null
    const track = (await catalog.tracksByIds(asNobody, [id])).get(id)
    if (track && isForAll(track.release)) return ofTrack(track)
    return (await exists(id)) ? 'hidden' : null
  })
  // Addresses of releases can be guessed: of one that is not out yet, nobody learns that it is there.
  embeds.add('release', async (slug) => {
    const found = await catalog.releaseBySlug(asNobody, slug)
    return found && isForAll(found.release) ? ofRelease(found.release, found.trackIds) : null
  })
}

const authorOf = (artists: ReleaseCard['artists']): Embeddable['author'] => {
  const [first] = artists
  if (!first) return null
  return {
    name: artists.map(({ name }) => name).join(', '),
    href: artists.length === 1 && first.slug ? `/artists/${first.slug}` : null,
  }
}

const ofTrack = ({ id, title, artists, release }: Track): Embeddable => ({
  title,
  author: authorOf(artists),
  href: `/tracks/${id}`,
  imageUrl: release.cover?.small.jpeg ?? null,
  trackIds: [id],
})

const ofRelease = ({ slug, title, artists, cover }: ReleaseCard, trackIds: string[]): Embeddable => ({
  title,
  author: authorOf(artists),
  href: `/releases/${slug}`,
  imageUrl: cover?.small.jpeg ?? null,
  trackIds,
})
