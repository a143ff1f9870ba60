import type { FfmpegOptions } from '../run.ts'
import { FfmpegError, runFfmpeg } from '../run.ts'
import { AudioError } from './fault.ts'
import { inputArgs, soundOf } from './input.ts'
import { createLoudnessMeter, type Measured } from './loudness-meter.ts'
import { createSilenceMeter } from './silence.ts'
import type { AudioAnalysis, AudioFacts, AudioFormat } from './types.ts'
import { createWaveforms, waveformFiles } from './waveform.ts'

export interface AnalysisOptions {
  format: AudioFormat
  facts: AudioFacts
  signal: AbortSignal
  maxDurationMs: number
  onProgress: (doneMs: number) => void
}

/** What silence counts as. */
const floorDb = -120

/** One decode: samples through Node for length, silence and waveforms, and through `ebur128` for loudness. */
export async function analyse(
  path: string,
  folder: string,
  options: AnalysisOptions,
): Promise<{ analysis: AudioAnalysis; hasErrors: boolean }> {
  const { sampleRate, channels } = options.facts
  const waveforms = createWaveforms(folder, sampleRate, channels)
  const silence = createSilenceMeter(channels)
  const loudness = createLoudnessMeter()
  let hasErrors = false
  let frames = 0
  const push = wholeFrames(channels, (samples) => {
    waveforms.push(samples)
    silence.push(samples)
    frames += samples.length / channels
    const doneMs = (frames / sampleRate) * 1000
    if (doneMs > options.maxDurationMs) throw new AudioError('too-long')
    options.onProgress(doneMs)
  })
  try {
    await decode(analysisArgs(path, options), {
      ...runLimits(options.signal),
      onOutput: (chunk, pipe) => (pipe === 1 ? push(chunk) : loudness.push(chunk)),
      onMessage: () => {
        hasErrors = true
      },
    })
    // A decoder passes over bytes it knows nothing of without a word.
    const isBroken = hasErrors || options.facts.durationMs > 0
    if (frames === 0) throw new AudioError(isBroken ? 'broken' : 'no-samples')
    waveforms.finish()
    return { analysis: present(options.facts, loudness.finish(), silence.finish()), hasErrors }
  } finally {
    waveforms.close()
  }
}

/** Of runs as long as the sound: killed when nothing comes for two minutes, and after a day whatever comes. */
export const runLimits = (signal: AbortSignal) => ({ signal, idleMs: 120_000, timeoutMs: 86_400_000 })

/** It writes nothing but pipes: what ends it by itself is the source. */
async function decode(args: string[], options: FfmpegOptions): Promise<void> {
  try {
    await runFfmpeg(args, options)
  } catch (error) {
    if (error instanceof FfmpegError && error.exitCode !== null)
      throw new AudioError('broken', error.lastLine)
    throw error
  }
}

function analysisArgs(path: string, { format, facts, maxDurationMs }: AnalysisOptions): string[] {
  const { sampleRate, channels } = facts
  const step = `apad=pad_len=${Math.ceil(sampleRate / 10)}`
  const meter = 'ebur128=peak=true+sample:metadata=1,ametadata=mode=print:file=pipe\\\\:3'
  const graph = `${soundOf(facts)},asplit=2[pcm][m];[m]${step},${meter},anullsink`
  return [
    ...['-t', String(maxDurationMs / 1000 + 1), ...inputArgs(path, format), '-filter_complex', graph],
    ...['-map', '[pcm]', '-ar', String(sampleRate), '-ac', String(channels), '-f', 's16le', 'pipe:1'],
  ]
}

/** Chunks end anywhere; a frame is a sample of each channel. */
function wholeFrames(channels: number, take: (samples: Int16Array) => void) {
  let rest: Buffer = Buffer.alloc(0)
  const frameBytes = channels * 2
  return (chunk: Buffer) => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    const length = bytes.length - (bytes.length % frameBytes)
    rest = bytes.subarray(length)
    if (length === 0) return
    // Typed arrays begin at even addresses, chunks anywhere.
    const even =
      bytes.byteOffset % 2 === 0 ? bytes.subarray(0, length) : Buffer.from(bytes.subarray(0, length))
    take(new Int16Array(even.buffer, even.byteOffset, length / 2))
  }
}

type Silence = ReturnType<ReturnType<typeof createSilenceMeter>['finish']>

function present(facts: AudioFacts, measured: Measured, silence: Silence): AudioAnalysis {
  const { sampleRate } = facts
  const { truePeak, samplePeak, ...loudness } = measured
  const ms = (samples: number) => Math.round((samples / sampleRate) * 1000)
  // The filter tells thousandths of full scale: our own count is finer, but ends at full scale.
  const sample = silence.peak < 0.99 ? silence.peak : Math.max(samplePeak, silence.peak)
  return {
    sampleRate,
    sampleCount: silence.count,
    durationMs: ms(silence.count),
    ...loudness,
    truePeakDbtp: decibels(Math.max(truePeak, sample)),
    samplePeakDb: decibels(sample),
    leadSilenceMs: ms(silence.lead),
    tailSilenceMs: ms(silence.tail),
    waveforms: [...waveformFiles],
  }
}

const decibels = (factor: number) =>
  factor > 0 ? Math.max(floorDb, Number((20 * Math.log10(factor)).toFixed(2))) : floorDb
