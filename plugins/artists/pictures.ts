import { type Account, newId, type PictureCrop, type PictureWish } from '#sdk'
import { findArtist, updateArtist } from './artists.ts'
import * as contract from './contract.ts'
import { type Ctx, editable } from './desk.ts'
import { presentArtist } from './present.ts'

interface Kind {
  column: 'pictureKey' | 'bannerKey'
  folder: string
  sizes: PictureWish['sizes']
}
const picture: Kind = {
  column: 'pictureKey',
  folder: 'picture',
  sizes: [768, 256].map((side) => ({ name: String(side), width: side, height: side })),
}
const banner: Kind = {
  column: 'bannerKey',
  folder: 'banner',
  sizes: [{ name: '1600', width: 1600, height: 400 }],
}

/** The two pictures of an artist's page. */
export function pictureRoutes(ctx: Ctx): void {
  const { router } = ctx
  const ways = [
    { kind: picture, set: contract.setPicture, remove: contract.removePicture },
    { kind: banner, set: contract.setBanner, remove: contract.removeBanner },
  ]
  for (const { kind, set, remove } of ways) {
    router.handle(set, async ({ params, query, body }, call) => {
      await editable(ctx, call.me, params.slug)
      const made = await ctx.pictures.make(body as Buffer, { crop: cropOf(query), sizes: kind.sizes })
      // A new folder each time: an address once given always shows the same picture.
      const key = `artists/${kind.folder}/${newId()}`
      try {
        for (const { name, bytes } of made) await ctx.storage.write(`${key}/${name}.webp`, bytes)
        return await keep(ctx, call.me, { slug: params.slug, kind, key })
      } catch (error) {
        await ctx.storage.removeFolder(key)
        throw error
      }
    })
    router.handle(remove, ({ params }, call) => keep(ctx, call.me, { slug: params.slug, kind, key: null }))
  }
}

/** The row points to the new files first; then the old ones go. */
async function keep(
  ctx: Ctx,
  account: Account,
  { slug, kind, key }: { slug: string; kind: Kind; key: string | null },
): Promise<contract.Artist> {
  const { artist, can } = await editable(ctx, account, slug)
  const { row, before } = await ctx.db.tx(async (tx) => {
    // As of now: another upload may have come first, and its files go with this one.
    const present = await findArtist(tx, slug)
    const changed = await updateArtist(tx, artist.id, { [kind.column]: key })
    await ctx.events.emit(tx, contract.artistChanged, { artistId: artist.id })
    const detail = { fields: [kind.folder] }
    await ctx.audit.record(tx, {
      action: 'artists.artist-changed',
      actor: account,
      subject: artist.id,
      detail,
    })
    return { row: changed, before: present?.[kind.column] }
  })
  if (before && before !== key) await ctx.storage.removeFolder(before)
  return presentArtist(ctx.storage, row, can)
}

type Crop = Partial<PictureCrop>
const cropOf = ({ x, y, width, height }: Crop): PictureCrop | undefined =>
  x === undefined || y === undefined || width === undefined || height === undefined
    ? undefined
    : { x, y, width, height }
