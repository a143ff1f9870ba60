import type { HlsConfig } from 'hls.js'
import type { Delay } from './kept.ts'
import type { ProgramKind } from './source.ts'

/** Distance from the end of the playlist with parts, in seconds: the parts' own way and the encoder's come on top. */
export const targetS: Record<Delay, number> = { steady: 1.5, low: 1 }
/** Faster than by this is heard in music; and only who asked for the least delay gets it. */
const catchUp = 1.02

/** While a publisher is away, playlists are refused for as long as it may come back. */
const patience = {
  default: {
    maxTimeToFirstByteMs: 15_000,
    maxLoadTimeMs: 25_000,
    timeoutRetry: { maxNumRetry: 10, retryDelayMs: 500, maxRetryDelayMs: 2_000 },
    errorRetry: { maxNumRetry: 60, retryDelayMs: 1_000, maxRetryDelayMs: 2_000 },
  },
}

const common: Partial<HlsConfig> = {
  playlistLoadPolicy: patience,
  liveDurationInfinity: true,
  // A picture larger than its place is bandwidth for nothing.
  capLevelToPlayerSize: true,
  enableEmsgMetadataCues: false,
  enableID3MetadataCues: false,
  // Song titles come by the page's own channel.
  enableDateRangeMetadataCues: false,
  enableInterstitialPlayback: false,
  // No first load of a small picture only to measure: what the browser knows of its line, or a fair guess.
  testBandwidth: false,
}

/** Bits a second to begin with, until the line is measured. */
export function firstGuess(): number {
  const { connection } = navigator as Navigator & { connection?: { downlink?: number } }
  return Math.min(10, connection?.downlink ?? 4) * 1_000_000
}

/** Nothing here drags a viewer to the edge: who is behind chose so, and is taken back by our own hand. */
export function hlsSettings(kind: ProgramKind, delay: Delay): Partial<HlsConfig> {
  switch (kind) {
    case 'live':
      return {
        ...common,
        lowLatencyMode: true,
        liveSyncDurationCount: 2,
        liveSyncOnStallIncrease: 0.5,
        maxLiveSyncPlaybackRate: delay === 'low' ? catchUp : 1,
        backBufferLength: 30,
        maxBufferLength: 30,
      }
    case 'angle':
      return {
        ...common,
        lowLatencyMode: true,
        liveSyncDurationCount: 2,
        maxLiveSyncPlaybackRate: 1,
        backBufferLength: 10,
        maxBufferLength: 12,
      }
    case 'dvr':
      return {
        ...common,
        lowLatencyMode: false,
        liveSyncDurationCount: 2,
        backBufferLength: 60,
        maxBufferLength: 40,
      }
    case 'recording':
      return { ...common, lowLatencyMode: false, backBufferLength: 60, maxBufferLength: 40 }
  }
}
