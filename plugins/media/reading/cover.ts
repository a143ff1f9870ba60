import type { Candidate, TagBudget } from './tag-budget.ts'
import type { ReadCover } from './types.ts'

const frontCover = 3
/** A file with more pictures that cannot be read has none worth looking for. */
const mostTried = 8

/** The front cover, else the first picture, of those that are pictures by their content and not too large. */
export async function chooseCover(candidates: Candidate[], budget: TagBudget): Promise<ReadCover | null> {
  const small = candidates.filter(({ length }) => length <= budget.maxPictureBytes)
  if (small.length < candidates.length) {
    const limit = Math.floor(budget.maxPictureBytes / 1024 / 1024)
    budget.warnings.add(`A picture larger than ${limit} MiB was left out.`)
  }
  const isFront = ({ type }: Candidate) => type === frontCover
  const ordered = [...small.filter(isFront), ...small.filter((one) => !isFront(one))]
  for (const candidate of ordered.slice(0, mostTried)) {
    const bytes = await candidate.bytes()
    const mime = mimeOf(bytes)
    // A copy: a view would keep all it was cut from in memory.
    if (mime) return { mime, bytes: Buffer.from(bytes) }
    budget.warnings.add('A picture in the tags is none that can be read.')
  }
  return null
}

/** Of the pictures that browsers show, by the first bytes. */
export function mimeOf(bytes: Buffer): ReadCover['mime'] | null {
  const begins = bytes.toString('latin1', 0, 12)
  if (begins.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (begins.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (/^GIF8[79]a/.test(begins)) return 'image/gif'
  return /^RIFF.{4}WEBP/s.test(begins) ? 'image/webp' : null
}
