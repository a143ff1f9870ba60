import { type Fragment, fragmentAt, segmentAt } from './manifest.ts'
import { joined, type TrackSource } from './source.ts'
import type { Rendition } from './types.ts'

/** Bytes to append, and the fragment of them that is meant to be heard. */
export interface Piece {
  bytes: ArrayBuffer
  fragment: Fragment
}

export interface Wanted {
  trackId: string
  rendition: Rendition
  /** Seconds of the music. */
  position: number
  /** `same`: the file goes on. `other`: another rendition goes on where one ended. `fresh`: after a seek. */
  join: 'same' | 'other' | 'fresh'
}

/** The fragment that holds a position, with the init segment before it where the rendition is a new one. */
export async function fetchPiece(source: TrackSource, wanted: Wanted, signal: AbortSignal): Promise<Piece> {
  const { trackId, rendition, position, join } = wanted
  const index = segmentAt(rendition, position)
  const fragment = fragmentAt(rendition, index)!
  if (index === 0) return { bytes: await source.head(trackId, rendition), fragment }
  if (join === 'same') return { bytes: await source.bytes(trackId, rendition, fragment, signal), fragment }
  // A decoder of AAC needs the frames before, or it fades in: the window cuts them away again.
  const isPrimed = join === 'other' && rendition.codec !== 'flac'
  const from = (isPrimed && fragmentAt(rendition, index - 1)) || fragment
  const [offset, length] = rendition.init
  const ranges = [
    { offset, length },
    { offset: from.offset, length: fragment.offset + fragment.length - from.offset },
  ]
  const parts = ranges.map((range) => source.bytes(trackId, rendition, range, signal))
  return { bytes: joined(await Promise.all(parts)), fragment }
}
