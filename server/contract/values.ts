import { z } from 'zod'

/** UUIDv7 as text. */
export const Id = z.uuid()
/** ISO-8601 UTC with milliseconds. */
export const Time = z.iso.datetime({ precision: 3 })
const slugRule =
  'Use 2 to 40 lower-case letters, digits and hyphens, beginning and ending with a letter or digit.'
/** Address part chosen by people: 2 to 40 of a-z, 0-9 and inner hyphens. */
export const Slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, { error: slugRule })
  .min(2, { error: slugRule })

/** `?after=<id of the last item>&limit=1..100` */
export const PageQuery = z.strictObject({
  after: Id.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
})
export type PageQuery = z.infer<typeof PageQuery>
export interface Page<Item> {
  items: Item[]
  /** Cursor of the next page, or null at the end. */
  next: string | null
}
/** The shape of every list: `{ items, next }`. */
export function pageOf<Item>(item: z.ZodType<Item>) {
  return z.strictObject({ items: z.array(item), next: Id.nullable() })
}

/** The body of a route that `takes` bytes: a Buffer for its handler, a File or Blob in the browser. */
export const Bytes = z.custom<Uint8Array | Blob>((value) => value instanceof Uint8Array, {
  error: 'Send the file as the body.',
})

/** http and https only, absolute, without a name and password in it. */
export const WebAddress = z
  .string()
  .trim()
  .max(500, { error: 'Use at most 500 characters.' })
  .refine(isWebAddress, { error: 'Write a whole web address, as https://example.org.' })
function isWebAddress(text: string): boolean {
  const url = URL.parse(text)
  return (
    url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '' && !url.username && !url.password
  )
}

const side = z.coerce.number().int().min(0).max(50_000).optional()
/** Part of a picture, in pixels of the file as shown (after its EXIF turn). All four or none. */
export const PictureCrop = z
  .strictObject({ x: side, y: side, width: side, height: side })
  .refine((crop) => [0, 4].includes(Object.values(crop).filter((side) => side !== undefined).length), {
    error: 'Give x, y, width and height, or none of them.',
    path: ['x'],
  })

/** RFC 9457 body of every refusal. */
export interface ProblemBody {
  type: string
  title: string
  status: number
  detail?: string
  instance: string
  errors?: { pointer: string; message: string }[]
}
