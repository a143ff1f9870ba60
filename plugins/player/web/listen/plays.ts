import { asProblem, call } from '#web'
import { countPlay } from '../../contract.ts'
import type { Player } from '../engine/types.ts'
import { playsKey, readStored, store } from '../stored.ts'
import { newStartId } from './start-id.ts'
import { keyOf } from './tracks.ts'

interface Told {
  trackId: string
  startId: string
  heardMs: number
  key?: string | undefined
}

/** So many wait while there is no network. */
const most = 100
const longestWaitMs = 3_600_000

const isTold = (value: unknown): value is Told =>
  typeof value === 'object' &&
  value !== null &&
  'startId' in value &&
  'trackId' in value &&
  'heardMs' in value
const waiting = (): Told[] => {
  const kept = readStored(playsKey)
  return Array.isArray(kept) ? kept.filter(isTold).slice(-most) : []
}
const forget = ({ startId }: Told) => {
  const left = waiting().filter((told) => told.startId !== startId)
  store(playsKey, left.length > 0 ? left : null)
}

/** Tells the server what was heard; what it could not hear of stays here until it can. */
export function reportPlays(engine: Player): () => void {
  const stop = engine.on('counted', ({ trackId, heardMs }) => {
    // The start lies back at least as long as was heard.
    const told = {
      trackId,
      startId: newStartId(Date.now() - heardMs - 1),
      heardMs: Math.round(heardMs),
      key: keyOf(trackId),
    }
    store(playsKey, [...waiting(), told].slice(-most))
    void tell(told)
  })
  const again = () => {
    for (const told of waiting()) void tell(told)
  }
  again()
  addEventListener('online', again)
  return () => {
    stop()
    removeEventListener('online', again)
  }
}

async function tell(told: Told): Promise<void> {
  try {
    await call(countPlay, { body: told })
    forget(told)
  } catch (error) {
    const problem = asProblem(error)
    const waitMs = (problem.retryAfterS ?? 0) * 1000
    // This clock is ahead of the server's: its time comes.
    if (waitMs > 0 && waitMs <= longestWaitMs) setTimeout(() => void tell(told), waitMs + 1000)
    else if (problem.status >= 400 && problem.status < 500) forget(told)
  }
}
