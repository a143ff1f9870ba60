import { basename } from 'node:path'
import { accessOf } from './access/rights.ts'
import type { Viewer } from './access/viewer.ts'
import { type MaybePictured, presentAngles, viewersOf } from './cameras/present.ts'
import type { Channel } from './channels.ts'
import type { ChannelView, IngestAddress, NewStreamKey, Playback, Replay, StreamKey } from './contract.ts'
import { coverOf } from './covers.ts'
import type { Desk } from './desk.ts'
import type { Audience, PlaylistFile } from './playback-token.ts'
import { canPublish, canRemoveReplay } from './policy.ts'
import type { StreamKeyRow } from './stream-keys.ts'
import type { Stream } from './streams.ts'

const posterSeconds = 7 * 86_400

/** `stream` is the one on air, if any. */
export function presentChannel(
  desk: Desk,
  channel: Channel,
  stream: MaybePictured | undefined,
  viewer: Viewer,
): ChannelView {
  const { account } = viewer
  const door = doorOf(channel, stream, viewer)
  return {
    id: channel.id,
    slug: channel.slug,
    title: channel.title,
    description: channel.description,
    status: stream ? 'live' : 'offline',
    isInterrupted: stream?.status === 'interrupted',
    viewers: stream ? viewersOf(desk, stream) : 0,
    startedAt: stream?.since ?? stream?.startedAt ?? null,
    streamId: stream?.id ?? null,
    poster: stream && door.to ? posterOf(desk, stream, door.to) : null,
    cover: coverOf(desk.ctx, channel.coverKey),
    playback: stream && door.to ? livePlaybackOf(desk, stream, { slug: channel.slug, to: door.to }) : null,
    access: door.access,
    isLocked: door.to === null,
    keepS: channel.keepS,
    hasClips: desk.ctx.settings.get().clips,
    can: { edit: canPublish(account, channel), publish: canPublish(account, channel) },
  }
}

/** What the stream's own row says; `showReplays` adds what is known of its recording. */
export function presentReplay(desk: Desk, stream: MaybePictured, channel: Channel, viewer: Viewer): Replay {
  const { account } = viewer
  const door = doorOf(channel, stream, viewer)
  return {
    id: stream.id,
    channel: { slug: channel.slug, title: channel.title },
    title: stream.title,
    startedAt: stream.startedAt ?? stream.createdAt,
    durationMs: stream.durationMs,
    sizeBytes: stream.sizeBytes,
    poster: door.to && posterOf(desk, stream, door.to),
    playback: door.to && playbackOf(desk, stream, { kind: 'replay', to: door.to }),
    access: door.access,
    hasOwnAccess: stream.access !== null,
    isLocked: door.to === null,
    storyboard: null,
    chapters: [],
    clock: [],
    trim: null,
    chat: null,
    download: null,
    hasClips: desk.ctx.settings.get().clips,
    can: { edit: canPublish(account, channel), remove: canRemoveReplay(account, channel, stream) },
  }
}

export function presentKey(row: StreamKeyRow, slug: string): StreamKey {
  const { id, camera, hint, createdAt, lastUsedAt, revokedAt } = row
  return { id, channel: slug, camera, hint, createdAt, lastUsedAt, revokedAt }
}

export function presentNewKey(
  desk: Desk,
  { row, key }: { row: StreamKeyRow; key: string },
  slug: string,
): NewStreamKey {
  return { id: row.id, channel: slug, camera: row.camera, url: ingestAddress(desk).rtmp, key }
}

/** Where encoders publish to. The dialled name picks the site, so a common name is only given where it does. */
export function ingestAddress(desk: Pick<Desk, 'ctx' | 'link'>): IngestAddress {
  const { site, appliance } = desk.ctx
  const { publicHost, port, tls } = appliance.rtmp
  const { icecast } = appliance
  const host = publicHost && site.answersTo(publicHost) ? publicHost : new URL(site.url).hostname
  return {
    rtmp: `rtmp://${host}:${desk.link?.ports?.rtmp ?? port}/live`,
    rtmps: tls ? `rtmps://${host}:${desk.link?.ports?.rtmps ?? tls.port}/live` : null,
    icecast: icecast && { host, port: desk.link?.icecastPort ?? icecast.port },
  }
}

/** `to`: whose the addresses are; null for who may not watch. */
function doorOf(channel: Channel, stream: Stream | undefined, viewer: Viewer) {
  const access = accessOf(channel, stream)
  if (access === 'public') return { access, to: 'public' as const }
  const isOpen = viewer.mayWatch(channel, stream) && viewer.audience !== 'public'
  return { access, to: isOpen ? viewer.audience : null }
}

/** Whose the addresses of its media are; null for who may not watch. */
export function openTo(channel: Channel, stream: Stream, viewer: Viewer): Audience | null {
  return doorOf(channel, stream, viewer).to
}

/** A picture of what not everybody may see is no one else's either: it goes through the same door. */
export function posterOf(desk: Desk, { id, posterKey }: Stream, to: Audience): string | null {
  if (!posterKey) return null
  if (to === 'public') return desk.ctx.storage.url(posterKey, posterSeconds)
  return desk.tokens.fileAddress(id, `poster-${basename(posterKey)}`, to)
}

/** The same for what is on air, which any audio player can have as well. */
function livePlaybackOf(
  desk: Desk,
  stream: MaybePictured,
  { slug, to }: { slug: string; to: Audience },
): Playback {
  const playback = playbackOf(desk, stream, { kind: 'index', to })
  return { ...playback, listen: playback.audio === null ? null : `/listen/${slug}` }
}

/** Where players of a stream start; what is on air now (`index`), or all that was received (`replay`). */
function playbackOf(
  desk: Desk,
  stream: MaybePictured,
  { kind, to }: { kind: 'index' | 'replay'; to: Audience },
): Playback {
  const { id, hasVideo, hasAudio } = stream
  const isLive = kind === 'index'
  const address = (file: PlaylistFile, of = id) => desk.tokens.address(of, file, to)
  const sound = isLive ? 'sound' : 'sound-replay'
  return {
    hls: address(kind),
    hlsPlain: address(isLive ? 'plain' : 'replay'),
    dvr: isLive ? address('replay') : null,
    audio: hasAudio ? address(sound) : null,
    ...presentAngles(stream, { picture: (of) => address(kind, of), sound: (of) => address(sound, of) }),
    listen: null,
    hasVideo,
    hasAudio,
  }
}
