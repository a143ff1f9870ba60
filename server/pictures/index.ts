import type { Sharp } from 'sharp'
import { identity, invalidInput, unavailable } from '#contract'
import {
  type MadePicture,
  type PictureCrop,
  type PictureFormat,
  type Pictures,
  type PictureWish,
  problem,
} from '#sdk'
import { dominantColour } from './colour.ts'
import { kindOf, type PictureKind } from './kinds.ts'
import { createQueue } from './queue.ts'

const mostPixels = 50_000_000
const timeLimitS = 20
const quality = 82
// One picture may take 200 MB while it is decoded.
const queue = createQueue(2)

/** Makes clean pictures of what people send. Of all sites of a process together, one at a time. */
export const pictures: Pictures = {
  make: (bytes, wish) => inTurn(bytes, (kind) => make(bytes, kind, wish)),
  colourOf: (bytes) => inTurn(bytes, (kind) => colourOf(bytes, kind)),
}

async function inTurn<T>(bytes: Buffer, work: (kind: PictureKind) => Promise<T>): Promise<T> {
  const kind = kindOf(bytes)
  if (!kind) throw problem(identity.badPicture)
  return queue.run(
    () => work(kind),
    () => problem(unavailable, 'Many pictures are coming in; try again in a moment.', { retryAfterS: 5 }),
  )
}

type SharpModule = typeof import('sharp').default
let loaded: Promise<SharpModule> | undefined

/** Loaded with the first picture: it is large, and most processes never need it. */
function loadSharp(): Promise<SharpModule> {
  loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.cache(false)
    sharp.concurrency(1)
    sharp.block({ operation: ['VipsForeignLoad'] })
    sharp.unblock({
      operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map((name) => `VipsForeignLoad${name}Buffer`),
    })
    return sharp
  })
  return loaded
}

async function make(bytes: Buffer, kind: PictureKind, wish: PictureWish): Promise<MadePicture[]> {
  const sharp = await loadSharp()
  const largest = wish.sizes.reduce((a, b) => (b.width > a.width ? b : a))
  const source = await open(bytes, kind)
  const crop = wish.crop && within(wish.crop, source.area)
  // Decoded once, turned and cut; the sizes are made of this one.
  const { data, info } = await orRefuse(() => {
    const cut = crop ? source.turned.extract(crop) : source.turned
    return sized(cut, largest).raw().toBuffer({ resolveWithObject: true })
  })
  const raw = { width: info.width, height: info.height, channels: info.channels }
  const made: MadePicture[] = []
  for (const size of wish.sizes)
    for (const format of size.formats ?? (['webp'] as const)) {
      const picture = encoded(sized(sharp(data, { raw }), size), format)
      made.push({ name: size.name, format, bytes: await picture.toBuffer() })
    }
  return made
}

async function open(bytes: Buffer, kind: PictureKind) {
  const sharp = await loadSharp()
  const source = sharp(bytes, {
    limitInputPixels: mostPixels,
    failOn: 'error',
    animated: false,
    sequentialRead: true,
  })
  const area = await orRefuse(async () => areaOf(await source.metadata(), kind))
  return { area, turned: source.timeout({ seconds: timeLimitS }).autoOrient() }
}

/** AVIF of the effort that keeps a large cover below a second. */
function encoded(picture: Sharp, format: PictureFormat): Sharp {
  if (format === 'avif') return picture.avif({ quality: 55, effort: 1 })
  // Transparent parts become white, not black.
  if (format === 'jpeg') return picture.flatten({ background: '#fff' }).jpeg({ quality, progressive: true })
  return picture.webp({ quality, effort: 4 })
}

async function colourOf(bytes: Buffer, kind: PictureKind): Promise<string> {
  const { turned } = await open(bytes, kind)
  const data = await orRefuse(() =>
    turned
      .resize(64, 64, { fit: 'fill' })
      .flatten({ background: '#fff' })
      .toColourspace('srgb')
      .raw()
      .toBuffer(),
  )
  return dominantColour(data)
}

const sized = (picture: Sharp, { width, height }: PictureWish['sizes'][number]): Sharp =>
  picture.resize(width, height, { fit: 'cover' })

interface Area {
  width: number
  height: number
}

/** The picture's size as shown; throws where the file is not what its first bytes said. */
function areaOf(facts: import('sharp').Metadata, kind: PictureKind): Area {
  const format = facts.format === 'heif' && facts.compression === 'av1' ? 'avif' : facts.format
  if (format !== kind) throw new Error(`${facts.format} instead of ${kind}`)
  return facts.autoOrient
}

/** The part of the crop that lies on the picture. */
function within(crop: PictureCrop, area: Area) {
  const left = Math.max(0, Math.floor(crop.x))
  const top = Math.max(0, Math.floor(crop.y))
  const width = Math.min(area.width, Math.floor(crop.x + crop.width)) - left
  const height = Math.min(area.height, Math.floor(crop.y + crop.height)) - top
  if (width >= 1 && height >= 1) return { left, top, width, height }
  const message = `The crop lies outside the picture of ${area.width} x ${area.height} pixels.`
  throw problem(invalidInput, message, { errors: [{ pointer: '?/x', message }] })
}

/** Whatever the decoder cannot do with the file is the file's fault. */
async function orRefuse<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const isLarge = /pixel limit/i.test(String(error))
    throw problem(
      identity.badPicture,
      isLarge ? 'The picture has more than 50 million pixels; make it smaller first.' : undefined,
    )
  }
}
