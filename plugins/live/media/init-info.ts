import { describeAac } from './aac.ts'
import { describeAvc } from './avc.ts'
import { audioInit, videoInit } from './fmp4.ts'
import type { Part } from './part.ts'
import type { InitInfo } from './types.ts'

/** The initialisation segment for decoder settings; throws a RangeError when they cannot be read. */
export function makeInit(track: 'video' | 'audio', config: Buffer): Buffer {
  return track === 'video' ? videoInit(config, describeAvc(config)) : audioInit(config, describeAac(config))
}

/** What playlists say of the settings, with what the first segment showed. */
export function describeInit(part: Part, config: Buffer): Omit<InitInfo, 'initId'> {
  const bytes = part.samples.reduce((sum, sample) => sum + sample.data.length, 0)
  const bitrate = Math.max(1, Math.round((bytes * 8000) / Math.max(part.durationMs, 1)))
  if (part.track === 'audio') {
    const { codec, sampleRateHz, channels } = describeAac(config)
    return { track: 'audio', codec, bitrate, sampleRateHz, channels }
  }
  const measured = (part.samples.length * 1000) / Math.max(part.durationMs, 1)
  return { track: 'video', bitrate, frameRate: nearestFrameRate(measured), ...describeAvc(config) }
}

const USUAL_RATES = [23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60, 120]

/** Millisecond times blur the rate: a usual one within a half per cent is the one that was meant. */
function nearestFrameRate(measured: number): number {
  const distance = (rate: number) => Math.abs(rate - measured)
  const nearest = USUAL_RATES.reduce((best, rate) => (distance(rate) < distance(best) ? rate : best))
  return distance(nearest) < nearest * 0.005 ? nearest : Math.round(measured * 1000) / 1000
}
