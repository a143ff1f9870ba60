import { accessOf } from '../access/rights.ts'
import type { Channel } from '../channels.ts'
import type { Health, Mix, MixCamera } from '../contract.ts'
import type { Desk } from '../desk.ts'
import type { Audience } from '../playback-token.ts'
import { posterOf } from '../present.ts'
import { listKeys } from '../stream-keys.ts'
import { camerasOnAir, listOpenStreams, type Stream } from '../streams.ts'
import { clocksOf, hasTimeCodes, newestByCamera, pictureOf } from './angles.ts'
import { type Choice, choicesOf, manualOffsetOf, titleOf } from './cameras.ts'

/** All that a mix is presented from. */
interface Stage {
  /** Whose the addresses of a stream are. */
  to(stream: Stream): Audience
  choice: Choice
  /** Open streams, one for each camera. */
  open: Stream[]
  onAir: Stream[]
  /** Good keys by camera. */
  keys: Map<number, number>
}

/** The cameras of a channel as its director sees them. */
export async function mixOf(desk: Desk, channel: Channel, to: Audience): Promise<Mix> {
  const stage = await stageOf(desk, channel, to)
  const { choice, open, onAir, keys } = stage
  const picture = pictureOf(onAir, choice)
  const main = open.find((stream) => stream.id === picture?.id) ?? null
  const numbers = [1, choice.mainCamera, choice.audioCamera ?? 1, ...keys.keys()]
  const named = [...choice.cameras, ...open].map(({ camera }) => camera)
  const cameras = [...new Set([...numbers, ...named])].sort((a, b) => a - b)
  const sound = picture?.sound?.camera ?? (picture?.hasAudio ? picture.camera : null)
  return {
    channel: channel.slug,
    mainCamera: choice.mainCamera,
    audioCamera: choice.audioCamera,
    onMain: picture?.camera ?? null,
    onAudio: sound,
    cameras: cameras.map((camera) => presentCamera(desk, camera, stage, main)),
  }
}

async function stageOf({ ctx: { db } }: Desk, channel: Channel, to: Audience): Promise<Stage> {
  const channelId = channel.id
  const choice = (await choicesOf(db, [channelId])).get(channelId)
  const open = (await listOpenStreams(db)).filter(
    (stream) => stream.channelId === channelId && stream.stopReason === null,
  )
  const keys = new Map<number, number>()
  for (const { camera, revokedAt } of await listKeys(db, channelId))
    if (revokedAt === null) keys.set(camera, (keys.get(camera) ?? 0) + 1)
  return {
    to: (stream) => (accessOf(channel, stream) === 'public' ? 'public' : to),
    choice: choice ?? { mainCamera: 1, audioCamera: null, cameras: [] },
    open: newestByCamera(open),
    onAir: await camerasOnAir(db, [channelId]),
    keys,
  }
}

const words = { starting: 'waiting', live: 'live', interrupted: 'away', ended: 'off' } as const

function presentCamera(desk: Desk, camera: number, stage: Stage, main: Stream | null): MixCamera {
  const { choice, open, keys, to } = stage
  const stream = open.find((candidate) => candidate.camera === camera) ?? null
  return {
    camera,
    title: titleOf(camera, choice.cameras),
    status: stream ? words[stream.status] : 'off',
    streamId: stream?.id ?? null,
    poster: stream ? posterOf(desk, stream, to(stream)) : null,
    preview:
      stream?.status === 'live' ? `${desk.tokens.address(stream.id, 'index', to(stream))}?uncounted` : null,
    hasVideo: stream?.hasVideo ?? false,
    hasAudio: stream?.hasAudio ?? false,
    health: stream ? healthOf(desk.health.view(stream)) : null,
    ...clockOf(stream, main, open),
    offsetMs: manualOffsetOf(camera, choice.cameras),
    keys: keys.get(camera) ?? 0,
  }
}

function clockOf(
  stream: Stream | null,
  main: Stream | null,
  open: readonly Stream[],
): Pick<MixCamera, 'measuredMs' | 'clock'> {
  const live = open.filter(({ status }) => status === 'live')
  const own = stream && clocksOf(live)(stream)
  const ofMain = main && clocksOf(live)(main)
  if (own === null || ofMain === null) return { measuredMs: null, clock: null }
  return { measuredMs: own - ofMain, clock: hasTimeCodes(live) ? 'time-code' : 'arrival' }
}

function healthOf({ notes, bitrateKbps, fps, height, lagMs }: Health): MixCamera['health'] {
  if (notes.length === 0 && bitrateKbps === 0) return null
  const levels = notes.map(({ level }) => level)
  const level = levels.includes('bad') ? 'bad' : levels.includes('warn') ? 'warn' : 'ok'
  return { level, bitrateKbps, fps, height, lagMs }
}
