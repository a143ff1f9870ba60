import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isoTime } from '#sdk'
import type { TestAccount, TestApp } from '../../../test/kit/app.ts'
import { insertClip } from '../clips/clips.ts'
import * as contract from '../contract.ts'
import { recordingPrefix } from '../desk.ts'
import { fragment, VIDEO_TIMESCALE } from '../media/fmp4.ts'
import { describeInit } from '../media/init-info.ts'
import { segmentName, writeMeta } from '../media/stream-files.ts'
import type { IndexEntry } from '../media/types.ts'
import type { LiveContext } from '../settings.ts'

/** What belongs to a channel beside its streams: one of each, named by that word. */
export async function leaveParts(
  app: TestApp,
  owner: TestAccount,
  { slug, streamId, word }: { slug: string; streamId: string; word: string },
): Promise<{ eventId: string; guestId: string; simulcastId: string; clipId: string }> {
  const client = app.as(owner)
  const params = { slug }
  const startsAt = isoTime(new Date(Date.now() + 3_600_000))
  const plan = { title: word, description: word, startsAt, endsAt: null, timeZone: null, access: null }
  const set = await client.call(contract.planSet, { params, body: plan })
  const guest = await client.call(contract.addGuest, { params, body: { email: `${word}@people.test` } })
  const to = { title: word, url: `rtmp://${word}.test/app`, key: word, isOn: false }
  const simulcast = await client.call(contract.createSimulcast, { params, body: to })
  const { db } = app.site.database
  const { channelId } = await db('live_streams').where({ id: streamId }).first()
  const moment = { fromAt: isoTime(), untilAt: isoTime(new Date(Date.now() + 5_000)) }
  const clip = { channelId, streamId, makerId: owner.id, title: word, hasVideo: true, ...moment }
  const { id: clipId } = await insertClip(db, clip)
  return { eventId: set.body.id, guestId: guest.body.id, simulcastId: simulcast.body.id, clipId }
}

/** Baseline of 160 x 90, as x264 writes it. */
const config = 'AULAC//hABhnQsAL2go35MBEAAADAAQAAAMA8DxQqoABAARozg/I'

/** Leaves a folder as a crash would: two-second segments of one picture each, the last ending at `lastAt`, no end mark. */
export async function leaveRecording(
  ctx: LiveContext,
  streamId: string,
  { segments, lastAt }: { segments: number; lastAt: number },
): Promise<void> {
  const dir = ctx.storage.localFolder(recordingPrefix(streamId))
  await mkdir(dir, { recursive: true })
  const init = { ...describeInit('video', Buffer.from(config, 'base64')), initId: 0, config }
  await writeMeta(dir, { targetDurationMs: 2_000, windowMs: 30_000, inits: [init], endedAt: null })
  const lines: string[] = []
  for (let seq = 0; seq < segments; seq++) {
    const at = new Date(lastAt - (segments - seq) * 2_000)
    const baseTicks = seq * 2 * VIDEO_TIMESCALE
    const picture = {
      data: Buffer.from('seen'),
      durationTicks: 2 * VIDEO_TIMESCALE,
      offsetTicks: 0,
      isKey: true,
    }
    const body = fragment({ track: 'video', sequence: seq + 1, baseTicks }, [picture])
    await writeFile(join(dir, segmentName('video', seq)), body)
    lines.push(`${JSON.stringify(entryOf(seq, at, body.length))}\n`)
  }
  await writeFile(join(dir, 'index.jsonl'), lines.join(''))
}

const entryOf = (seq: number, at: Date, sizeBytes: number): IndexEntry => ({
  track: 'video',
  seq,
  durationMs: 2_000,
  at: at.toISOString(),
  sizeBytes,
  initId: 0,
  isDiscontinuity: false,
  isIndependent: true,
  run: 0,
  startMs: seq * 2_000,
})
