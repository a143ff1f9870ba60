import type { AudioFacts, Profile, StreamProfile } from './types.ts'

/** How a profile is made. Sound that goes in is the same for all profiles with the same `shape`. */
export interface Recipe {
  profile: Profile
  file: string
  contentType: string
  sampleRate: number
  channels: number
  shape: string
  /** Of encoding, as measured: seconds for four minutes. */
  cost: number
  args: string[]
}

/** Of about 4 s, all boxes of a fragment in one range of bytes; an index at the head lets a plain player seek. */
const fragmented = [
  ...['-frag_duration', '4000000', '-use_editlist', '0', '-f', 'mp4'],
  ...['-movflags', '+empty_moov+default_base_moof+global_sidx+skip_trailer'],
]

const greatestFlacRate = 192_000

export const isStream = (profile: Profile): profile is StreamProfile => !(profile in plainFiles)

/** The recipe of a profile for a source; `soxr` is whether this ffmpeg has that resampler. */
export function recipeOf(profile: Profile, facts: AudioFacts, soxr: boolean): Recipe {
  if (profile === 'flac' || profile === 'flac-file') return flacRecipe(profile, facts, soxr)
  const channels = Math.min(2, facts.channels)
  const sampleRate = profile === 'opus-160' ? 48_000 : facts.sampleRate % 11_025 === 0 ? 44_100 : 48_000
  const layout = channels === 1 ? 'mono' : 'stereo'
  // Without a greatest value, a matrix to floating point adds channels up and clips.
  const options = ['rematrix_maxval=1', ...(soxr ? ['resampler=soxr', 'precision=28'] : [])]
  const shape = `aresample=${sampleRate}:${options.join(':')},aformat=sample_rates=${sampleRate}:channel_layouts=${layout}`
  const known = isStream(profile) ? aacFile(profile) : plainFiles[profile]
  return { profile, sampleRate, channels, shape, ...known }
}

function flacRecipe(profile: 'flac' | 'flac-file', facts: AudioFacts, soxr: boolean): Recipe {
  const sampleRate = Math.min(facts.sampleRate, greatestFlacRate)
  const is24Bit = facts.isFloat || (facts.bitDepth ?? 0) > 16
  const resample =
    sampleRate === facts.sampleRate ? '' : `aresample=${sampleRate}${soxr ? ':resampler=soxr' : ''},`
  const encode = ['-c:a', 'flac', ...(is24Bit ? ['-bits_per_raw_sample', '24'] : [])]
  const container = profile === 'flac' ? ['-strict', '-2', ...fragmented] : ['-f', 'flac']
  return {
    profile,
    file: profile === 'flac' ? 'flac.mp4' : 'flac-file.flac',
    contentType: profile === 'flac' ? 'audio/mp4' : 'audio/flac',
    sampleRate,
    channels: facts.channels,
    cost: 0.5,
    shape: `${resample}aformat=sample_fmts=${is24Bit ? 's32' : 's16'}`,
    args: [...encode, ...container],
  }
}

function aacFile(profile: StreamProfile) {
  const args = ['-c:a', 'aac', '-b:a', profile === 'aac-96' ? '96k' : '256k', ...fragmented]
  return { file: `${profile}.mp4`, contentType: 'audio/mp4', cost: profile === 'aac-96' ? 3 : 4, args }
}

const plainFiles = {
  'mp3-320': {
    file: 'mp3-320.mp3',
    cost: 4,
    contentType: 'audio/mpeg',
    args: ['-c:a', 'libmp3lame', '-b:a', '320k', '-f', 'mp3'],
  },
  'mp3-v0': {
    file: 'mp3-v0.mp3',
    cost: 4,
    contentType: 'audio/mpeg',
    args: ['-c:a', 'libmp3lame', '-q:a', '0', '-f', 'mp3'],
  },
  'opus-160': {
    file: 'opus-160.opus',
    cost: 4,
    contentType: 'audio/ogg',
    args: ['-c:a', 'libopus', '-b:a', '160k', '-f', 'opus'],
  },
  'flac-file': { cost: 0.5, file: 'flac-file.flac', contentType: 'audio/flac', args: [] as string[] },
}
