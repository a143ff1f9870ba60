import { type Db, isoTime } from '#sdk'
import type { Queue } from './contract.ts'

type Kept = Omit<Queue, 'deviceId' | 'deviceName' | 'isPlaying'>
interface QueueRow {
  accountId: string
  deviceId: string
  deviceName: string
  isPlaying: boolean
  queueJson: Kept
  updatedAt: string
}

export async function findQueue(db: Db, accountId: string): Promise<(Queue & { updatedAt: string }) | null> {
  const row: QueueRow | undefined = await db<QueueRow>('player_queues').where({ accountId }).first()
  if (!row) return null
  const { deviceId, deviceName, isPlaying, queueJson, updatedAt } = row
  // Those saved before had no keys.
  return { ...queueJson, keys: queueJson.keys ?? [], deviceId, deviceName, isPlaying, updatedAt }
}

/** The last writer has it; answers when it was written. */
export async function saveQueue(db: Db, accountId: string, queue: Queue): Promise<string> {
  const { deviceId, deviceName, isPlaying, ...kept } = queue
  const updatedAt = isoTime()
  const row = { deviceId, deviceName, isPlaying, queueJson: JSON.stringify(kept), updatedAt }
  await db('player_queues')
    .insert({ accountId, ...row })
    .onConflict('account_id')
    .merge()
  return updatedAt
}

export async function removeQueue(db: Db, accountId: string): Promise<void> {
  await db('player_queues').where({ accountId }).delete()
}

/** How many tracks are looked up before and after the present one. */
const near = { before: 20, after: 79 }

/** Tracks of a queue that its first look shows. */
export function nearIds({ trackIds, index, order }: Kept): string[] {
  const played = order ? order.flatMap((place) => trackIds[place] ?? []) : trackIds
  const at = Math.max(0, order ? order.indexOf(index) : index)
  return played.slice(Math.max(0, at - near.before), at + near.after + 1)
}

/** The queue without some of its tracks; what was present stays so, or the next one that is left is. */
export function withoutTracks<Q extends Kept>(queue: Q, gone: ReadonlySet<string>): Q {
  if (gone.size === 0) return queue
  const places = new Map<number, number>()
  const trackIds: string[] = []
  for (const [at, id] of queue.trackIds.entries()) {
    places.set(at, trackIds.length)
    if (!gone.has(id)) trackIds.push(id)
  }
  const isLeft = (at: number) => !gone.has(queue.trackIds[at] ?? '')
  const order = queue.order?.filter(isLeft).map((at) => places.get(at) ?? 0) ?? null
  const index = Math.min(places.get(queue.index) ?? -1, trackIds.length - 1)
  const positionMs = isLeft(queue.index) ? queue.positionMs : 0
  return { ...queue, trackIds, order, index, positionMs }
}
