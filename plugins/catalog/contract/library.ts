import { defineRoute, Id, Time, z } from '#contract'

/** Credited names, whether or not they have a page. */
export const listCatalogArtists = defineRoute({
  method: 'GET',
  path: '/api/v1/catalog/artists',
  access: 'public',
  summary: 'Artists of the tracks the caller may find, by name',
  query: z.strictObject({
    q: z.string().max(80).optional(),
    genre: z.string().max(60).optional(),
    /** Name of the last one seen. */
    after: z.string().max(120).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(60),
  }),
  result: z.strictObject({
    items: z.array(
      z.strictObject({
        name: z.string(),
        artistId: Id.nullable(),
        slug: z.string().nullable(),
        pictureUrl: z.string().nullable(),
        trackCount: z.number(),
      }),
    ),
    next: z.string().nullable(),
  }),
})
export const listGenres = defineRoute({
  method: 'GET',
  path: '/api/v1/catalog/genres',
  access: 'public',
  summary: 'Genres of the tracks everybody may find, with their number, most frequent first',
  result: z.strictObject({ items: z.array(z.strictObject({ genre: z.string(), trackCount: z.number() })) }),
})

/** Something in the trash; it goes for good at `removedAt`. */
export const TrashItem = z.strictObject({
  id: Id,
  kind: z.enum(['release', 'track']),
  title: z.string(),
  /** Title of a track’s release; null for releases. */
  releaseTitle: z.string().nullable(),
  sizeBytes: z.number(),
  trashedAt: Time,
  removedAt: Time,
})
export type TrashItem = z.infer<typeof TrashItem>
const trash = '/api/v1/catalog/trash'
export const listTrash = defineRoute({
  method: 'GET',
  path: trash,
  access: 'signed-in',
  summary: 'What the caller may bring back, last thrown away first',
  result: z.strictObject({ items: z.array(TrashItem) }),
})
export const restoreTrash = defineRoute({
  method: 'POST',
  path: `${trash}/{id}/restore`,
  access: 'signed-in',
  summary: 'Bring a release or track back as it was',
})
export const removeTrash = defineRoute({
  method: 'DELETE',
  path: `${trash}/{id}`,
  access: 'signed-in',
  summary: 'Delete for good: files, plays and places in playlists; frees the storage',
})
