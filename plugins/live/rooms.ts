import { findChannel } from './channels.ts'
import { channelRoom, healthRoom, liveNow } from './contract.ts'
import type { Desk } from './desk.ts'
import { canPublish } from './policy.ts'

/** Who may listen: everybody to a channel and to what is on air, its DJs to the health. */
export function handleRooms({ ctx }: Desk): void {
  const { realtime, db } = ctx
  realtime.channel(liveNow, { canJoin: () => true })
  realtime.channel(channelRoom, {
    canJoin: async (_member, { slug }) => (await findChannel(db, slug)) !== null,
  })
  realtime.channel(healthRoom, {
    canJoin: async ({ account }, { slug }) => {
      const channel = await findChannel(db, slug)
      return channel !== null && canPublish(account, channel)
    },
  })
}
