export { AudioError } from './fault.ts'
export { albumLoudness } from './loudness.ts'
export { makeAudio } from './make.ts'
export { probeAudio } from './probe.ts'
export { writeTags } from './tags.ts'
export type {
  AudioAnalysis,
  AudioFacts,
  AudioFormat,
  AudioReason,
  AudioResult,
  Loudness,
  LoudnessHistogram,
  LoudnessHistograms,
  MadeFile,
  MakeAudioOptions,
  PlaybackManifest,
  Profile,
  StreamRendition,
  TagFormat,
  WriteTagsOptions,
} from './types.ts'
