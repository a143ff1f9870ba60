/** Loudest amplitude of each point of a recording, 0..1, all channels together. */
export type Peaks = Float32Array

const headerBytes = 24
const eightBit = 1

/**
 * Reads a `.dat` file of audiowaveform, version 1 or 2, 8 or 16 bit
 * (https://github.com/bbc/audiowaveform/blob/master/doc/DataFormat.md); null for anything else.
 */
export function readPeaks(bytes: ArrayBuffer): Peaks | null {
  if (bytes.byteLength < headerBytes - 4) return null
  const view = new DataView(bytes)
  const version = view.getInt32(0, true)
  if (version !== 1 && version !== 2) return null
  const isEightBit = (view.getUint32(4, true) & eightBit) === eightBit
  const channels = version === 2 ? view.getInt32(20, true) : 1
  const start = version === 2 ? headerBytes : headerBytes - 4
  const width = isEightBit ? 1 : 2
  const full = isEightBit ? 128 : 32_768
  if (channels < 1 || channels > 24) return null
  // A file that was cut off shows what there is.
  const there = Math.floor((bytes.byteLength - start) / (2 * channels * width))
  const peaks = new Float32Array(Math.max(0, Math.min(view.getUint32(16, true), there)))
  for (let at = 0; at < peaks.length * 2 * channels; at++) {
    const offset = start + at * width
    const value = Math.abs(isEightBit ? view.getInt8(offset) : view.getInt16(offset, true)) / full
    const point = Math.floor(at / (2 * channels))
    if (value > (peaks[point] ?? 0)) peaks[point] = value
  }
  return peaks
}

/** Below this the loudest point is not stretched to full height: a silent file stays flat. */
const quietest = 0.1

/** Heights 0..1 of so many bars, the loudest of them 1. A bar is as high as what it covers is on average and at most. */
export function barsOf(peaks: Peaks, count: number): number[] {
  const bars = Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * peaks.length) / count)
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / count))
    const part = peaks.subarray(from, to)
    if (part.length === 0) return 0
    const sum = part.reduce((total, value) => total + value, 0)
    return (sum / part.length + Math.max(...part)) / 2
  })
  const loudest = Math.max(quietest, ...bars)
  return bars.map((height) => height / loudest)
}

const kept = 200
const files = new Map<string, Promise<Peaks | null>>()

/** The peaks behind an address, fetched once; null where there are none. The oldest are forgotten. */
export function loadPeaks(url: string): Promise<Peaks | null> {
  const known = files.get(url) ?? fetchPeaks(url)
  files.delete(url)
  files.set(url, known)
  for (const oldest of files.keys()) {
    if (files.size <= kept) break
    files.delete(oldest)
  }
  return known
}

async function fetchPeaks(url: string): Promise<Peaks | null> {
  try {
    const response = await fetch(url)
    if (!response.ok) throw new Error(`${response.status}`)
    return readPeaks(await response.arrayBuffer())
  } catch {
    // Flat for now; whoever asks again tries again.
    files.delete(url)
    return null
  }
}
