import { createReadStream } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { assetFolder } from './assets.ts'
import type { Desk } from './desk.ts'

const named = /^(?:cover|folder|front|album ?art|albumart)(?:[ ._-].*)?\.(?:jpe?g|png|webp|gif)$/i
const rememberedMs = 5_000
const mostBytes = 20 * 1024 * 1024

/** The picture beside a file that its name says is the cover; an album's folder is looked at once for all its files. */
export class CoversBeside {
  #folder = ''
  #lookedAt = 0
  #found: Promise<string | null> = Promise.resolve(null)

  find(path: string): Promise<string | null> {
    const folder = dirname(path)
    if (folder !== this.#folder || Date.now() - this.#lookedAt > rememberedMs) {
      this.#folder = folder
      this.#lookedAt = Date.now()
      this.#found = look(folder)
    }
    return this.#found
  }
}

async function look(folder: string): Promise<string | null> {
  const names = await readdir(folder).catch(() => [])
  const name = names.filter((one) => named.test(one)).sort()[0]
  return name === undefined ? null : join(folder, name)
}

const starts: [hex: string, ending: string][] = [
  ['ffd8ff', 'jpg'],
  ['89504e470d0a1a0a', 'png'],
  ['474946383', 'gif'],
  ['52494646', 'webp'],
]

/** Key of its copy; null for what is no cover. */
export async function keepBeside({ ctx }: Desk, assetId: string, path: string): Promise<string | null> {
  const ending = await endingOfPicture(path).catch(() => null)
  if (!ending) return null
  const key = `${assetFolder(assetId)}/cover-beside.${ending}`
  await ctx.storage.write(key, createReadStream(path))
  return key
}

/** By its first bytes; null for what is no picture, or larger than a cover has any reason to be. */
async function endingOfPicture(path: string): Promise<string | null> {
  const file = await open(path, 'r')
  try {
    if ((await file.stat()).size > mostBytes) return null
    const { buffer } = await file.read(Buffer.alloc(12), 0, 12, 0)
    return starts.find(([hex]) => buffer.toString('hex').startsWith(hex))?.[1] ?? null
  } finally {
    await file.close()
  }
}
