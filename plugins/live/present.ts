import type { Account } from '#sdk'
import type { Channel } from './channels.ts'
import type { ChannelView, NewStreamKey, Playback, Replay, StreamKey } from './contract.ts'
import type { Desk } from './desk.ts'
import type { PlaylistFile } from './playback-token.ts'
import { canEditChannel, canEditReplay, canPublish, canRemoveReplay } from './policy.ts'
import type { StreamKeyRow } from './stream-keys.ts'
import type { Stream } from './streams.ts'

const posterSeconds = 7 * 86_400

/** `stream` is the one on air, if any. */
export function presentChannel(
  desk: Desk,
  channel: Channel,
  stream: Stream | undefined,
  account: Account | null,
): ChannelView {
  return {
    id: channel.id,
    slug: channel.slug,
    title: channel.title,
    description: channel.description,
    status: stream ? 'live' : 'offline',
    isInterrupted: stream?.status === 'interrupted',
    viewers: stream ? desk.viewers.count(stream.id) : 0,
    startedAt: stream?.startedAt ?? null,
    streamId: stream?.id ?? null,
    poster: stream ? posterOf(desk, stream) : null,
    playback: stream ? playbackOf(desk, stream, 'index') : null,
    access: 'public',
    isLocked: false,
    can: { edit: canEditChannel(account, channel), publish: canPublish(account, channel) },
  }
}

export function presentReplay(desk: Desk, stream: Stream, channel: Channel, account: Account | null): Replay {
  return {
    id: stream.id,
    channel: { slug: channel.slug, title: channel.title },
    title: stream.title,
    startedAt: stream.startedAt ?? stream.createdAt,
    durationMs: stream.durationMs,
    sizeBytes: stream.sizeBytes,
    poster: posterOf(desk, stream),
    playback: playbackOf(desk, stream, 'replay'),
    access: 'public',
    isLocked: false,
    chapters: [],
    chat: null,
    download: null,
    can: { edit: canEditReplay(account, channel), remove: canRemoveReplay(account, channel, stream) },
  }
}

export function presentKey(row: StreamKeyRow, slug: string): StreamKey {
  const { id, hint, createdAt, lastUsedAt, revokedAt } = row
  return { id, channel: slug, hint, createdAt, lastUsedAt, revokedAt }
}

export function presentNewKey(desk: Desk, id: string, slug: string, key: string): NewStreamKey {
  return { id, channel: slug, url: ingestAddress(desk).rtmp, key }
}

/** Where encoders publish to. The dialled name picks the site, so a common name is only given where it does. */
export function ingestAddress(desk: Pick<Desk, 'ctx' | 'link'>): { rtmp: string; rtmps: string | null } {
  const { site, appliance } = desk.ctx
  const { publicHost, port, tls } = appliance.rtmp
  const host = publicHost && site.answersTo(publicHost) ? publicHost : new URL(site.url).hostname
  return {
    rtmp: `rtmp://${host}:${desk.link?.ports?.rtmp ?? port}/live`,
    rtmps: tls ? `rtmps://${host}:${desk.link?.ports?.rtmps ?? tls.port}/live` : null,
  }
}

function posterOf(desk: Desk, stream: Stream): string | null {
  return stream.posterKey ? desk.ctx.storage.url(stream.posterKey, posterSeconds) : null
}

/** Where players of a stream start; what is on air now (`index`), or all that was received (`replay`). */
function playbackOf(desk: Desk, stream: Stream, kind: 'index' | 'replay'): Playback {
  const { id, hasVideo, hasAudio } = stream
  const isLive = kind === 'index'
  const address = (file: PlaylistFile) => desk.tokens.address(id, file)
  return {
    hls: address(kind),
    hlsPlain: address(isLive ? 'plain' : 'replay'),
    dvr: isLive ? address('replay') : null,
    audio: hasAudio ? address(isLive ? 'sound' : 'sound-replay') : null,
    angles: [],
    listen: null,
    hasVideo,
    hasAudio,
  }
}
