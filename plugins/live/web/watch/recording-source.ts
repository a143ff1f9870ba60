import type { Playback, Replay } from '../../contract.ts'
import type { Source } from '../player/source.ts'

/** A recording as the player takes it. Another cut is another recording to it: its positions mean other moments. */
export function recordingSource({ id, trim }: Pick<Replay, 'id' | 'trim'>, playback: Playback): Source {
  const cut = trim ? `?cut=${trim.startMs}-${trim.endMs}` : ''
  const { hls, hlsPlain, audio } = playback
  const marked = { hls: hls + cut, hlsPlain: hlsPlain + cut, audio: audio && audio + cut }
  return { id: id + cut, playback: { ...playback, ...marked }, isLive: false }
}
