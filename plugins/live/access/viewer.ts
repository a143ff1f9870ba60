import type { Account } from '#sdk'
import type { Channel } from '../channels.ts'
import type { Desk } from '../desk.ts'
import type { Audience } from '../playback-token.ts'
import { accessOf, type Guarded, type MayWatch, mayStrangerWatch, type Subject, watcherOf } from './rights.ts'

/** Who looks at channels and recordings, as presenters need it. */
export interface Viewer {
  account: Account | null
  /** What this viewer's addresses of closed streams are bound to. */
  audience: Audience
  mayWatch: MayWatch
}

/** Of a request, or of anything that knows as much of one. */
export interface Asking {
  account: Account | null
  header(name: string): string | undefined
}

/** What rooms and crawlers are told. */
export const stranger: Viewer = { account: null, audience: 'public', mayWatch: mayStrangerWatch }

/** The caller before these channels, each with the stream that is to be shown. */
export async function viewerOf(desk: Desk, call: Asking, subjects: readonly Subject[]): Promise<Viewer> {
  const { account } = call
  if (!account) return stranger
  const mayWatch = await desk.rights.of(watcherOf(account), subjects)
  return { account, audience: audienceOf(desk, call), mayWatch }
}

/** What addresses given to the caller are bound to, where they are not everybody's. */
export function audienceOf(desk: Pick<Desk, 'tokens'>, call: Pick<Asking, 'header'>): Audience {
  return desk.tokens.audienceOf({
    cookie: call.header('cookie'),
    authorization: call.header('authorization'),
  })
}

/** May the caller have media of this stream, or of the channel as such, right now? */
export async function mayWatchRequest(
  desk: Desk,
  call: Pick<Asking, 'account'>,
  channel: Channel,
  stream?: Guarded | null,
): Promise<boolean> {
  const who = call.account && watcherOf(call.account)
  return desk.rights.mayWatch(who, { channel, stream })
}

/**
 * The same for a bare request, whose account is looked up only where the stream is not everybody's: one or two
 * queries, so at the beginning of an answer and not for each piece of it.
 */
export async function mayWatchBare(
  desk: Desk,
  caller: () => Promise<Account | null>,
  channel: Channel,
  stream?: Guarded | null,
): Promise<boolean> {
  if (accessOf(channel, stream) === 'public') return true
  return mayWatchRequest(desk, { account: await caller() }, channel, stream)
}
