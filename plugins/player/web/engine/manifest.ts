import type { PlaybackManifest, Rendition } from './types.ts'

/** Part of a file: `sample` is the first one's place in the file's own time. */
export interface Fragment {
  offset: number
  length: number
  sample: number
  samples: number
}

const starts = new WeakMap<Rendition, Float64Array>()

/** The first sample of each segment, and one more: the end. */
function startsOf(rendition: Rendition): Float64Array {
  const known = starts.get(rendition)
  if (known) return known
  const list = new Float64Array(rendition.segments.length + 1)
  for (const [at, [, , samples]] of rendition.segments.entries()) list[at + 1] = list[at]! + samples
  starts.set(rendition, list)
  return list
}

export function fragmentAt(rendition: Rendition, index: number): Fragment | null {
  const segment = rendition.segments[index]
  if (!segment) return null
  return { offset: segment[0], length: segment[1], samples: segment[2], sample: startsOf(rendition)[index]! }
}

/** Which segment holds a moment of the music, in seconds from its beginning. */
export function segmentAt(rendition: Rendition, seconds: number): number {
  // Half a sample of mercy: a moment that was computed from a segment's start means that segment.
  const sample = seconds * rendition.sampleRate + rendition.encoderDelay + 0.5
  const list = startsOf(rendition)
  let [low, high] = [0, rendition.segments.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (list[middle]! <= sample) low = middle
    else high = middle - 1
  }
  return low
}

/** Where a fragment begins in the music; before 0 for the first one of a delayed codec. */
export const secondsOf = (rendition: Rendition, sample: number): number =>
  (sample - rendition.encoderDelay) / rendition.sampleRate

export const durationOf = (manifest: PlaybackManifest): number => manifest.sampleCount / manifest.sampleRate

export const mimeOf = (rendition: Rendition): string => `audio/mp4; codecs="${rendition.codec}"`

/** Null for what is no manifest that this player knows. */
export function readManifest(json: unknown): PlaybackManifest | null {
  const manifest = json as PlaybackManifest
  const isWhole = (value: unknown) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
  const isGood = (rendition: Rendition) =>
    typeof rendition.file === 'string' &&
    rendition.sampleRate > 0 &&
    isWhole(rendition.encoderDelay) &&
    isWhole(rendition.sampleCount) &&
    [rendition.init, ...rendition.segments].every((part) => part.every(isWhole)) &&
    rendition.segments.length > 0
  try {
    const isKnown = manifest.version === 1 && manifest.sampleRate > 0 && isWhole(manifest.sampleCount)
    return isKnown && manifest.renditions.length > 0 && manifest.renditions.every(isGood) ? manifest : null
  } catch {
    return null
  }
}
