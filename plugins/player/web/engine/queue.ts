/** One place in the queue: a track may be there twice, its key tells which. */
export interface QueueEntry {
  key: number
  trackId: string
}

export type Repeat = 'none' | 'one' | 'all'

/** What plays and in which order. Plain data: store it as JSON, read it back by `readQueue`. */
export interface Queue {
  /** In the order in which they play. */
  entries: readonly QueueEntry[]
  /** Of the current one in `entries`; -1 where there is none. */
  index: number
  /** Keys in the order without shuffle; null when it is off. */
  natural: readonly number[] | null
  repeat: Repeat
  /** The order of the next shuffle follows from it. */
  seed: number
  /** Keys that were current, latest last. */
  history: readonly number[]
  /** Keys are never given twice. */
  nextKey: number
}

export type QueueAction =
  | { type: 'playNow'; trackIds: readonly string[]; at?: number }
  | { type: 'playNext' | 'addLast'; trackIds: readonly string[] }
  | { type: 'remove' | 'select'; key: number }
  | { type: 'move'; key: number; to: number }
  | { type: 'clear' | 'previous' }
  /** `isManual`: somebody pressed the button, which leaves a repeated track. */
  | { type: 'next'; isManual: boolean }
  | { type: 'shuffle'; isOn: boolean; seed?: number }
  | { type: 'repeat'; repeat: Repeat }

const keptHistory = 200

export const emptyQueue: Queue = {
  entries: [],
  index: -1,
  natural: null,
  repeat: 'none',
  seed: 1,
  history: [],
  nextKey: 1,
}

export const currentEntry = (queue: Queue): QueueEntry | null => queue.entries[queue.index] ?? null

/** Nothing stands or was heard before it. */
export const isAtStart = ({ index, history }: Queue): boolean => index <= 0 && history.length === 0

/** What plays when the current track ends by itself. */
export const followingEntry = (queue: Queue): QueueEntry | null =>
  currentEntry(reduceQueue(queue, { type: 'next', isManual: false }))

/** The queue after an action; always a new value, or the same one where nothing changes. */
export function reduceQueue(queue: Queue, action: QueueAction): Queue {
  switch (action.type) {
    case 'playNow':
      return playNow(queue, action.trackIds, action.at ?? 0)
    case 'playNext':
      return insert(queue, queue.index + 1, action.trackIds)
    case 'addLast':
      return insert(queue, queue.entries.length, action.trackIds)
    case 'remove':
      return remove(queue, action.key)
    case 'move':
      return move(queue, action.key, action.to)
    case 'select':
      return select(queue, action.key)
    case 'clear':
      return { ...emptyQueue, ...kept(queue), natural: queue.natural && [] }
    case 'next':
      return next(queue, action.isManual)
    case 'previous':
      return previous(queue)
    case 'shuffle':
      return action.isOn ? shuffle(queue, action.seed ?? queue.seed) : unshuffle(queue)
    case 'repeat':
      return { ...queue, repeat: action.repeat }
  }
}

const kept = ({ repeat, seed, nextKey }: Queue) => ({ repeat, seed, nextKey })
const keysOf = (entries: readonly QueueEntry[]) => entries.map(({ key }) => key)
const indexOf = (queue: Queue, key: number) => queue.entries.findIndex((entry) => entry.key === key)

function entriesFrom(trackIds: readonly string[], firstKey: number): QueueEntry[] {
  return trackIds.map((trackId, place) => ({ key: firstKey + place, trackId }))
}

function playNow(queue: Queue, trackIds: readonly string[], at: number): Queue {
  const entries = entriesFrom(trackIds, queue.nextKey)
  const nextKey = queue.nextKey + entries.length
  const index = Math.min(Math.max(at, 0), entries.length - 1)
  const fresh = { ...emptyQueue, ...kept(queue), entries, index, nextKey }
  return queue.natural ? shuffle(fresh, queue.seed) : fresh
}

function insert(queue: Queue, at: number, trackIds: readonly string[]): Queue {
  if (trackIds.length === 0) return queue
  const place = Math.min(at, queue.entries.length)
  const added = entriesFrom(trackIds, queue.nextKey)
  const before = queue.entries[place - 1]?.key
  const natural = queue.natural && [...queue.natural]
  natural?.splice(before === undefined ? 0 : natural.indexOf(before) + 1, 0, ...keysOf(added))
  const index = queue.index < 0 ? 0 : queue.index
  return {
    ...queue,
    entries: queue.entries.toSpliced(place, 0, ...added),
    natural,
    // The first of a queue that was empty is the current one, ready to be played.
    index: queue.entries.length === 0 ? 0 : index,
    nextKey: queue.nextKey + added.length,
  }
}

/** The one after a removed current track takes its place; after the last one the queue has ended. */
function remove(queue: Queue, key: number): Queue {
  const at = indexOf(queue, key)
  if (at < 0) return queue
  const entries = queue.entries.toSpliced(at, 1)
  const index = at < queue.index ? queue.index - 1 : queue.index
  return {
    ...queue,
    entries,
    index: entries.length === 0 ? -1 : index,
    natural: queue.natural?.filter((other) => other !== key) ?? null,
    history: queue.history.filter((other) => other !== key),
  }
}

