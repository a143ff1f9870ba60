import { z } from '#contract'

/**
 * Who may watch. `members` have an account; `followers` follow the channel; `subscribers` and `ticket` are decided by
 * who sells them (`LiveApi.addGate`) and by the channel's guest list. Who manages the channel always may.
 */
export const Access = z.enum(['public', 'members', 'followers', 'subscribers', 'ticket'])
export type Access = z.infer<typeof Access>

/** Whose right to watch may have changed: everybody’s at the channel with that address, or one account’s anywhere. */
export type RightsChange = { slug: string } | { accountId: string }

/** Says whether the account bought the right to watch the channel, or that planned set of it. */
export type WatchGate = (
  accountId: string,
  what: { channelId: string; eventId: string | null },
) => Promise<boolean>
