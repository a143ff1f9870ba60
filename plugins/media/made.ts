import type { AudioFacts, AudioResult } from '#ffmpeg'
import type { AssetRow } from './assets.ts'
import type { Playable } from './contract.ts'
import type { NewRendition } from './renditions.ts'

const codecNames: Record<string, string> = {
  aac: 'AAC',
  alac: 'ALAC',
  flac: 'FLAC',
  mp3: 'MP3',
  opus: 'Opus',
  vorbis: 'Ogg Vorbis',
}

/** What was measured, as it is kept with the asset. */
export function columnsOf(asset: AssetRow, facts: AudioFacts, { analysis, isDamaged }: AudioResult) {
  const { durationMs, loudnessLufs, loudnessRangeLu, truePeakDbtp } = analysis
  const whole = Math.round((asset.sizeBytes * 8) / Math.max(1, durationMs))
  return {
    format: codecNames[facts.codec] ?? asset.format,
    isLossless: facts.isLossless,
    sampleRate: facts.sampleRate,
    bitDepth: facts.bitDepth,
    channels: facts.channels,
    bitrateKbps: facts.bitrateKbps || whole,
    durationMs: Math.round(durationMs),
    loudnessLufs,
    loudnessRangeLu,
    truePeakDbtp,
    leadSilenceMs: Math.round(analysis.leadSilenceMs),
    tailSilenceMs: Math.round(analysis.tailSilenceMs),
    momentaryJson: analysis.momentary,
    shortTermJson: analysis.shortTerm,
    isDamaged: asset.isDamaged || isDamaged,
  } satisfies Partial<AssetRow>
}

/** Most ears and lines are served by the first. */
const order = ['aac-256', 'flac', 'aac-96', 'opus-160', 'mp3-320', 'mp3-v0', 'flac-file']
const codecs: Record<string, string> = {
  'aac-96': 'mp4a.40.2',
  'aac-256': 'mp4a.40.2',
  flac: 'flac',
  'flac-file': 'flac',
  'opus-160': 'opus',
  'mp3-320': 'mp3',
  'mp3-v0': 'mp3',
}

export function playableOf({ files, analysis }: AudioResult): Omit<Playable, 'epoch'> {
  const sorted = files.toSorted((a, b) => order.indexOf(a.profile) - order.indexOf(b.profile))
  return {
    hasLossless: files.some(({ profile }) => profile === 'flac'),
    progressive: sorted.map(({ profile, file, contentType }) => ({
      codec: codecs[profile] ?? profile,
      mime: contentType,
      file,
    })),
    waveforms: analysis.waveforms,
  }
}

export function renditionsOf(assetId: string, folder: string, result: AudioResult): NewRendition[] {
  const streams = new Map((result.manifest?.renditions ?? []).map((one) => [one.file, one]))
  return result.files.map(({ profile, file, contentType, sizeBytes, sampleRate, channels, bitrateKbps }) => {
    const stream = streams.get(file)
    const gaplessJson = stream && {
      sampleRate: stream.sampleRate,
      encoderDelay: stream.encoderDelay,
      sampleCount: stream.sampleCount,
    }
    const row = { assetId, profile, folder, file, contentType, sizeBytes, sampleRate, channels, bitrateKbps }
    return { ...row, gaplessJson: gaplessJson ?? null }
  })
}
