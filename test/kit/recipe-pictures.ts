import sharp from 'sharp'
import type { Kitchen, Recipe, Served } from './recipes.ts'

/** A small one, PNG. */
export const picture = () =>
  sharp({ create: { width: 40, height: 40, channels: 3, background: '#123456' } })
    .png()
    .toBuffer()

/** With a picture as the body. */
export const byPicture =
  (place: (kitchen: Kitchen) => Promise<Served>): Recipe[1] =>
  async (kitchen) => ({ ...(await place(kitchen)), body: await picture() })
