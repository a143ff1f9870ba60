import { isoTime } from '#sdk'
import type { TestAccount, TestApp } from '../../../test/kit/app.ts'
import { insertClip } from '../clips/clips.ts'
import * as contract from '../contract.ts'

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
