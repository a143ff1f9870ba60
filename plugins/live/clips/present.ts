import { accessOf } from '../access/rights.ts'
import { stranger, type Viewer } from '../access/viewer.ts'
import type { Channel } from '../channels.ts'
import type { Clip } from '../contract.ts'
import type { Desk } from '../desk.ts'
import { canPublish } from '../policy.ts'
import { findStreams, type Stream } from '../streams.ts'
import type { ClipRow } from './clips.ts'

/** An address handed on works for somebody else until then. */
const closedSeconds = 3_600

export interface ClipFound {
  clip: ClipRow
  channel: Channel
  /** Its row stays when the recording goes. */
  stream: Stream | undefined
}

/** The clips with their streams, which say who may watch them. */
export async function withStreams(
  desk: Desk,
  clips: readonly ClipRow[],
  channel: Channel,
): Promise<ClipFound[]> {
  const streams = await findStreams(desk.ctx.db, [...new Set(clips.map(({ streamId }) => streamId))])
  return clips.map((clip) => ({ clip, channel, stream: streams.get(clip.streamId) }))
}

export async function presentClips(desk: Desk, found: readonly ClipFound[], viewer: Viewer): Promise<Clip[]> {
  const makers = found.flatMap(({ clip }) => clip.makerId ?? [])
  const people = await desk.ctx.accounts.byIds([...new Set(makers)])
  return found.map(({ clip, channel, stream }) => {
    const { id, streamId, title, status, createdAt, durationMs, hasVideo } = clip
    const isOpen = mayWatchClip({ clip, channel, stream }, viewer)
    const maker = clip.makerId ? people.get(clip.makerId) : undefined
    const isPublic = mayWatchClip({ clip, channel, stream }, stranger)
    const address = (key: string | null) => {
      if (!key || !isOpen) return null
      return isPublic ? desk.ctx.storage.dayUrl(key) : desk.ctx.storage.url(key, closedSeconds)
    }
    return {
      id,
      channel: { slug: channel.slug, title: channel.title },
      streamId,
      title,
      status,
      maker: maker ? { id: maker.id, username: maker.username, displayName: maker.displayName } : null,
      from: clip.fromAt,
      createdAt,
      durationMs,
      hasVideo,
      poster: address(clip.posterKey),
      video: address(clip.fileKey),
      access: accessOf(channel, stream),
      isLocked: !isOpen,
      can: { edit: canEditClip(viewer, { clip, channel }) },
    }
  })
}

/** As the stream it is from. */
export function mayWatchClip({ channel, stream }: ClipFound, viewer: Viewer): boolean {
  return viewer.mayWatch(channel, stream)
}

export function canEditClip(
  { account }: Pick<Viewer, 'account'>,
  { clip, channel }: Pick<ClipFound, 'clip' | 'channel'>,
): boolean {
  if (account === null) return false
  return clip.makerId === account.id || canPublish(account, channel)
}
