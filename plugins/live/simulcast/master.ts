import { clocksOf, hasTimeCodes, pictureOf } from '../cameras/angles.ts'
import { type Choice, manualOffsetOf } from '../cameras/cameras.ts'
import type { SentOn } from '../media/types.ts'
import type { Stream } from '../streams.ts'

/** What viewers of the channel get who choose nothing themselves, of those streams. */
export function masterOf(
  streams: readonly Stream[],
  choice?: Choice,
): Pick<SentOn, 'picture' | 'sound' | 'soundOffsetMs'> {
  const picture = pictureOf(streams, choice)
  if (!picture) return { picture: null, sound: null, soundOffsetMs: 0 }
  const sound = streams.find(({ id }) => id === picture.sound?.id)
  if (!sound) return { picture: picture.id, sound: picture.hasAudio ? picture.id : null, soundOffsetMs: 0 }
  const live = streams.filter(({ status }) => status === 'live')
  const beyond = (stream: Stream) =>
    beyondArrival(stream, live) + manualOffsetOf(stream.camera, choice?.cameras ?? [])
  return { picture: picture.id, sound: sound.id, soundOffsetMs: beyond(sound) - beyond(picture) }
}

/** What time codes say more than the arrival of media, where they count. */
function beyondArrival(stream: Stream, live: readonly Stream[]): number {
  if (!hasTimeCodes(live)) return 0
  return (clocksOf(live)(stream) ?? 0) - (stream.clockOffsetMs ?? 0)
}
