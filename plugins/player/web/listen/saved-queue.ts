import { groupBy } from '#web'
import type { Queue as SavedQueue } from '../../contract.ts'
import { emptyQueue, type Queue, type QueueEntry } from '../engine/queue.ts'

type Kept = Pick<SavedQueue, 'trackIds' | 'index' | 'order' | 'shuffleSeed' | 'repeat'>

/** So many tracks are saved; a longer queue keeps those about the present one. */
const most = 2000
const mostKeys = 200

/** The engine's queue as accounts keep it: the list in its own order, and the order of the shuffle beside it. */
export function toSaved(queue: Queue): Kept {
  const { entries, natural, repeat, seed } = shortened(queue)
  const list = natural ?? entries.map(({ key }) => key)
  const place = new Map(list.map((key, at) => [key, at]))
  const idOf = new Map(entries.map(({ key, trackId }) => [key, trackId]))
  const present = queue.entries[queue.index]
  return {
    trackIds: list.map((key) => idOf.get(key) ?? ''),
    // A queue that has come to its end begins anew.
    index: present
      ? (place.get(present.key) ?? -1)
      : entries.length > 0
        ? (place.get(entries[0]?.key ?? 0) ?? 0)
        : -1,
    order: natural && entries.map(({ key }) => place.get(key) ?? 0),
    shuffleSeed: natural && seed,
    repeat,
  }
}

function shortened(queue: Queue): Queue {
  const { entries, natural, index } = queue
  if (entries.length <= most) return queue
  const from = Math.max(0, Math.min(index - 100, entries.length - most))
  const kept = entries.slice(from, from + most)
  const keys = new Set(kept.map(({ key }) => key))
  return { ...queue, entries: kept, natural: natural?.filter((key) => keys.has(key)) ?? null }
}

/** Secrets of this browser, each once with its tracks, as accounts keep them. */
export function groupKeys(pairs: readonly (readonly [trackId: string, key: string])[]): SavedQueue['keys'] {
  const byKey = groupBy(new Map(pairs), ([, key]) => key)
  const groups = [...byKey].map(([key, some]) => ({ key, trackIds: some.map(([trackId]) => trackId) }))
  return groups.slice(0, mostKeys)
}

export const pairsOf = (keys: SavedQueue['keys']): [trackId: string, key: string][] =>
  keys.flatMap(({ key, trackIds }) => trackIds.map((trackId): [string, string] => [trackId, key]))

/** The other way round; an order that is none of this list is taken for no shuffle. */
export function fromSaved(saved: Kept): Queue {
  const list: QueueEntry[] = saved.trackIds.map((trackId, at) => ({ key: at + 1, trackId }))
  const order = saved.order && isOrder(saved.order, list.length) ? saved.order : null
  const entries = order ? order.map((at) => list[at] as QueueEntry) : list
  const present = list[saved.index]
  return {
    ...emptyQueue,
    entries,
    index: present ? entries.indexOf(present) : -1,
    natural: order && list.map(({ key }) => key),
    repeat: saved.repeat,
    seed: saved.shuffleSeed ?? emptyQueue.seed,
    nextKey: list.length + 1,
  }
}

const isOrder = (order: readonly number[], length: number): boolean =>
  order.length === length && new Set(order).size === length && order.every((at) => at >= 0 && at < length)
