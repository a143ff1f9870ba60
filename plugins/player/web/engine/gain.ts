import type { GainMode, Playable } from './types.ts'

/** No sample between samples goes over this, so that a lossy decoder and a cheap converter stay clean. */
const ceilingDbtp = -1

export const fromDb = (db: number): number => 10 ** (db / 20)

/** dB for a track: ReplayGain 2.0 of the track or its album, never so much that its true peak passes the ceiling. */
export function trackGainDb(track: Playable, mode: GainMode): number {
  if (mode === 'off') return 0
  const ofAlbum = mode === 'album' && track.albumGainDb !== null
  const gain = (ofAlbum ? track.albumGainDb : track.trackGainDb) ?? 0
  // An album's peak, so that the guard does not change what its tracks are to each other.
  const peak = (ofAlbum ? track.albumTruePeakDbtp : null) ?? track.truePeakDbtp
  return peak === null ? Math.min(gain, 0) : Math.min(gain, ceilingDbtp - peak)
}

/** Slider to factor: about 60 dB over its way, so that each step sounds alike; 0 is silence. */
export const volumeFactor = (volume: number): number => volume ** 3

/** Both sides of a crossfade: sin² + cos² = 1, the power stays. */
export function fadeCurve(side: 'in' | 'out', points = 128): Float32Array<ArrayBuffer> {
  const curve = new Float32Array(points)
  for (let at = 0; at < points; at++) {
    const angle = (at / (points - 1)) * (Math.PI / 2)
    curve[at] = side === 'in' ? Math.sin(angle) : Math.cos(angle)
  }
  return curve
}

/** One after the other on a release, also over the change of a disc: never faded into each other. */
export function areNeighbours(a: Playable, b: Playable): boolean {
  if (a.releaseId !== b.releaseId) return false
  if (a.discNumber === b.discNumber) return b.trackNumber === a.trackNumber + 1
  return b.discNumber === a.discNumber + 1 && b.trackNumber === 1
}

/** Seconds of fade between two tracks: at most half of the shorter one. */
export function fadeSeconds(a: Playable, b: Playable, crossfadeMs: number): number {
  if (areNeighbours(a, b)) return 0
  return Math.min(crossfadeMs, a.durationMs / 2, b.durationMs / 2) / 1000
}
