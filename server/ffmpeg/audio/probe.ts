import { access, constants } from 'node:fs/promises'
import { FfmpegError, runFfprobe } from '../run.ts'
import { editedLength } from './edited-length.ts'
import { AudioError } from './fault.ts'
import { inputArgs } from './input.ts'
import type { Probed, ProbedStream } from './probed.ts'
import type { AudioFacts, AudioFormat } from './types.ts'

const streamEntries =
  'codec_name,codec_type,sample_fmt,sample_rate,channels,channel_layout,bits_per_sample,bits_per_raw_sample,bit_rate,duration,nb_frames'
const entries = `stream=${streamEntries}:stream_disposition=attached_pic:format=format_name,duration,bit_rate:format_tags=iTunSMPB`

/** What the headers say, by ffprobe. Throws AudioError for what is no sound, FfmpegError where ffprobe cannot be run. */
export async function probeAudio(
  path: string,
  options: { format?: AudioFormat; signal?: AbortSignal } = {},
): Promise<AudioFacts> {
  await access(path, constants.R_OK)
  const probed = await probe(path, options)
  const stream = probed.streams.find(({ codec_type: type }) => type === 'audio')
  if (!stream) throw new AudioError(probed.streams.some(isMoving) ? 'has-video' : 'not-audio')
  if (!stream.codec_name || stream.codec_name === 'unknown') throw new AudioError('unsupported')
  // MP3 by force is found in any bytes, but then no frame of it.
  if (!stream.sample_rate || !stream.channels) throw new AudioError('not-audio')
  return factsOf(path, probed, stream, options.format ?? formatOf(probed.format.format_name))
}

async function probe(path: string, options: { format?: AudioFormat; signal?: AbortSignal }): Promise<Probed> {
  const { format, signal } = options
  const args = ['-of', 'json', '-show_entries', entries, ...inputArgs(path, format)]
  try {
    const output = await runFfprobe(args, signal ? { signal } : {})
    // Loaded here: whoever only streams through ffmpeg, as the ingest does, has no use for it.
    const { probedShape } = await import('./probed.ts')
    return probedShape.parse(JSON.parse(output.toString()))
  } catch (error) {
    if (error instanceof FfmpegError && error.exitCode !== null)
      throw new AudioError('not-audio', error.lastLine)
    throw error
  }
}

async function factsOf(
  path: string,
  probed: Probed,
  stream: ProbedStream,
  format: AudioFormat,
): Promise<AudioFacts> {
  const codec = stream.codec_name ?? ''
  const isLossless = lossless.test(codec)
  const isPaddable = format === 'mov' && codec === 'aac'
  const playedSamples = isPaddable ? await playedSamplesOf(path, probed, stream) : null
  const bitRate = stream.bit_rate ?? probed.format.bit_rate ?? 0
  return {
    format,
    container: probed.format.format_name,
    codec,
    isLossless,
    sampleRate: stream.sample_rate ?? 0,
    channels: stream.channels ?? 0,
    channelLayout: stream.channel_layout || null,
    bitDepth: isLossless ? bitDepthOf(stream) : null,
    isFloat: /^pcm_f/.test(codec),
    bitrateKbps: Math.round(bitRate / 1000),
    durationMs: Math.round((stream.duration ?? probed.format.duration ?? 0) * 1000),
    hasVideo: probed.streams.some(isMoving),
    playedSamples,
  }
}

/** iTunes writes `… delay padding samples …` in hexadecimal, others an edit list beside the exact length. */
async function playedSamplesOf(
  path: string,
  { format }: Probed,
  stream: ProbedStream,
): Promise<number | null> {
  const { nb_frames: frames = 0, sample_rate: rate = 0 } = stream
  const told = / [0-9A-F]{8} [0-9A-F]{8} [0-9A-F]{8} ([0-9A-F]{16})/i.exec(
    ` ${format.tags?.iTunSMPB ?? ''}`,
  )?.[1]
  const samples = told ? Number.parseInt(told, 16) : await editedLength(path, rate)
  // Padding is a few frames: a header that says less of the sound than that is not believed.
  const isPadded = [1024, 2048].some((frame) => frames * frame - (samples ?? 0) < 4 * frame)
  return samples && frames > 0 && isPadded ? samples : null
}

/** A-law, µ-law and ADPCM lie in WAV files too, but lose. */
const lossless = /^(?:pcm_(?!alaw|mulaw|vidc)|flac$|alac$|wavpack$|tta$|ape$)/

function bitDepthOf(stream: ProbedStream): number | null {
  const said = stream.bits_per_raw_sample || stream.bits_per_sample
  if (said) return said
  return { u8: 8, s16: 16, s32: 32, flt: 32, dbl: 64 }[(stream.sample_fmt ?? '').replace(/p$/, '')] ?? null
}

/** Cover art is a video stream of one picture, which most containers mark. */
function isMoving({ codec_type: type, codec_name: codec, ...stream }: ProbedStream): boolean {
  if (type !== 'video' || stream.disposition?.attached_pic === 1) return false
  return !(/^(?:mjpeg|png|bmp|gif|webp)$/.test(codec ?? '') && (stream.nb_frames ?? 1) <= 1)
}

function formatOf(name: string): AudioFormat {
  const known: AudioFormat[] = ['mp3', 'wav', 'flac', 'aiff', 'ogg', 'mov']
  const format = known.find((one) => name.split(',').includes(one))
  if (!format) throw new AudioError('not-audio', name)
  return format
}
