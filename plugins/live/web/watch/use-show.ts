import { useRef } from 'preact/hooks'
import type { Playback } from '../../contract.ts'
import type { OnAir } from './use-last-stream.ts'

interface Show {
  /** Of the stream that it was first seen as. */
  id: string
  streamId: string
  cameras: readonly string[]
}

const camerasOf = ({ angles }: Playback) => angles.map(({ id }) => id)

/**
 * What is watched, over changes of its main camera: the streams of one event are one show, so that its player goes on
 * and only the picture changes.
 */
export function showOf(before: Show | null, { id, playback }: Pick<OnAir, 'id' | 'playback'>): Show {
  const cameras = camerasOf(playback)
  const isSame =
    before !== null &&
    (before.streamId === id || before.cameras.includes(id) || cameras.includes(before.streamId))
  return { id: isSame ? before.id : id, streamId: id, cameras }
}

export function useShow(stream: OnAir | null): string | null {
  const show = useRef<Show | null>(null)
  if (!stream) return null
  show.current = showOf(show.current, stream)
  return show.current.id
}
