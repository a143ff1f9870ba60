import { createHistogram } from './loudness.ts'
import type { Loudness, LoudnessHistograms } from './types.ts'

/** What the meter knows at the end; peaks are factors of full scale. */
export interface Measured extends Loudness, LoudnessHistograms {
  truePeak: number
  samplePeak: number
}

/** What `ebur128` said of one step of 100 ms; levels of the steps up to here, peaks of all samples up to here. */
interface Step {
  momentary: number
  shortTerm: number
  integrated: number
  range: number
}

/**
 * Reads what `ametadata` prints of `ebur128=peak=true+sample`. The last step is one of silence added by the caller so
 * that the filter tells the peaks of a last part shorter than a step: its levels are not counted.
 */
export function createLoudnessMeter() {
  const momentary = createHistogram()
  const shortTerm = createHistogram()
  const peaks = { true: 0, sample: 0 }
  let rest = ''
  let last: Step | null = null
  let current: Partial<Step> = {}
  let pending: Step | null = null

  const settle = () => {
    if (pending) {
      momentary.add(pending.momentary)
      shortTerm.add(pending.shortTerm)
      last = pending
    }
    pending = isWhole(current) ? current : pending
    current = {}
  }
  const readLine = (line: string) => {
    if (line.startsWith('frame:')) return settle()
    if (!line.startsWith(prefix)) return
    const at = line.indexOf('=')
    const [name, value] = [line.slice(prefix.length, at), Number(line.slice(at + 1))]
    const level = levels[name]
    if (level) current[level] = value
    else if (name.startsWith('true_peaks_ch')) peaks.true = Math.max(peaks.true, value)
    else if (name.startsWith('sample_peaks_ch')) peaks.sample = Math.max(peaks.sample, value)
  }
  return {
    push(chunk: Buffer): void {
      const lines = (rest + chunk.toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) readLine(line)
    },
    finish(): Measured {
      readLine(rest)
      settle()
      const blocks = momentary.sorted()
      return {
        loudnessLufs: blocks.length > 0 && last ? Number(last.integrated.toFixed(2)) : null,
        loudnessRangeLu: last ? Number(last.range.toFixed(1)) : 0,
        momentary: blocks,
        shortTerm: shortTerm.sorted(),
        truePeak: Math.max(peaks.true, peaks.sample),
        samplePeak: peaks.sample,
      }
    },
  }
}

const prefix = 'lavfi.r128.'
const levels: Record<string, keyof Step> = {
  M: 'momentary',
  S: 'shortTerm',
  I: 'integrated',
  LRA: 'range',
}

const isWhole = (step: Partial<Step>): step is Step => step.momentary !== undefined
