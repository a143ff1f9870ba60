import type { ITag } from 'music-metadata'
import { damaged, type TagBudget } from './tag-budget.ts'

/** One piece of a tag: a frame, an item or a chunk, as it stands in its container. */
export type Unit = Buffer

/**
 * Decodes pieces of a tag by music-metadata: `wrap` makes the smallest file that holds them. The library gives all
 * or nothing, so if it fails at all of them each is tried alone.
 */
export async function decodeUnits(
  units: Unit[],
  wrap: (units: Unit[]) => { bytes: Buffer; mimeType: string },
  budget: TagBudget,
): Promise<ITag[]> {
  if (units.length === 0) return []
  // Much code that a server without imports never needs.
  const { parseBuffer } = await import('music-metadata')
  const { bytes, mimeType } = wrap(units)
  try {
    const { native } = await parseBuffer(bytes, { mimeType }, { skipCovers: true, duration: false })
    return Object.values(native).flat()
  } catch {
    budget.warnings.add(damaged)
  }
  if (units.length === 1 || Date.now() > budget.deadline) return []
  const middle = Math.ceil(units.length / 2)
  return [
    ...(await decodeUnits(units.slice(0, middle), wrap, budget)),
    ...(await decodeUnits(units.slice(middle), wrap, budget)),
  ]
}

/** A chunk of IFF or RIFF with its padding. */
export function chunk(id: string, body: Buffer, order: 'little' | 'big'): Buffer {
  const header = Buffer.alloc(8)
  header.write(id, 'latin1')
  if (order === 'little') header.writeUInt32LE(body.length, 4)
  else header.writeUInt32BE(body.length, 4)
  return Buffer.concat([header, body, Buffer.alloc(body.length % 2)])
}
