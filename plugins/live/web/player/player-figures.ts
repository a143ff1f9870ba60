import type { PictureFigures } from './pictures.ts'
import type { LinkFigures } from './source.ts'
import type { StreamPlayer } from './stream-player.ts'

export interface PlayerFigures extends LinkFigures {
  delayS: number | null
  bufferS: number | null
  dropped: number | null
  shown: number | null
  list: 'listLow' | 'listPlain' | 'listDvr' | 'listRecording' | null
  stalls: number
  rate: number
  /** Of a camera's picture that is laid over the sound. */
  picture: PictureFigures | null
}

/** How a player does at this moment. */
export function playerFigures(player: StreamPlayer): PlayerFigures {
  const { front, cameras, state, video } = player
  const frames = video?.getVideoPlaybackQuality?.()
  const link = front?.link?.figures() ?? { bitsPerSecond: null, rung: null, hasParts: false }
  return {
    ...link,
    delayS: state.delayS.peek(),
    bufferS: front && front.bufferedToS() - front.media.currentTime,
    dropped: frames?.droppedVideoFrames ?? null,
    shown: frames?.totalVideoFrames ?? null,
    list: front && listOf(front.program.kind, link.hasParts),
    stalls: state.stalls.peek(),
    rate: front?.media.playbackRate ?? 1,
    picture: cameras?.deck ? cameras.figures : null,
  }
}

function listOf(kind: string, hasParts: boolean): PlayerFigures['list'] {
  if (kind === 'dvr') return 'listDvr'
  if (kind === 'recording') return 'listRecording'
  return hasParts ? 'listLow' : 'listPlain'
}
