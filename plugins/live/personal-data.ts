import { identity } from '#contract'
import { type Channel, disownChannels, listOwnChannels } from './channels.ts'
import type { Desk } from './desk.ts'
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
    return { data: { channels: channels.map((channel) => told(channel, streams.get(channel.id) ?? [])) } }
  })

  events.on(identity.accountDeleted, 'live.forget', async ({ accountId }) => {
    // Who is gone publishes no more.
    for (const { id, slug } of await listOwnChannels(db, accountId))
      for (const key of await listKeys(db, id))
        if (key.revokedAt === null) await revokeStreamKey(desk, { keyId: key.id, hint: key.hint, slug }, null)
    await disownChannels(db, accountId)
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
