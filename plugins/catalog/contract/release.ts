import {
  Bytes,
  defineEvent,
  defineProblem,
  defineRoute,
  Id,
  PictureCrop,
  pageOf,
  Slug,
  Time,
  z,
} from '#contract'

export const manage = 'catalog.manage'
const publish = { permission: 'catalog.publish' }
const text = (max: number) => z.string().trim().max(max)

/** Who may find and play it. `members`: whoever is signed in; `unlisted`: whoever has the link; `private`: its editors. */
export const Visibility = z.enum(['public', 'members', 'unlisted', 'private'])
export type Visibility = z.infer<typeof Visibility>
/** `scheduled` becomes `published` by itself at `publishAt`. */
export const ReleaseStatus = z.enum(['draft', 'scheduled', 'published'])
export type ReleaseStatus = z.infer<typeof ReleaseStatus>
export const ReleaseKind = z.enum(['album', 'ep', 'single', 'compilation', 'mix', 'live'])
export type ReleaseKind = z.infer<typeof ReleaseKind>

/** Addresses of one picture in three formats, best first for a `<picture>`. */
const Sources = z.strictObject({ avif: z.string(), webp: z.string(), jpeg: z.string() })
export const Cover = z.strictObject({
  /** Dominant colour, `#rrggbb`. */
  colour: z.string(),
  /** 160 pixels square, WebP. */
  thumb: z.string(),
  /** 480 and 1200 pixels square. */
  small: Sources,
  large: Sources,
})
export type Cover = z.infer<typeof Cover>

/** `main` and `featured` are shown as the artists; the others are credits. `slug` leads to the artist's page. */
export const Credit = z.strictObject({
  name: z.string(),
  role: z.string(),
  artistId: Id.nullable(),
  slug: z.string().nullable(),
})
export type Credit = z.infer<typeof Credit>
export const CreditInput = z.strictObject({
  name: z.string().trim().min(1, { error: 'Write a name.' }).max(120),
  /** `main`, `featured`, `remixer`, `composer`, `producer` …; small letters. */
  role: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[\p{L}][\p{L} -]{0,39}$/u, { error: 'Name the role in a word or two.' }),
})
export type CreditInput = z.infer<typeof CreditInput>

/** A release in lists and beside its tracks. */
export const ReleaseCard = z.strictObject({
  id: Id,
  slug: z.string(),
  title: z.string(),
  kind: ReleaseKind,
  artists: z.array(Credit),
  releaseDate: z.string().nullable(),
  trackCount: z.number(),
  durationMs: z.number(),
  cover: Cover.nullable(),
  status: ReleaseStatus,
  visibility: Visibility,
  /** Path of its page; with the secret of an unlisted one for who may edit it or came by it. */
  href: z.string(),
})
export type ReleaseCard = z.infer<typeof ReleaseCard>

export const Release = z.strictObject({
  ...ReleaseCard.shape,
  /** Markdown, and what it becomes. */
  description: z.string(),
  descriptionHtml: z.string(),
  credits: z.array(Credit),
  label: z.string(),
  catalogNumber: z.string(),
  upc: z.string().nullable(),
  /** `2026 Your Label`, shown after ℗ and ©. */
  pLine: z.string(),
  cLine: z.string(),
  genre: z.string(),
  tags: z.array(z.string()),
  /** A name such as `CC BY-SA 4.0`; empty: all rights reserved. */
  licence: z.string(),
  publishAt: Time.nullable(),
  publishedAt: Time.nullable(),
  /** Whoever may play it may take its files, too. */
  isDownloadable: z.boolean(),
  loudnessLufs: z.number().nullable(),
  loudnessRangeLu: z.number().nullable(),
  createdAt: Time,
  updatedAt: Time,
  can: z.strictObject({ edit: z.boolean(), publish: z.boolean() }),
})
export type Release = z.infer<typeof Release>

const date = z
  .string()
  .regex(/^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/, {
    error: 'Write the date as 2026-11-22, 2026-11 or 2026.',
  })
  .nullable()
/** GTIN-12 or -13 with its check digit (GS1 General Specifications, section 7.9); spaces and hyphens are dropped. */
export const Upc = z
  .string()
  .transform((value) => value.replace(/[\s-]/g, ''))
  .refine(isUpc, {
    error: 'This is no UPC or EAN: it has 12 or 13 digits, and the last must fit the others.',
  })
export function isUpc(digits: string): boolean {
  if (!/^\d{12,13}$/.test(digits)) return false
  const sum = [...digits]
    .reverse()
    .reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0)
  return sum % 10 === 0
}

