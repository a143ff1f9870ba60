import { call } from '#web'
import { getQueue } from '../contract.ts'
import type { openDesk } from './facade.ts'
import { queueKey } from './front.ts'
import { readStored } from './stored.ts'

/** The queue of before, from the account or this browser; the player is loaded only where there is one. */
export async function bringBack(open: typeof openDesk, isSignedIn: boolean): Promise<void> {
  const saved = isSignedIn ? (await call(getQueue)).queue : null
  if (saved || readStored(queueKey) !== null) (await open()).restore(saved)
}
