import type { Stream } from '../streams.ts'
import { type Choice, manualOffsetOf, titleOf } from './cameras.ts'

/** One camera of a show. `offsetMs` is added to the date of its pictures to meet the main one's clock. */
export interface AngleStream {
  id: string
  camera: number
  title: string
  hasAudio: boolean
  offsetMs: number
}

/** A stream with the other pictures of its moment. */
export interface Pictured extends Stream {
  /** The stream itself first; empty where there is only one. */
  angles: AngleStream[]
  /** Whose sound is the master; null for the stream's own. */
  sound: AngleStream | null
  /** When the first of them began. */
  since: string | null
}

/** Without a word of the director: the first camera, and its own sound. */
const noChoice: Choice = { mainCamera: 1, audioCamera: null, cameras: [] }

/** Of streams oldest first, the newest of each camera: while one takes over, both are there for a moment. */
export function newestByCamera<T extends Pick<Stream, 'camera'>>(streams: readonly T[]): T[] {
  const newest = new Map(streams.map((stream) => [stream.camera, stream]))
  return [...newest.values()].sort((a, b) => a.camera - b.camera)
}

/**
 * What viewers of a channel get: the camera the director chose; while that is not live, the live one with the lowest
 * number; and while none is live, the chosen or the lowest that may come back. Null without any.
 */
export function pictureOf(streams: readonly Stream[], choice: Choice = noChoice): Pictured | null {
  const cameras = newestByCamera(streams)
  const live = cameras.filter(({ status }) => status === 'live')
  const candidates = live.length > 0 ? live : cameras
  const main = candidates.find(({ camera }) => camera === choice.mainCamera) ?? candidates[0]
  if (!main) return null
  const since = cameras.map(({ startedAt }) => startedAt ?? '9').sort()[0] ?? null
  return { ...pictured(main, live, choice), since }
}

/** The stream as the main picture among `others`; the sound is the chosen camera's where that has any. */
export function pictured(main: Stream, others: readonly Stream[], choice: Choice = noChoice): Pictured {
  const rest = others.filter(({ id }) => id !== main.id)
  if (rest.length === 0) return { ...main, angles: [], sound: null, since: main.startedAt }
  const angles = lineUp(main, rest, choice)
  const heard = angles.filter(({ hasAudio }) => hasAudio)
  const wanted = choice.audioCamera ?? main.camera
  const sound =
    heard.find(({ camera }) => camera === wanted) ?? heard.find(({ id }) => id === main.id) ?? heard[0]
  return { ...main, angles, sound: sound && sound.id !== main.id ? sound : null, since: main.startedAt }
}

/**
 * Time codes line cameras up only where every one of them sends them: the encoder's clock may be seconds off ours, so
 * that one by time code and one by arrival would be as far apart.
 */
export const hasTimeCodes = (streams: readonly Stream[]): boolean =>
  streams.every(({ timeCodeOffsetMs }) => timeCodeOffsetMs !== null)

/** What to add to each stream's dates by what was measured; null where nothing was. */
export function clocksOf(streams: readonly Stream[]): (stream: Stream) => number | null {
  const byTimeCode = hasTimeCodes(streams)
  return ({ clockOffsetMs, timeCodeOffsetMs }) => (byTimeCode ? timeCodeOffsetMs : clockOffsetMs)
}

function lineUp(main: Stream, rest: readonly Stream[], { cameras }: Choice): AngleStream[] {
  const streams = [main, ...rest]
  const measured = clocksOf(streams)
  const clock = (stream: Stream) => (measured(stream) ?? 0) + manualOffsetOf(stream.camera, cameras)
  return streams.map((stream) => ({
    id: stream.id,
    camera: stream.camera,
    title: titleOf(stream.camera, cameras),
    hasAudio: stream.hasAudio,
    offsetMs: clock(stream) - clock(main),
  }))
}
