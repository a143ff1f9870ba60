import type { Sounding } from '../engine/types.ts'

/** `FLAC 912 kbit/s`, `AAC 256 kbit/s`; empty while nothing sounds. */
export function soundingWords(sounding: Sounding | null): string {
  if (!sounding) return ''
  const rate = sounding.bitrateKbps === null ? '' : ` ${Math.round(sounding.bitrateKbps)} kbit/s`
  return codecName(sounding.codec) + rate
}

export function codecName(codec: string): string {
  if (/^mp4a\.(?:69|6b|40\.34)$/i.test(codec) || /mp3|mpeg/i.test(codec)) return 'MP3'
  if (/^mp4a|aac/i.test(codec)) return 'AAC'
  return codec.split('.')[0]?.toUpperCase() ?? ''
}

export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const
