import type { PlayerSettings } from './types.ts'

export const defaultSettings: PlayerSettings = {
  volume: 0.8,
  isMuted: false,
  quality: 'auto',
  gainMode: 'album',
  crossfadeMs: 0,
  speed: 1,
  equaliser: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
}

const within = (value: unknown, [low, high]: [number, number], otherwise: number) =>
  typeof value === 'number' && Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : otherwise

const oneOf = <T extends string>(value: unknown, allowed: readonly T[], otherwise: T) =>
  allowed.includes(value as T) ? (value as T) : otherwise

/** Settings within their bounds; what is missing or senseless (an older page stored it) stays as in `before`. */
export function readSettings(stored: unknown, before: PlayerSettings = defaultSettings): PlayerSettings {
  const given = (typeof stored === 'object' && stored !== null ? stored : {}) as Partial<PlayerSettings>
  const { equaliser } = given
  return {
    volume: within(given.volume, [0, 1], before.volume),
    isMuted: typeof given.isMuted === 'boolean' ? given.isMuted : before.isMuted,
    quality: oneOf(given.quality, ['auto', 'low', 'high', 'lossless'], before.quality),
    gainMode: oneOf(given.gainMode, ['off', 'track', 'album'], before.gainMode),
    crossfadeMs: within(given.crossfadeMs, [0, 12_000], before.crossfadeMs),
    speed: within(given.speed, [0.5, 2], before.speed),
    equaliser:
      Array.isArray(equaliser) && equaliser.length === before.equaliser.length
        ? equaliser.map((gain, band) => within(gain, [-12, 12], before.equaliser[band]!))
        : before.equaliser,
  }
}
