import {
  Bytes,
  defineContract,
  defineEvent,
  defineProblem,
  defineRoute,
  defineSlot,
  Id,
  identity,
  PageQuery,
  PictureCrop,
  pageOf,
  Slug,
  Time,
  WebAddress,
  z,
} from '#contract'
import type { Db } from '#sdk'

const manage = { permission: 'artists.manage' }
const Name = z.string().trim().min(1, { error: 'Write the artist’s name.' }).max(80)
const Words = z.array(z.string().trim().min(1).max(40)).max(10)
/** A link of a page: where it leads must be a web address. */
const Link = z.strictObject({
  label: z.string().trim().min(1).max(40),
  url: WebAddress,
})

export const Artist = z.strictObject({
  id: Id,
  slug: z.string(),
  name: z.string(),
  /** Markdown, and what it becomes. */
  bio: z.string(),
  bioHtml: z.string(),
  place: z.string(),
  genres: z.array(z.string()),
  links: z.array(z.strictObject({ label: z.string(), url: z.string() })),
  /** Signed addresses of square pictures of 256 and 768 pixels. */
  picture: z.strictObject({ small: z.string(), large: z.string() }).nullable(),
  /** 1600 by 400 pixels. */
  bannerUrl: z.string().nullable(),
  isListed: z.boolean(),
  createdAt: Time,
  can: z.strictObject({ edit: z.boolean(), manage: z.boolean() }),
})
export type Artist = z.infer<typeof Artist>

/** An artist in lists. */
export const ArtistCard = z.strictObject({
  id: Id,
  slug: z.string(),
  name: z.string(),
  genres: z.array(z.string()),
  pictureUrl: z.string().nullable(),
  isListed: z.boolean(),
})
export type ArtistCard = z.infer<typeof ArtistCard>

export const listArtists = defineRoute({
  method: 'GET',
  path: '/api/v1/artists/roster',
  access: 'public',
  summary: 'The label’s artists by name; those not listed only for who may manage them',
  query: z.strictObject({
    q: z.string().max(80).optional(),
    /** Slug of the last artist seen. */
    after: z.string().max(40).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(60),
  }),
  result: z.strictObject({ items: z.array(ArtistCard), next: z.string().nullable() }),
})
export const listMine = defineRoute({
  method: 'GET',
  path: '/api/v1/artists/mine',
  access: 'signed-in',
  summary: 'Artists whose pages the account looks after',
  query: PageQuery,
  result: pageOf(ArtistCard),
})
export const createArtist = defineRoute({
  method: 'POST',
  path: '/api/v1/artists/roster',
  access: manage,
  summary: 'Add an artist to the roster',
  body: z.strictObject({ name: Name, slug: Slug, isListed: z.boolean().default(true) }),
  result: Artist,
})
export const getArtist = defineRoute({
  method: 'GET',
  path: '/api/v1/artists/roster/{slug}',
  access: 'public',
  summary: 'One artist',
  result: Artist,
})
export const updateArtist = defineRoute({
  method: 'PATCH',
  path: '/api/v1/artists/roster/{slug}',
  access: 'signed-in',
  summary: 'Change an artist’s page; its address and whether it is listed are the label’s',
  body: z.strictObject({
    name: Name.optional(),
    bio: z.string().max(5000).optional(),
    place: z.string().trim().max(80).optional(),
    genres: Words.optional(),
    links: z.array(Link).max(12).optional(),
    slug: Slug.optional(),
    isListed: z.boolean().optional(),
  }),
  result: Artist,
})
export const removeArtist = defineRoute({
  method: 'DELETE',
  path: '/api/v1/artists/roster/{slug}',
  access: manage,
  summary: 'Take an artist off the roster, page and pictures',
})
const picture = { takes: ['image/*'], body: Bytes, bodyLimit: 10 * 1024 * 1024, perMinute: 30 } as const
export const setPicture = defineRoute({
  method: 'PUT',
  path: '/api/v1/artists/roster/{slug}/picture',
  access: 'signed-in',
  summary: 'Set the artist’s picture: JPEG, PNG, WebP or AVIF up to 10 MiB, cut as the query says',
  query: PictureCrop,
  result: Artist,
  ...picture,
})
export const removePicture = defineRoute({
  method: 'DELETE',
  path: '/api/v1/artists/roster/{slug}/picture',
  access: 'signed-in',
  summary: 'Take the artist’s picture away',
  result: Artist,
})
export const setBanner = defineRoute({
  method: 'PUT',
  path: '/api/v1/artists/roster/{slug}/banner',
  access: 'signed-in',
  summary: 'Set the wide picture on top of the page',
  query: PictureCrop,
  result: Artist,
  ...picture,
})
export const removeBanner = defineRoute({
  method: 'DELETE',
  path: '/api/v1/artists/roster/{slug}/banner',
  access: 'signed-in',
  summary: 'Take the wide picture away',
  result: Artist,
})
export const listManagers = defineRoute({
  method: 'GET',
  path: '/api/v1/artists/roster/{slug}/managers',
  access: 'signed-in',
  summary: 'Who looks after the page',
  result: z.strictObject({ items: z.array(identity.Person) }),
})
export const addManager = defineRoute({
  method: 'POST',
  path: '/api/v1/artists/roster/{slug}/managers',
  access: 'signed-in',
  summary: 'Let somebody look after the page, by username',
  body: z.strictObject({ username: z.string().trim().min(1).max(30) }),
  result: z.strictObject({ items: z.array(identity.Person) }),
})
export const removeManager = defineRoute({
  method: 'DELETE',
  path: '/api/v1/artists/roster/{slug}/managers/{accountId}',
  access: 'signed-in',
  summary: 'No longer let somebody look after the page',
  result: z.strictObject({ items: z.array(identity.Person) }),
})

export const slugTaken = defineProblem({
  name: 'artists.slug-taken',
  status: 409,
  title: 'Another artist has that address.',
})
export const unknownPerson = defineProblem({
  name: 'artists.unknown-person',
  status: 422,
  title: 'There is no account of that name.',
})
export const badPicture = defineProblem({
  name: 'artists.bad-picture',
  status: 422,
  title: 'This file is not a picture that can be used; take a JPEG, PNG, WebP or AVIF.',
})

const about = z.strictObject({ artistId: Id })
export const artistChanged = defineEvent({ name: 'artists.artist-changed', payload: about })
export const artistRemoved = defineEvent({ name: 'artists.artist-removed', payload: about })

/** Below an artist's header: releases, shows, whatever others know of them. */
export const artistParts = defineSlot<{ artist: Artist }>('artists.page')

/** What other plugins may ask. */
export interface ArtistsApi {
  /** Those that are gone are left out. */
  byIds(ids: string[]): Promise<Map<string, ArtistCard>>
  bySlug(slug: string): Promise<ArtistCard | null>
  /** Ids of the artists the account looks after. */
  managedBy(accountId: string): Promise<Set<string>>
  /** By whole name, whatever its capitals; the keys are the names as given. */
  byNames(names: string[]): Promise<Map<string, ArtistCard>>
  /** The same within the caller's transaction, adding those that are not there yet; `isListed` is for these. */
  ensure(db: Db, names: string[], options: { isListed: boolean }): Promise<Map<string, ArtistCard>>
}
export const artists = defineContract<ArtistsApi>('artists')
