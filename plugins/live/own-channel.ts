import { notAllowed } from '#contract'
import { type Account, type Db, problem } from '#sdk'
import { type Channel, getChannel, getChannelById } from './channels.ts'
import { canPublish } from './policy.ts'

/** The channel at this address, for who may go live on it; others are refused. */
export async function ownChannel(db: Db, slug: string, me: Account): Promise<Channel> {
  return own(await getChannel(db, slug), me)
}

/** The same where something that belongs to it was asked for. */
export async function ownChannelById(db: Db, id: string, me: Account): Promise<Channel> {
  return own(await getChannelById(db, id), me)
}

function own(channel: Channel, me: Account): Channel {
  if (!canPublish(me, channel)) throw problem(notAllowed)
  return channel
}
