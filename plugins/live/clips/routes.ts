import { notAllowed, notFound } from '#contract'
import { type Call, isoTime, problem } from '#sdk'
import { viewerOf } from '../access/viewer.ts'
import { getChannel, getChannelById } from '../channels.ts'
import * as contract from '../contract.ts'
import { clipPrefix, type Desk } from '../desk.ts'
import { readRecording } from '../media/recording.ts'
import { nodesOf } from '../nodes/nodes.ts'
import { readCut } from '../replays/cut-file.ts'
import { keptEntries, stretchBetween } from '../replays/kept.ts'
import { findStream, type Stream } from '../streams.ts'
import {
  type ClipRow,
  countClipsOf,
  findClip,
  getClip,
  insertClip,
  listClips,
  removeClip,
  renameClip,
} from './clips.ts'
import { type ClipFound, canEditClip, presentClips, withStreams } from './present.ts'

const clipsADay = 30
const dayMs = 86_400_000
/** Dates of pages and encoders are not quite ours. */
const clockSlackMs = 10_000

/** Short pieces of streams that viewers keep and share. */
export function handleClips(desk: Desk): void {
  const { router, db, audit, jobs, log, settings, storage } = desk.ctx
  const dropThere = nodesOf(desk.ctx).atItsPlace('drop-clip', async (_streamId, _signal, clipId) => {
    if (!(await findClip(db, clipId))) await storage.removeFolder(clipPrefix(clipId))
  })

  router.handle(contract.createClip, async ({ params, body }, call) => {
    if (!settings.get().clips) throw problem(contract.noClips)
    const channel = await getChannel(db, params.slug)
    const stream = await findStream(db, body.streamId)
    if (!stream || stream.isRemoved || stream.channelId !== channel.id) throw problem(notFound)
    const viewer = await viewerOf(desk, call, [{ channel, stream }])
    if (!viewer.mayWatch(channel, stream)) throw problem(notAllowed)
    await checkMoment(desk, stream, body)
    if ((await countClipsOf(db, call.me.id, isoTime(new Date(Date.now() - dayMs)))) >= clipsADay)
      throw problem(contract.tooManyClips)
    const clip = await db.tx(async (db) => {
      const clip = await insertClip(db, {
        channelId: channel.id,
        streamId: stream.id,
        makerId: call.me.id,
        title: body.title,
        fromAt: body.from,
        untilAt: body.until,
        hasVideo: stream.hasVideo,
      })
      await jobs.enqueue(db, contract.makeClip, { clipId: clip.id }, { priority: 5 })
      const detail = { clipId: clip.id, title: clip.title }
      await audit.record(db, { action: 'live.clip-made', actor: call.me, subject: channel.slug, detail })
      return clip
    })
    call.status(201)
    const [made] = await presentClips(desk, [{ clip, channel, stream }], viewer)
    return made!
  })
  router.handle(contract.listClips, async ({ params, query }, call) => {
    const channel = await getChannel(db, params.slug)
    const mine = call.account ? { makerId: call.account.id } : {}
    const { items, next } = await listClips(db, { ...query, ...mine, channelId: channel.id })
    const found = await withStreams(desk, items, channel)
    return { items: await presentClips(desk, found, await viewerOf(desk, call, found)), next }
  })
  router.handle(contract.getClip, async ({ params }, call) =>
    present(desk, await getClip(db, params.id), call),
  )
  router.handle(contract.updateClip, async ({ params, body }, call) => {
    const { clip, channel } = await editable(desk, params.id, call)
    await db.tx(async (db) => {
      await renameClip(db, clip.id, body.title)
      const detail = { clipId: clip.id, title: body.title }
      await audit.record(db, { action: 'live.clip-renamed', actor: call.me, subject: channel.slug, detail })
    })
    return present(desk, { ...clip, title: body.title }, call)
  })
  router.handle(contract.removeClip, async ({ params }, call) => {
    const { clip, channel } = await editable(desk, params.id, call)
    await db.tx(async (db) => {
      await removeClip(db, clip.id)
      const detail = { clipId: clip.id, title: clip.title }
      await audit.record(db, { action: 'live.clip-removed', actor: call.me, subject: channel.slug, detail })
    })
    // Where it was asked for from, and where it lies.
    await storage.removeFolder(clipPrefix(clip.id))
    await dropThere(clip.streamId, new AbortController().signal, clip.id).catch((error: unknown) =>
      log.warn({ err: error, clipId: clip.id }, 'the file of a clip stays on the machine of its stream'),
    )
  })
}

/** Refuses what is too long, too short, yet to come, or not there for viewers. */
async function checkMoment(
  desk: Desk,
  stream: Stream,
  moment: { from: string; until: string },
): Promise<void> {
  const [from, until] = [Date.parse(moment.from), Date.parse(moment.until)]
  const lengthMs = until - from
  if (lengthMs < contract.shortestClipMs || lengthMs > contract.longestClipMs) throw problem(contract.badClip)
  if (until > Date.now() + clockSlackMs) throw problem(contract.badClip)
  if (stream.status !== 'ended' && from < Date.now() - contract.liveClipReachMs)
    throw problem(contract.badClip, 'While a stream runs, clips are made of its last ten minutes.')
  const dir = await nodesOf(desk.ctx).folderNow(stream)
  const [{ entries }, cut] = await Promise.all([readRecording(dir), readCut(dir)])
  // The end of a running stream may be on its way to the disk.
  const isEnding = stream.status !== 'ended' && until > Date.now() - dayMs
  const stretch = stretchBetween(keptEntries(entries, cut), moment.from, moment.until)
  if (stretch === null && !isEnding) throw problem(contract.badClip)
}

async function editable(desk: Desk, id: string, call: Call): Promise<ClipFound> {
  const clip = await getClip(desk.ctx.db, id)
  const channel = await getChannelById(desk.ctx.db, clip.channelId)
  if (!canEditClip(call, { clip, channel })) throw problem(notAllowed)
  return { clip, channel, stream: undefined }
}

async function present(desk: Desk, clip: ClipRow, call: Call): Promise<contract.Clip> {
  const channel = await getChannelById(desk.ctx.db, clip.channelId)
  const found = await withStreams(desk, [clip], channel)
  const viewer = await viewerOf(desk, call, found)
  // What is not ready is a matter of its maker alone.
  if (clip.status !== 'ready' && !canEditClip(call, { clip, channel })) throw problem(notFound)
  const [shown] = await presentClips(desk, found, viewer)
  return shown!
}
