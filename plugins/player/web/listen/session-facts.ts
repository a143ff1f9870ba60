import type { SessionFacts } from '../engine/media-session.ts'
import type { Playable } from '../engine/types.ts'
import { trackOf } from './tracks.ts'

/** For lock screens and headsets. */
export function sessionFacts({ id, title }: Playable): SessionFacts {
  const track = trackOf(id)
  const cover = track?.release.cover
  const whole = (path: string) => new URL(path, location.href).href
  return {
    title,
    artist: track?.artists.map(({ name }) => name).join(', ') ?? '',
    album: track?.release.title ?? '',
    artwork: cover
      ? [
          { src: whole(cover.small.jpeg), sizes: '480x480', type: 'image/jpeg' },
          { src: whole(cover.large.jpeg), sizes: '1200x1200', type: 'image/jpeg' },
        ]
      : [],
  }
}