const words = {
  title: z.string().trim().min(1, { error: 'Write a title.' }).max(200),
  kind: ReleaseKind,
  credits: z.array(CreditInput).max(60),
  label: text(120),
  catalogNumber: text(40),
  upc: Upc.nullable(),
  pLine: text(200),
  cLine: text(200),
  genre: text(60),
  tags: z.array(z.string().trim().toLowerCase().min(1).max(40)).max(20),
  licence: text(80),
  releaseDate: date,
  description: z.string().max(10_000),
  isDownloadable: z.boolean(),
}
export const ReleaseInput = z.strictObject(words).partial().required({ title: true })
export const ReleaseChange = z.strictObject({ ...words, slug: Slug, visibility: Visibility }).partial()
export type ReleaseChange = z.infer<typeof ReleaseChange>

const releases = '/api/v1/catalog/releases'
export const listReleases = defineRoute({
  method: 'GET',
  path: releases,
  access: 'public',
  summary: 'Releases the caller may find, newest release date first',
  query: z.strictObject({
    q: z.string().max(80).optional(),
    genre: z.string().max(60).optional(),
    /** Slug of an artist’s page, or a credited name. */
    artist: z.string().max(120).optional(),
    kind: ReleaseKind.optional(),
    /** `mine`: those one may edit, drafts too. */
    whose: z.enum(['all', 'mine']).default('all'),
    after: Id.optional(),
    limit: z.coerce.number().int().min(1).max(100).default(30),
  }),
  result: pageOf(ReleaseCard),
})
export const getRelease = defineRoute({
  method: 'GET',
  path: `${releases}/{slug}`,
  access: 'public',
  summary: 'One release by the last part of its address; `key` is the secret of an unlisted one',
  query: z.strictObject({ key: z.string().max(60).optional() }),
  result: Release,
})
export const createDrafts = defineRoute({
  method: 'POST',
  path: '/api/v1/catalog/drafts',
  access: publish,
  summary: 'Arrange uploaded files into draft releases by what their tags and folders say',
  body: z.strictObject({ assetIds: z.array(Id).min(1).max(500) }),
  result: z.strictObject({ releases: z.array(ReleaseCard) }),
})
export const createRelease = defineRoute({
  method: 'POST',
  path: releases,
  access: publish,
  summary: 'Begin an empty draft',
  body: ReleaseInput,
  result: Release,
})
export const updateRelease = defineRoute({
  method: 'PATCH',
  path: `${releases}/{slug}`,
  access: 'signed-in',
  summary: 'Change a release; what is left out stays',
  body: ReleaseChange,
  result: Release,
})
export const publishRelease = defineRoute({
  method: 'POST',
  path: `${releases}/{slug}/publish`,
  access: publish,
  summary: 'Publish now, or at a time to come',
  body: z.strictObject({ at: Time.nullable().default(null) }),
  result: Release,
})
export const unpublishRelease = defineRoute({
  method: 'POST',
  path: `${releases}/{slug}/unpublish`,
  access: publish,
  summary: 'Make a release a draft again; its addresses stop playing',
  result: Release,
})
export const trashRelease = defineRoute({
  method: 'DELETE',
  path: `${releases}/{slug}`,
  access: 'signed-in',
  summary: 'Put a release with its tracks into the trash',
})
export const renewReleaseKey = defineRoute({
  method: 'POST',
  path: `${releases}/{slug}/key`,
  access: 'signed-in',
  summary: 'Give an unlisted release another secret: links sent so far lead nowhere',
  result: Release,
})
export const setCover = defineRoute({
  method: 'PUT',
  path: `${releases}/{slug}/cover`,
  access: 'signed-in',
  summary: 'Set the cover: JPEG, PNG, WebP or AVIF up to 20 MiB, cut as the query says',
  query: PictureCrop,
  takes: ['image/*'],
  body: Bytes,
  bodyLimit: 20 * 1024 * 1024,
  perMinute: 30,
  result: Release,
})
export const removeCover = defineRoute({
  method: 'DELETE',
  path: `${releases}/{slug}/cover`,
  access: 'signed-in',
  summary: 'Take the cover away',
  result: Release,
})

export const releaseSlugTaken = defineProblem({
  name: 'catalog.slug-taken',
  status: 409,
  title: 'Another release has that address; choose another one.',
})
export const notPublishable = defineProblem({
  name: 'catalog.not-publishable',
  status: 409,
  title: 'Something is still missing before this release can be published.',
})
export const unknownAsset = defineProblem({
  name: 'catalog.unknown-file',
  status: 422,
  title: 'One of these files is not there any more, or belongs to somebody else; upload it again.',
})

const about = z.strictObject({ releaseId: Id })
/** It can be found now; also after it was a draft again. */
export const releasePublished = defineEvent({ name: 'catalog.release-published', payload: about })
export const releaseUnpublished = defineEvent({ name: 'catalog.release-unpublished', payload: about })
export const releaseChanged = defineEvent({ name: 'catalog.release-changed', payload: about })
export const releaseRemoved = defineEvent({ name: 'catalog.release-removed', payload: about })
