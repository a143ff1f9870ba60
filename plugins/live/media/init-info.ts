import { describeAac } from './aac.ts'
import { describeAvc } from './avc.ts'
import { audioInit, videoInit } from './fmp4.ts'
import type { InitInfo } from './types.ts'

/** The initialisation segment for decoder settings; throws a RangeError when they cannot be read. */
export function makeInit(track: 'video' | 'audio', config: Buffer): Buffer {
  return track === 'video' ? videoInit(config, describeAvc(config)) : audioInit(config, describeAac(config))
}

/** What a segment showed. */
export interface Measured {
  samples: number
  bytes: number
}

/** What playlists say of the settings; the rates once a segment showed them. */
export function describeInit(
  track: 'video' | 'audio',
  config: Buffer,
  shown?: Measured & { durationMs: number },
): Omit<InitInfo, 'initId'> {
  const durationMs = Math.max(shown?.durationMs ?? 0, 1)
  const bitrate = Math.max(1, Math.round(((shown?.bytes ?? 0) * 8000) / durationMs))
  if (track === 'audio') {
    const { codec, sampleRateHz, channels } = describeAac(config)
    return { track, codec, bitrate, sampleRateHz, channels }
  }
  const info = { track, bitrate, ...describeAvc(config) }
  return shown ? { ...info, frameRate: nearestFrameRate((shown.samples * 1000) / durationMs) } : info
}

const USUAL_RATES = [23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60, 120]

/** Millisecond times blur the rate: a usual one within a half per cent is the one that was meant. */
function nearestFrameRate(measured: number): number {
  const distance = (rate: number) => Math.abs(rate - measured)
  const nearest = USUAL_RATES.reduce((best, rate) => (distance(rate) < distance(best) ? rate : best))
  return distance(nearest) < nearest * 0.005 ? nearest : Math.round(measured * 1000) / 1000
}
