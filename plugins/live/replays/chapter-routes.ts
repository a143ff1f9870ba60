import { conflict } from '#contract'
import { isoTime, problem } from '#sdk'
import { viewerOf } from '../access/viewer.ts'
import { announceReplay } from '../announce.ts'
import * as contract from '../contract.ts'
import type { Desk } from '../desk.ts'
import { ownChannel, ownChannelById } from '../own-channel.ts'
import { getReplay, streamOnAir } from '../streams.ts'
import { countChapters, insertChapter, replaceChapters } from './chapters.ts'
import { findRecordings, setOwnChapters } from './recordings.ts'
import { clockOfRow, showReplays } from './show.ts'
import { describeRecording } from './trim.ts'

/** Places of a recording with names: set while it is made, or afterwards. */
export function handleChapters(desk: Desk): void {
  const { router, db, audit } = desk.ctx

  router.handle(contract.setChapters, async ({ params, body }, call) => {
    const stream = await getReplay(db, params.id)
    const channel = await ownChannelById(db, stream.channelId, call.me)
    if (stream.status !== 'ended')
      throw problem(conflict, 'The stream may still go on; change its chapters when it has ended.')
    // Right after its end: what is written down then, is written down now.
    if (!(await findRecordings(db, [stream.id])).has(stream.id)) await describeRecording(desk, stream.id)
    const clock = clockOfRow(stream, (await findRecordings(db, [stream.id])).get(stream.id))
    const marks = body.chapters.flatMap(({ atMs, title }) => {
      const beginsAt = atMs < stream.durationMs ? contract.dateAt(clock, atMs) : null
      return beginsAt ? [{ beginsAt, title }] : []
    })
    await db.tx(async (db) => {
      await replaceChapters(db, stream.showId, marks)
      await setOwnChapters(db, stream.id)
      const detail = { streamId: stream.id, chapters: marks.length }
      await audit.record(db, { action: 'live.chapters-set', actor: call.me, subject: channel.slug, detail })
    })
    await announceReplay(desk, stream.id)
    const viewer = await viewerOf(desk, call, [{ channel, stream }])
    const [replay] = await showReplays(desk, [{ channel, stream }], viewer)
    return replay!
  })

  router.handle(contract.markChapter, async ({ params, body }, call) => {
    const channel = await ownChannel(db, params.slug, call.me)
    const stream = await streamOnAir(db, channel.id)
    if (!stream) throw problem(contract.notLive)
    const showId = stream.showId
    if ((await countChapters(db, showId)) >= contract.mostChapters)
      throw problem(conflict, 'This stream has as many chapters as it may have.')
    const at = isoTime()
    await insertChapter(db, showId, { beginsAt: at, title: body.title })
    call.status(201)
    return { at, title: body.title }
  })
}
