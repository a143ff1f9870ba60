import type { Loudness, LoudnessHistogram, LoudnessHistograms } from './types.ts'

const absoluteGateLufs = -70
/** Below the mean of what is above the absolute gate. */
const integratedGateLu = -10
const rangeGateLu = -20
/** Of the sorted short-term levels, what lies between is the range. */
const [rangeFrom, rangeTo] = [0.1, 0.95]

/**
 * Loudness of tracks as one programme, from the histograms of each: integrated as by ITU-R BS.1770-4 (two gates), range
 * as by EBU Tech 3342. Within 0.1 LU of measuring the joined sound, whose blocks across the joints are missing here.
 */
export function albumLoudness(histograms: readonly LoudnessHistograms[]): Loudness {
  const momentary = merge(histograms.map((one) => one.momentary))
  const shortTerm = merge(histograms.map((one) => one.shortTerm))
  const gated = gate(momentary, integratedGateLu)
  return {
    loudnessLufs: gated.length > 0 ? round(meanLufs(gated), 2) : null,
    loudnessRangeLu: rangeOf(gate(shortTerm, rangeGateLu)),
  }
}

/** Counts levels as they come. */
export function createHistogram() {
  const counts = new Map<number, number>()
  return {
    add(lufs: number): void {
      if (!(lufs >= absoluteGateLufs)) return
      const key = Math.round(lufs * 10)
      counts.set(key, (counts.get(key) ?? 0) + 1)
    },
    sorted: (): LoudnessHistogram => [...counts].sort(([a], [b]) => a - b),
  }
}

const powerOf = (lufsTimes10: number) => 10 ** (lufsTimes10 / 100)
const round = (value: number, digits: number) => Number(value.toFixed(digits))

function merge(histograms: readonly LoudnessHistogram[]): LoudnessHistogram {
  const counts = new Map<number, number>()
  for (const [key, count] of histograms.flat()) counts.set(key, (counts.get(key) ?? 0) + count)
  return [...counts].filter(([key]) => key >= absoluteGateLufs * 10).sort(([a], [b]) => a - b)
}

function gate(histogram: LoudnessHistogram, relativeLu: number): LoudnessHistogram {
  const threshold = (meanLufs(histogram) + relativeLu) * 10
  return histogram.filter(([key]) => key > threshold)
}

function meanLufs(histogram: LoudnessHistogram): number {
  let power = 0
  let blocks = 0
  for (const [key, count] of histogram) {
    power += powerOf(key) * count
    blocks += count
  }
  return 10 * Math.log10(power / blocks)
}

function rangeOf(histogram: LoudnessHistogram): number {
  const blocks = histogram.reduce((sum, [, count]) => sum + count, 0)
  if (blocks === 0) return 0
  const low = levelAt(histogram, Math.round((blocks - 1) * rangeFrom))
  return round((levelAt(histogram, Math.round((blocks - 1) * rangeTo)) - low) / 10, 1)
}

function levelAt(histogram: LoudnessHistogram, index: number): number {
  let before = 0
  for (const [key, count] of histogram) {
    before += count
    if (before > index) return key
  }
  return histogram.at(-1)?.[0] ?? 0
}
