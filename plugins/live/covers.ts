import { newId, type PictureCrop } from '#sdk'
import type { Cover } from './contract.ts'
import type { LiveContext } from './settings.ts'

const sizes = [
  { name: '1280', width: 1280, height: 720 },
  { name: '480', width: 480, height: 270 },
]

/** Cuts a picture as the query says and writes its sizes; `keep` gets their folder, which goes again where it throws. */
export async function writeCover(
  { pictures, storage }: LiveContext,
  picture: Buffer,
  crop: Partial<PictureCrop>,
  keep: (key: string) => Promise<void>,
): Promise<void> {
  const made = await pictures.make(picture, { crop: cropOf(crop), sizes })
  // A new folder each time: an address once given always shows the same picture.
  const key = `live-covers/${newId()}`
  try {
    for (const { name, bytes } of made) await storage.write(`${key}/${name}.webp`, bytes)
    await keep(key)
  } catch (error) {
    await storage.removeFolder(key)
    throw error
  }
}

/** Where the sizes of a cover are; for everybody, as titles are. */
export function coverOf({ storage }: LiveContext, key: string | null): Cover | null {
  const picture = (size: string) => storage.dayUrl(`${key}/${size}.webp`)
  return key === null ? null : { small: picture('480'), large: picture('1280') }
}

const cropOf = ({ x, y, width, height }: Partial<PictureCrop>): PictureCrop | undefined =>
  x === undefined || y === undefined || width === undefined || height === undefined
    ? undefined
    : { x, y, width, height }
