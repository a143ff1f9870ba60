import type { Angle, Playback } from '../../contract.ts'
import type { Choice } from './kept.ts'
import { type Program, streamIdOf } from './source.ts'

/** What the viewer wants to see and hear. */
export interface Wish {
  playback: Playback
  isLive: boolean
  quality: Choice
  /** By number; null for the main one. */
  camera: number | null
  /** The line is too poor for parts. */
  isPoor: boolean
}

export interface Plan {
  /** What is heard, and seen where there is no picture of its own. */
  front: Program
  /** A camera's picture over it. */
  picture: Angle | null
}

/** The angle that is wanted by its number; null for the main one, and where that camera is away. */
export function chosenAngle({ angles }: Playback, camera: number | null): Angle | null {
  const index = camera === null ? 0 : angles.findIndex((angle) => angle.camera === camera)
  return index > 0 ? (angles[index] ?? null) : null
}

/**
 * One element where it has both, as it most often does. The sound of an event with several cameras may be of another
 * camera than its main picture: then it plays by itself, and every picture is laid over it.
 */
export function planFor(wish: Wish): Plan {
  const { playback, isLive, quality, isPoor } = wish
  const kind = isLive ? 'live' : 'recording'
  const { audio, hls, hlsPlain, hasVideo } = playback
  if (quality === 'audio' && audio !== null && hasVideo) return { front: { kind, url: audio }, picture: null }
  const chosen = chosenAngle(playback, wish.camera)
  const [main] = playback.angles
  const isSoundElsewhere = audio !== null && main !== undefined && streamIdOf(audio) !== streamIdOf(hls)
  if (isSoundElsewhere) return { front: { kind, url: audio }, picture: chosen ?? main }
  return { front: { kind, url: isPoor && isLive ? hlsPlain : hls }, picture: chosen }
}
