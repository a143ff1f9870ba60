import { buffer } from 'node:stream/consumers'
import { unavailable } from '#contract'
import { type Account, newId, type PictureCrop, ProblemError } from '#sdk'
import * as contract from './contract.ts'
import { editableRelease } from './desk.ts'
import { presentRelease } from './present.ts'
import { noteChange } from './release-routes.ts'
import { getReleaseById, type ReleaseRow, updateRelease } from './releases.ts'
import type { Ctx } from './settings.ts'

const folder = 'catalog/cover'
const mostBytes = 20 * 1024 * 1024
/** No upload takes so long; what is older and nobody's is left over. */
const orphanMs = 3_600_000
const three = ['avif', 'webp', 'jpeg'] as const
const square = (side: number) => ({ name: String(side), width: side, height: side })

export function coverRoutes(ctx: Ctx): void {
  const { router, jobs } = ctx
  router.handle(contract.setCover, async ({ params, query, body }, call) => {
    const { release, view } = await editableRelease(ctx, call, params.slug)
    const cover = await storeCover(ctx, body as Buffer, cropOf(query))
    return presentRelease(ctx, view, await keep(ctx, release, { cover, actor: call.me }))
  })
  router.handle(contract.removeCover, async ({ params }, call) => {
    const { release, view } = await editableRelease(ctx, call, params.slug)
    return presentRelease(ctx, view, await keep(ctx, release, { cover: null, actor: call.me }))
  })
  jobs.handle(contract.makeCover, ({ releaseId, pictureKey }) => coverOfFile(ctx, releaseId, pictureKey))
  jobs.handle(contract.sweepCovers, () => sweepCovers(ctx))
  jobs.every(contract.sweepCovers, '23 4 * * *')
}

interface StoredCover {
  key: string
  colour: string
}

/** In all sizes and formats, in a folder of its own: an address once given always shows the same picture. */
async function storeCover(ctx: Ctx, bytes: Buffer, crop: PictureCrop | undefined): Promise<StoredCover> {
  const sizes = [
    { ...square(160), formats: ['webp'] as const },
    { ...square(480), formats: three },
    { ...square(1200), formats: three },
  ]
  const made = await ctx.pictures.make(bytes, { crop, sizes })
  const small = made.find(({ name }) => name === '160')?.bytes
  const colour = small ? await ctx.pictures.colourOf(small) : '#808080'
  const key = `${folder}/${newId()}`
  try {
    for (const { name, format, bytes } of made) await ctx.storage.write(`${key}/${name}.${format}`, bytes)
  } catch (error) {
    await ctx.storage.removeFolder(key)
    throw error
  }
  return { key, colour }
}

/** The row names the new files first; then the old ones go. */
async function keep(
  ctx: Ctx,
  release: Pick<ReleaseRow, 'id' | 'slug'>,
  { cover, actor }: { cover: StoredCover | null; actor: Account | null },
): Promise<ReleaseRow> {
  try {
    const { row, before } = await ctx.db.tx(async (db) => {
      // As of now: another upload may have come first, and its files go with this one.
      const { coverKey } = await getReleaseById(db, release.id)
      const columns = { coverKey: cover?.key ?? null, coverColour: cover?.colour ?? null }
      const changed = await updateRelease(db, release.id, columns)
      await noteChange(ctx, db, { release, actor, fields: ['cover'] })
      return { row: changed, before: coverKey }
    })
    if (before) await ctx.storage.removeFolder(before)
    return row
  } catch (error) {
    if (cover) await ctx.storage.removeFolder(cover.key)
    throw error
  }
}

/** For a draft without a cover; a picture that cannot be read is left out. */
async function coverOfFile(ctx: Ctx, releaseId: string, pictureKey: string): Promise<void> {
  const release: ReleaseRow | undefined = await ctx.db('catalog_releases').where({ id: releaseId }).first()
  if (!release || release.coverKey !== null) return
  const found = await ctx.storage.read(pictureKey)
  if (!found) return
  if (found.sizeBytes > mostBytes) {
    found.stream.destroy()
    return
  }
  try {
    const cover = await storeCover(ctx, await buffer(found.stream), undefined)
    await keep(ctx, release, { cover, actor: null })
  } catch (error) {
    // Too many pictures at once: later.
    if (!(error instanceof ProblemError) || error.problem.name === unavailable.name) throw error
    ctx.log.info({ releaseId, reason: error.problem.name }, 'a picture in a file is no cover')
  }
}

/** Files that no release names: a crash between storing and naming leaves them. */
export async function sweepCovers(ctx: Ctx, now = Date.now()): Promise<void> {
  const keys = new Set<string>()
  for await (const { key } of ctx.storage.list(folder)) keys.add(key.split('/').slice(0, 3).join('/'))
  const old = [...keys].filter((key) => timeOf(key.split('/')[2] ?? '') < now - orphanMs)
  for (let at = 0; at < old.length; at += 500) {
    const some = old.slice(at, at + 500)
    const rows: { coverKey: string }[] = await ctx
      .db('catalog_releases')
      .whereIn('cover_key', some)
      .select('cover_key')
    const used = new Set(rows.map(({ coverKey }) => coverKey))
    for (const key of some) if (!used.has(key)) await ctx.storage.removeFolder(key)
  }
}

/** A UUIDv7 begins with its milliseconds (RFC 9562, section 5.7). */
const timeOf = (id: string): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16) || 0

type Crop = Partial<PictureCrop>
const cropOf = ({ x, y, width, height }: Crop): PictureCrop | undefined =>
  x === undefined || y === undefined || width === undefined || height === undefined
    ? undefined
    : { x, y, width, height }
