import { identity } from '#contract'
import type { Db } from '#sdk'
import { listFollows } from './access/follows.ts'
import { passesHeldBy } from './access/passes.ts'
import { type Channel, channelsByIds, disownChannels, listOwnChannels } from './channels.ts'
import { disownClips, listClipsOf } from './clips/clips.ts'
import type { Desk } from './desk.ts'
import { setsByIds } from './events/events.ts'
import { remindersHeldBy } from './events/reminders.ts'
import { revokeStreamKey } from './routes.ts'
import { listKeys } from './stream-keys.ts'
import { listStreamsOf, type Stream } from './streams.ts'

/** What an account takes away with it, and what is let go when it is deleted: its channels are the label's then. */
export function handlePersonalData(desk: Desk): void {
  const { accounts, db, events } = desk.ctx

  // Recordings are not copied: they are many gigabytes, and each can be watched and kept by itself.
  accounts.onExport(async (accountId) => {
    const channels = await listOwnChannels(db, accountId)
    const ids = channels.map(({ id }) => id)
    const streams = Map.groupBy(await listStreamsOf(db, ids), ({ channelId }) => channelId)
    return {
      data: {
        channels: channels.map((channel) => told(channel, streams.get(channel.id) ?? [])),
        clips: (await listClipsOf(db, accountId)).map(({ title, fromAt, durationMs, createdAt }) => ({
          title,
          from: fromAt,
          durationMs,
          createdAt,
        })),
        ...(await watched(db, accountId)),
      },
    }
  })

  events.on(identity.accountDeleted, 'live.forget', async ({ accountId }) => {
    // Who is gone publishes no more.
    for (const { id, slug } of await listOwnChannels(db, accountId))
      for (const key of await listKeys(db, id))
        if (key.revokedAt === null) await revokeStreamKey(desk, { keyId: key.id, hint: key.hint, slug }, null)
    await disownChannels(db, accountId)
    await disownClips(db, accountId)
  })
}

const told = ({ slug, title, description, createdAt }: Channel, streams: readonly Stream[]) => ({
  slug,
  title,
  description,
  createdAt,
  streams: streams.map(({ title, startedAt, endedAt, durationMs, sizeBytes }) => ({
    title,
    startedAt,
    endedAt,
    durationMs,
    sizeBytes,
  })),
})

/** What the account follows, was given to watch, and wants to be reminded of. */
async function watched(db: Db, accountId: string) {
  const { items: follows } = await listFollows(db, accountId, { limit: 1000 })
  const passes = await passesHeldBy(db, accountId)
  const reminders = await remindersHeldBy(db, accountId)
  const channels = await channelsByIds(
    db,
    [...follows, ...passes].map(({ channelId }) => channelId),
  )
  const sets = await setsByIds(
    db,
    reminders.map(({ eventId }) => eventId),
  )
  const slugOf = (channelId: string) => channels.get(channelId)?.slug ?? null
  return {
    follows: follows.map(({ channelId, isMailed, createdAt }) => {
      return { channel: slugOf(channelId), isMailed, createdAt }
    }),
    passes: passes.map(({ channelId, kind, claimedAt }) => ({ channel: slugOf(channelId), kind, claimedAt })),
    reminders: reminders.map(({ eventId, createdAt }) => {
      return { set: sets.get(eventId)?.title ?? null, createdAt }
    }),
  }
}
