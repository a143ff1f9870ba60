import type { ReadonlySignal } from '@preact/signals'
import type { Queue, QueueAction } from './queue.ts'

/** A track as the server hands it to a listener. Its addresses are signed and expire. */
export interface Playable {
  id: string
  releaseId: string
  discNumber: number
  trackNumber: number
  durationMs: number
  title: string
  manifestUrl: string
  hlsUrl: string
  progressive: { codec: string; mime: string; url: string }[]
  trackGainDb: number | null
  albumGainDb: number | null
  truePeakDbtp: number | null
  albumTruePeakDbtp: number | null
}

export type Profile = 'aac-96' | 'aac-256' | 'flac'

/** One fragmented MP4 file; places are byte offsets, lengths bytes. */
export interface Rendition {
  profile: Profile
  codec: 'mp4a.40.2' | 'flac'
  bitrateKbps: number
  sampleRate: number
  channels: number
  /** Relative to the manifest. */
  file: string
  /** Samples before the music in the file's own time, which begins at 0. */
  encoderDelay: number
  /** Samples of music: what is heard, no more and no less. */
  sampleCount: number
  init: [offset: number, length: number]
  segments: [offset: number, length: number, samples: number][]
}

/** `playback.json` beside the media of a track. */
export interface PlaybackManifest {
  version: 1
  sampleRate: number
  sampleCount: number
  renditions: Rendition[]
}

export type Quality = 'auto' | 'low' | 'high' | 'lossless'
export type GainMode = 'off' | 'track' | 'album'

/** How the sound comes in: our own loader, the browser's HLS, or one plain file. */
export type Way = 'mse' | 'hls' | 'progressive'

/** What a listener has chosen; the page stores it (`engine.settings`) and gives it back at the start. */
export interface PlayerSettings {
  /** 0..1 as the slider shows it; loudness follows a curve. */
  volume: number
  isMuted: boolean
  quality: Quality
  gainMode: GainMode
  /** 0..12 000. Neighbours of a release are never faded. */
  crossfadeMs: number
  /** 0.5..2, the pitch stays. */
  speed: number
  /** Ten bands in dB, -12..12; see `bands`. All 0: the equaliser is out of the path. */
  equaliser: readonly number[]
}

/**
 * `loading`: asked to play, no sound yet. `stalled`: sound ran out, goes on by itself. `blocked`: the browser wants
 * a click first; call `play()` from it. `ended`: the queue is done. `idle`: nothing is chosen.
 */
export type PlayerStatus = 'idle' | 'loading' | 'playing' | 'paused' | 'stalled' | 'blocked' | 'ended'

/** `gone`: the server has no such track for this listener. `broken`: no way could decode it. `network`: no answer. */
export type FaultKind = 'gone' | 'broken' | 'network'

/** A track that could not be played and was skipped. */
export interface TrackFault {
  trackId: string
  title: string | null
  kind: FaultKind
}

/** What is heard at this moment, for "FLAC 912 kbit/s". */
export interface Sounding {
  way: Way
  profile: Profile | null
  codec: string
  bitrateKbps: number | null
  sampleRate: number | null
}

export type SleepTimer = { kind: 'end-of-track' } | { kind: 'at'; atMs: number }

/** Changes a few times a track, never by the clock: positions are read by `engine.time()`. */
export interface PlayerState {
  status: PlayerStatus
  track: Playable | null
  sounding: Sounding | null
  /** Rate in dB applied to this track after the clip guard. */
  gainDb: number
  /** The latest track that was skipped; null again as soon as another one sounds well. */
  fault: TrackFault | null
  /** False while the network is lost. */
  isOnline: boolean
  /** `atMs` as in `Date.now()`. */
  sleep: SleepTimer | null
}

/** Of the track that is heard. */
export interface PlayerTime {
  positionMs: number
  durationMs: number
  /** Up to where this track is loaded. */
  bufferedMs: number
}

export interface PlayerEvents {
  /** Once per start of a track, when 30 s or half of it were really heard. */
  counted: { trackId: string; heardMs: number }
  /** At the end of each start, however short: for the history and for "continue where I stopped". */
  left: { trackId: string; heardMs: number; positionMs: number; durationMs: number }
  /** A track was skipped; the page tells. */
  fault: TrackFault
}

/** What the page gives the engine. */
export interface PlayerOptions {
  /** Fresh addresses, in any order; a track that is missing in the answer is gone for this listener. */
  resolve: (trackIds: string[]) => Promise<Playable[]>
  settings?: Partial<PlayerSettings>
  queue?: Queue
  /** Where the first track begins, after a reload. */
  positionMs?: number
  /** Ways to try, in order; default all that the browser has. */
  ways?: readonly Way[]
}

/** The player. Nothing is fetched and no AudioContext made before something is asked of it. */
export interface Player {
  readonly state: ReadonlySignal<PlayerState>
  readonly settings: ReadonlySignal<PlayerSettings>
  readonly queue: ReadonlySignal<Queue>

  /** Replaces the queue and plays from `at` (index, default 0). Call it in the click: browsers ask for that. */
  playNow(tracks: readonly (Playable | string)[], at?: number, positionMs?: number): void
  /** The other changes of the queue: `playNext`, `addLast`, `remove`, `move`, `clear`, `shuffle`, `repeat`, `select`. */
  change(action: QueueAction): void
  /** Loads what a click may play next (hover, visible button), so that the click sounds at once. */
  warm(track: Playable): void

  play(): void
  pause(): void
  toggle(): void
  seek(positionMs: number): void
  next(): void
  /** From 3 s on it restarts the track. */
  previous(): void
  /** Pauses at 0 and lets go of what is loaded; the queue stays. */
  stop(): void

  set(settings: Partial<PlayerSettings>): void
  /** Milliseconds from now, the end of this track, or null: never. Fades out, then pauses. */
  sleep(after: number | 'end-of-track' | null): void

  /** Cheap: read it in a frame callback. */
  time(): PlayerTime
  /** Of what is heard before the volume; null until the first play. */
  readonly analyser: AnalyserNode | null
  on<K extends keyof PlayerEvents>(event: K, listener: (data: PlayerEvents[K]) => void): () => void
  dispose(): void
}