function move(queue: Queue, key: number, to: number): Queue {
  const from = indexOf(queue, key)
  const place = Math.min(Math.max(to, 0), queue.entries.length - 1)
  const entry = queue.entries[from]
  if (!entry || from === place) return queue
  const current = currentEntry(queue)
  const entries = queue.entries.toSpliced(from, 1).toSpliced(place, 0, entry)
  return { ...queue, entries, index: current ? entries.indexOf(current) : -1 }
}

/** In a shuffled queue the chosen one comes forward, so that nothing that was not heard yet is left behind. */
function select(queue: Queue, key: number): Queue {
  const at = indexOf(queue, key)
  if (at < 0 || at === queue.index) return queue
  if (!queue.natural) return goTo(queue, at)
  const moved = move(queue, key, at < queue.index ? queue.index : queue.index + 1)
  return goTo({ ...moved, history: queue.history.filter((other) => other !== key) }, indexOf(moved, key))
}

function goTo(queue: Queue, index: number): Queue {
  const left = currentEntry(queue)
  const history = left ? [...queue.history, left.key].slice(-keptHistory) : queue.history
  return { ...queue, index, history }
}

/** At the end without repeat there is no current track: `index` is the length. */
function next(queue: Queue, isManual: boolean): Queue {
  const { entries, index, repeat } = queue
  if (entries.length === 0 || (repeat === 'one' && !isManual && index < entries.length)) return queue
  if (index + 1 < entries.length) return goTo(queue, index + 1)
  if (repeat === 'none') return index < entries.length ? goTo(queue, entries.length) : queue
  return queue.natural ? nextRound(queue) : goTo(queue, 0)
}

/** All were heard: another order, which does not begin with the one that was just heard. */
function nextRound(queue: Queue): Queue {
  const last = currentEntry(queue)
  const seed = nextSeed(queue.seed)
  const order = mix(queue.entries, seed)
  const entries = order[0] === last && order.length > 1 ? [...order.slice(1), order[0]!] : order
  return {
    ...goTo({ ...queue, entries }, 0),
    history: last ? [...queue.history, last.key] : queue.history,
    seed,
  }
}

/** From the beginning, after the end; in another order where it is shuffled. */
export const restartQueue = (queue: Queue): Queue => ({
  ...reduceQueue({ ...queue, repeat: 'all' }, { type: 'next', isManual: true }),
  repeat: queue.repeat,
})

function previous(queue: Queue): Queue {
  const history = [...queue.history]
  for (let key = history.pop(); key !== undefined; key = history.pop()) {
    const at = indexOf(queue, key)
    if (at >= 0) return { ...queue, index: at, history }
  }
  return queue.index > 0 ? { ...queue, index: queue.index - 1, history } : { ...queue, history }
}

/** The current one becomes the first: all others are still to come. */
function shuffle(queue: Queue, seed: number): Queue {
  const current = currentEntry(queue)
  const natural = queue.natural ?? keysOf(queue.entries)
  const byKey = new Map(queue.entries.map((entry) => [entry.key, entry]))
  // From the natural order, so that a seed means one order however the queue came about.
  const others = natural.map((key) => byKey.get(key)!).filter((entry) => entry !== current)
  const mixed = mix(others, seed)
  const entries = current ? [current, ...mixed] : mixed
  return { ...queue, entries, natural, index: entries.length ? 0 : -1, seed: nextSeed(seed), history: [] }
}

function unshuffle(queue: Queue): Queue {
  if (!queue.natural) return queue
  const current = currentEntry(queue)
  const byKey = new Map(queue.entries.map((entry) => [entry.key, entry]))
  const entries = queue.natural.map((key) => byKey.get(key)!)
  return { ...queue, entries, natural: null, index: current ? entries.indexOf(current) : queue.index }
}

/** Fisher and Yates, with numbers from mulberry32: the same seed gives the same order everywhere. */
function mix<T>(items: readonly T[], seed: number): T[] {
  const mixed = [...items]
  let state = seed >>> 0
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!]
  }
  return mixed
}

const nextSeed = (seed: number) => (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0

/** A stored queue, or null where it is none: what an older page or another hand wrote is not trusted. */
export function readQueue(stored: unknown): Queue | null {
  const queue = stored as Queue
  if (typeof stored !== 'object' || stored === null || !Array.isArray(queue.entries)) return null
  const isEntry = (entry: QueueEntry) => Number.isInteger(entry?.key) && typeof entry.trackId === 'string'
  const keys = new Set(queue.entries.map((entry) => entry?.key))
  const areKeys = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((key) => Number.isInteger(key))
  const isNatural = (list: unknown) =>
    areKeys(list) && list.length === keys.size && list.every((key) => keys.has(key))
  const isSound =
    queue.entries.every(isEntry) &&
    keys.size === queue.entries.length &&
    Number.isInteger(queue.index) &&
    queue.index >= -1 &&
    queue.index <= queue.entries.length &&
    (queue.natural === null || isNatural(queue.natural)) &&
    ['none', 'one', 'all'].includes(queue.repeat) &&
    Number.isInteger(queue.seed) &&
    areKeys(queue.history) &&
    Number.isInteger(queue.nextKey) &&
    [...keys].every((key) => key < queue.nextKey)
  return isSound ? queue : null
}
