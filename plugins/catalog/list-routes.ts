import { Id, invalidInput, notSignedIn } from '#contract'
import { type Db, problem } from '#sdk'
import * as contract from './contract.ts'
import { tracksSeen, viewOf } from './desk.ts'
import { presentCards, presentTracks, type View } from './present.ts'
import { listReleases } from './release-list.ts'
import { releasesByIds } from './releases.ts'
import type { Ctx } from './settings.ts'
import { keyOf } from './text.ts'
import { fits, type Level, listTracks, type Named } from './track-list.ts'

/** Lists of what the caller may find. */
export function listRoutes(ctx: Ctx): void {
  const { router, db } = ctx
  router.handle(contract.listReleases, async ({ query }, call) => {
    const view = await viewOf(ctx, call)
    const { artist, whose, ...wish } = query
    const page = await listReleases(db, {
      ...wish,
      level: levelOf(view, whose),
      artist: artist === undefined ? undefined : await named(ctx, artist),
      editor: whose === 'mine' ? view.who : undefined,
    })
    return { items: await presentCards(ctx, view, page.items), next: page.next }
  })
  router.handle(contract.listTracks, async ({ query }, call) => {
    const view = await viewOf(ctx, call)
    const { artist, whose, ids, isFavourite, ...wish } = query
    if (ids !== undefined) return { items: await tracksSeen(ctx, view, idsOf(ids)), next: null }
    const { accountId } = view.who
    if (isFavourite && accountId === null) return { items: [], next: null }
    const page = await listTracks(db, {
      ...wish,
      level: levelOf(view, whose),
      artist: artist === undefined ? undefined : await named(ctx, artist),
      editor: whose === 'mine' ? view.who : undefined,
      favourites:
        isFavourite === undefined || accountId === null ? undefined : { of: accountId, are: isFavourite },
    })
    const releases = await releasesByIds(
      db,
      page.items.map(({ releaseId }) => releaseId),
    )
    return { items: await presentTracks(ctx, view, page.items, releases), next: page.next }
  })
  nameRoutes(ctx)
}

function levelOf({ who }: View, whose: 'all' | 'mine'): Level {
  if (whose === 'mine') {
    if (who.accountId === null) throw problem(notSignedIn)
    return 2
  }
  return who.accountId === null ? 0 : 1
}

/** Slug of an artist's page, or a credited name. */
export async function named(ctx: Ctx, text: string): Promise<Named> {
  const page = await ctx.needs.artists.bySlug(text)
  return { name: page?.name ?? text, artistId: page?.id ?? null }
}

function idsOf(text: string): string[] {
  const ids = [...new Set(text.split(',').filter(Boolean))]
  if (ids.length <= 100 && ids.every((id) => Id.safeParse(id).success)) return ids
  const message = 'Give up to 100 ids with commas between.'
  throw problem(invalidInput, message, { errors: [{ pointer: '?/ids', message }] })
}

interface NameRow {
  nameKey: string
  name: string
  artistId: string | null
  trackCount: number
}

function nameRoutes(ctx: Ctx): void {
  const { router, db } = ctx
  router.handle(contract.listCatalogArtists, async ({ query }, call) => {
    const rows = await listNames(db, { ...query, level: call.account ? 1 : 0 })
    const shown = rows.slice(0, query.limit)
    const pages = await ctx.needs.artists.byIds(shown.flatMap(({ artistId }) => artistId ?? []))
    return {
      items: shown.map(({ name, artistId, trackCount }) => {
        const page = artistId === null ? undefined : pages.get(artistId)
        const listed = page?.isListed ? page : undefined
        return {
          name,
          artistId: page?.id ?? null,
          slug: listed?.slug ?? null,
          pictureUrl: listed?.pictureUrl ?? null,
          trackCount,
        }
      }),
      next: rows.length > query.limit ? (shown.at(-1)?.name ?? null) : null,
    }
  })
  let genres: { items: { genre: string; trackCount: number }[]; until: number } | null = null
  router.handle(contract.listGenres, async () => {
    if (!genres || genres.until < Date.now())
      genres = { items: await countGenres(db), until: Date.now() + 60_000 }
    return { items: genres.items }
  })
}

/** Names of artists with tracks, by name. */
function listNames(
  db: Db,
  wish: {
    q?: string | undefined
    genre?: string | undefined
    after?: string | undefined
    limit: number
    level: Level
  },
): Promise<NameRow[]> {
  const { q, genre, after, limit, level } = wish
  const wanted: [string, string | undefined][] = [
    ['genre_key = ?', genre === undefined ? undefined : keyOf(genre)],
    ['name_key > ?', after === undefined ? undefined : keyOf(after)],
    [`name_key like ? escape '!'`, q === undefined ? undefined : containing(q)],
  ]
  const given = wanted.filter((one): one is [string, string] => one[1] !== undefined)
  const where = given.map(([sql]) => ` and ${sql}`).join('')
  return db.raw<NameRow[]>(
    `select name_key, min(name) as name, min(cast(artist_id as char(36))) as artist_id, count(*) as track_count
     from catalog_credits where ${fits(level)} and is_track and is_artist${where}
     group by name_key order by name_key limit ${limit + 1}`,
    given.map(([, value]) => value),
  )
}

const containing = (text: string): string => `%${keyOf(text).replace(/[!%_]/g, (sign) => `!${sign}`)}%`

/** The index alone is counted; then one track of each genre says how it is written. */
function countGenres(db: Db): Promise<{ genre: string; trackCount: number }[]> {
  return db.raw<{ genre: string; trackCount: number }[]>(
    `select (select t.genre from catalog_tracks t where t.audience = 0 and t.genre_key = counted.genre_key limit 1)
       as genre, counted.n as track_count
     from (select genre_key, count(*) as n from catalog_tracks where audience = 0 and genre_key > ''
       group by genre_key order by count(*) desc, genre_key limit 500) as counted
     order by counted.n desc, counted.genre_key`,
  )
}
