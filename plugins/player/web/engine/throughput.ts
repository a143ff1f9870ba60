import type { PlaybackManifest, Profile, Quality, Rendition } from './types.ts'

/** Bits a second, by two moving averages: the quick one notices a fall, the slow one doubts a rise. */
export class Throughput {
  #quick: number
  #slow: number
  #seen = 0

  constructor(firstGuess: number) {
    this.#quick = firstGuess
    this.#slow = firstGuess
  }

  add(bytes: number, seconds: number): void {
    if (bytes < 4096 || seconds <= 0) return
    const rate = (bytes * 8) / seconds
    const blend = (before: number, halfLife: number) => {
      const weight = this.#seen === 0 ? 0.5 : 1 - 0.5 ** (1 / halfLife)
      return before + (rate - before) * weight
    }
    this.#quick = blend(this.#quick, 1)
    this.#slow = blend(this.#slow, 4)
    this.#seen++
  }

  get bitsPerSecond(): number {
    return Math.min(this.#quick, this.#slow)
  }
}

/** Up with much to spare, down before it gets tight: between the two nothing changes. */
const up = 3
const down = 1.5

/** Whether `auto` plays the better AAC, knowing what it plays now. */
export function affords(rendition: Rendition, isPlaying: boolean, bitsPerSecond: number): boolean {
  return bitsPerSecond > rendition.bitrateKbps * 1000 * (isPlaying ? down : up)
}

export interface Circumstances {
  quality: Quality
  current: Profile | null
  bitsPerSecond: number
  canPlay: (rendition: Rendition) => boolean
}

/** The rendition to fetch next; null where this browser can play none of them. */
export function chooseRendition(manifest: PlaybackManifest, now: Circumstances): Rendition | null {
  const playable = manifest.renditions.filter(now.canPlay)
  const find = (profile: Profile) => playable.find((rendition) => rendition.profile === profile)
  const [low, high, lossless] = [find('aac-96'), find('aac-256'), find('flac')]
  const best = high ?? low ?? lossless ?? null
  if (now.quality === 'lossless') return lossless ?? best
  if (now.quality === 'high') return best
  if (now.quality === 'low') return low ?? best
  const isRich = !!high && affords(high, now.current === 'aac-256', now.bitsPerSecond)
  return isRich ? high : (low ?? best)
}
