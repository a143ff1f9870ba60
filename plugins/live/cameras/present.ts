import type { Angle, Playback } from '../contract.ts'
import type { Desk } from '../desk.ts'
import type { Stream } from '../streams.ts'
import type { Pictured } from './angles.ts'

/** A stream that may come with the other cameras of its show. */
export type MaybePictured = Stream & Partial<Pick<Pictured, 'angles' | 'sound' | 'since'>>

/** The other cameras, and the master sound where another camera than the main one has it. */
export function presentAngles(
  { angles = [], sound }: MaybePictured,
  address: { picture(streamId: string): string; sound(streamId: string): string },
): Pick<Playback, 'angles'> & Partial<Pick<Playback, 'audio' | 'audioOffsetMs'>> {
  const shown: Angle[] = angles.map(({ id, camera, title, offsetMs }) => {
    return { id, camera, title, hls: address.picture(id), offsetMs }
  })
  if (!sound) return { angles: shown }
  return { angles: shown, audio: address.sound(sound.id), audioOffsetMs: sound.offsetMs }
}

/** Everybody at any of the cameras, each once. */
export function viewersOf(desk: Desk, { id, angles = [] }: MaybePictured): number {
  return angles.length === 0 ? desk.viewers.count(id) : desk.viewers.countAny(angles.map((angle) => angle.id))
}
