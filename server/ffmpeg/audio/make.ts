import { access, constants, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FfmpegError } from '../run.ts'
import { analyse } from './analysis.ts'
import { isCutOff } from './cut-off.ts'
import { encode } from './encode.ts'
import { AudioError } from './fault.ts'
import { writeManifest } from './manifest.ts'
import type { Recipe } from './profiles.ts'
import type { AudioAnalysis, AudioFacts, AudioResult, MadeFile, MakeAudioOptions } from './types.ts'

const defaultMaxMs = 12 * 3_600_000
const mostChannels = 8
/** What a sound may be shorter than its header says before it counts as cut off. */
const headerToleranceMs = 200

/**
 * Makes renditions, playlists, manifest, waveforms and measures of a sound file in an empty folder that is the call's
 * own. Three decodes: for the analysis and for two halves of the encoders, as many at once as runFfmpeg lets. Throws
 * AudioError for what is wrong with the file, FfmpegError for what is wrong with the run; then the folder holds rubbish
 * for the caller to remove.
 */
export async function makeAudio(
  path: string,
  folder: string,
  options: MakeAudioOptions,
): Promise<AudioResult> {
  const { facts } = options
  const maxDurationMs = options.maxDurationMs ?? defaultMaxMs
  refuse(facts, maxDurationMs)
  await access(path, constants.R_OK)
  const stop = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal
  const [encoded, analysed] = progressOf(facts.durationMs, options)
  const common = { format: options.format ?? facts.format, facts, maxDurationMs, signal }
  // First, as it is soon to say what is wrong with a file.
  const analysing = analyse(path, folder, { ...common, onProgress: analysed })
  const encoding = encode(path, folder, { ...common, profiles: options.profiles, onProgress: encoded })
  const [recipes, { analysis, hasErrors }] = await both(encoding, analysing, () => stop.abort())
  const manifest = await writeManifest(folder, recipes, analysis).catch((error: unknown) => {
    // Where a damaged sound changes its rate or channels in the middle, encoders lose what was heard by the analysis.
    throw hasErrors && error instanceof FfmpegError ? new AudioError('broken', error.lastLine) : error
  })
  const files = await Promise.all(recipes.map((recipe) => madeFile(folder, recipe, analysis)))
  options.onProgress?.(1)
  return {
    analysis,
    manifest,
    files,
    isDamaged: hasErrors || endsEarly(facts, analysis) || (await isCutOff(path)),
  }
}

function refuse(facts: AudioFacts, maxDurationMs: number): void {
  if (facts.hasVideo) throw new AudioError('has-video')
  if (facts.durationMs > maxDurationMs) throw new AudioError('too-long')
  if (facts.channels > mostChannels) throw new AudioError('unsupported')
}

/** The first fault ends the other one and is the one that is told; nothing runs on when this settles. */
async function both<A, B>(encoding: Promise<A>, analysing: Promise<B>, stop: () => void): Promise<[A, B]> {
  // Where the encoder gave up by itself, the analysis goes on to say whether the source is why.
  const isOwnEnd = (error: unknown) => error instanceof FfmpegError && error.exitCode !== null
  encoding.catch((error) => isOwnEnd(error) || stop())
  analysing.catch(stop)
  const [encoded, analysed] = await Promise.allSettled([encoding, analysing])
  if (analysed.status === 'rejected' && !wasStopped(analysed.reason)) throw analysed.reason
  if (encoded.status === 'rejected') throw encoded.reason
  if (analysed.status === 'rejected') throw analysed.reason
  return [encoded.value, analysed.value]
}

const wasStopped = (error: unknown) => error instanceof FfmpegError && error.fault === 'aborted'

/** Encoding is most of the work. */
function progressOf(durationMs: number, { profiles, onProgress }: MakeAudioOptions) {
  const weights = profiles.length > 0 ? [0.8, 0.2] : [0, 1]
  const done = [0, 0]
  let told = 0
  return [0, 1].map((which) => (ms: number) => {
    if (durationMs <= 0) return
    done[which] = Math.min(0.99, ms / durationMs) * (weights[which] ?? 0)
    const whole = (done[0] ?? 0) + (done[1] ?? 0)
    if (whole < told + 0.005) return
    told = whole
    onProgress?.(whole)
  }) as [(ms: number) => void, (ms: number) => void]
}

async function madeFile(folder: string, recipe: Recipe, { durationMs }: AudioAnalysis): Promise<MadeFile> {
  const { profile, file, contentType, sampleRate, channels } = recipe
  const { size: sizeBytes } = await stat(join(folder, file))
  const bitrateKbps = Math.round((sizeBytes * 8) / Math.max(1, durationMs))
  return { profile, file, contentType, sizeBytes, sampleRate, channels, bitrateKbps }
}

/** MP3 and Ogg let only estimate; of WAV and AIFF ffprobe counts what is there. */
function endsEarly({ format, durationMs }: AudioFacts, analysis: AudioAnalysis): boolean {
  return format !== 'mp3' && format !== 'ogg' && analysis.durationMs < durationMs - headerToleranceMs
}
