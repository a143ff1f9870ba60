/** What a caller may know of a file from its first bytes; said to ffmpeg, so that nothing else is tried on it. */
export type AudioFormat = 'mp3' | 'wav' | 'flac' | 'aiff' | 'ogg' | 'mov'

/** What the headers of a file say of its first sound track. */
export interface AudioFacts {
  format: AudioFormat
  /** ffmpeg's names: container `mov,mp4,m4a,3gp,3g2,mj2`, codec `alac`. */
  container: string
  codec: string
  isLossless: boolean
  sampleRate: number
  channels: number
  /** ffmpeg's name, as `stereo` or `5.1(side)`; null where the file does not say it. */
  channelLayout: string | null
  /** Null where samples have none, as in MP3, AAC, Vorbis and Opus. */
  bitDepth: number | null
  /** 32-bit or 64-bit floating point, which may exceed full scale. */
  isFloat: boolean
  bitrateKbps: number
  /** As the header says or lets estimate; 0 where it says nothing. `AudioAnalysis.durationMs` is the truth. */
  durationMs: number
  /** A moving picture; attached cover art is none. */
  hasVideo: boolean
  /** How many samples are sound, where AAC in MP4 says so and the decoder would give its padding too; else null. */
  playedSamples: number | null
}

export type StreamProfile = 'aac-96' | 'aac-256' | 'flac'
export type FileProfile = 'mp3-320' | 'mp3-v0' | 'opus-160' | 'flac-file'
export type Profile = StreamProfile | FileProfile

/** `sampleCount` from sample `encoderDelay` on, at the rendition's own rate, are the source's; all else is padding. */
export interface StreamRendition {
  profile: StreamProfile
  codec: 'mp4a.40.2' | 'flac'
  /** Mean, container included. */
  bitrateKbps: number
  sampleRate: number
  channels: number
  /** A name beside the manifest: one fragmented MP4. */
  file: string
  encoderDelay: number
  sampleCount: number
  /** Of the initialisation segment, in bytes. */
  init: [offset: number, length: number]
  /** In bytes; `samples` as the fragment says them, priming and padding included. */
  segments: [offset: number, length: number, samples: number][]
}

/** `manifest.json`: what a Media Source player needs to play without a gap. Rate and count are the source's. */
export interface PlaybackManifest {
  version: 1
  sampleRate: number
  sampleCount: number
  renditions: StreamRendition[]
}

/** `[tenths of LUFS, number of blocks]`, sorted; blocks below -70 LUFS are left out. */
export type LoudnessHistogram = [lufsTimes10: number, count: number][]

export interface LoudnessHistograms {
  /** Blocks of 400 ms, one each 100 ms. */
  momentary: LoudnessHistogram
  /** Blocks of 3 s, one each 100 ms. */
  shortTerm: LoudnessHistogram
}

export interface Loudness {
  /** EBU R128 integrated; null for silence and for less than 400 ms. */
  loudnessLufs: number | null
  /** EBU Tech 3342; 0 for less than 3 s. */
  loudnessRangeLu: number
}

export interface AudioAnalysis extends Loudness, LoudnessHistograms {
  sampleRate: number
  /** Samples of each channel that the decoder gave, encoder delay and padding of the source taken off. */
  sampleCount: number
  durationMs: number
  /** Silence is -120. */
  truePeakDbtp: number
  samplePeakDb: number
  /** Below -60 dBFS in every channel, from the head or to the tail; all of it where nothing is louder. */
  leadSilenceMs: number
  tailSilenceMs: number
  /** The names of the three files, coarse to fine. */
  waveforms: string[]
}

/** A file that was made, by its name in the folder. */
export interface MadeFile {
  profile: Profile
  file: string
  contentType: string
  sizeBytes: number
  sampleRate: number
  channels: number
  bitrateKbps: number
}

export interface AudioResult {
  analysis: AudioAnalysis
  /** Null where no streaming profile was asked for: then there is no manifest and no playlist either. */
  manifest: PlaybackManifest | null
  files: MadeFile[]
  /** Parts of the source could not be decoded, or it ends before its header says. */
  isDamaged: boolean
}

export interface MakeAudioOptions {
  /** Default: the one of the facts. */
  format?: AudioFormat
  facts: AudioFacts
  /** None: only the analysis. */
  profiles: readonly Profile[]
  signal?: AbortSignal
  /** 0 to 1, never less than before. */
  onProgress?: (done: number) => void
  /** Default 12 h; what is longer, by its header or by decoding it, is refused. */
  maxDurationMs?: number
}

export type TagFormat = 'mp3' | 'flac' | 'ogg' | 'opus' | 'm4a'

export interface WriteTagsOptions {
  format: TagFormat
  /** Any key; names of Vorbis comments (`TITLE`, `ISRC`, `REPLAYGAIN_TRACK_GAIN`) become those of the container. */
  tags: Readonly<Record<string, string | readonly string[]>>
  /** JPEG or PNG. */
  coverPath?: string
  /** Of AAC that comes from a rendition: written down so that players of M4A leave out what is padding. */
  gapless?: Pick<StreamRendition, 'sampleRate' | 'encoderDelay' | 'sampleCount'>
  signal?: AbortSignal
}

/**
 * `not-audio`: no sound of the format it should be; `has-video`: a film; `no-samples`: a header without sound;
 * `too-long`; `unsupported`: sound that cannot be converted; `broken`: nothing or next to nothing decodes.
 */
export type AudioReason = 'not-audio' | 'has-video' | 'no-samples' | 'too-long' | 'unsupported' | 'broken'
