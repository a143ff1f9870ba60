import { effect, type Signal, signal } from '@preact/signals'
import { call, language, me, type PlayFrom } from '#web'
import { type SavedQueue, saveQueue } from '../../contract.ts'
import { type Queue, readQueue } from '../engine/queue.ts'
import type { Player } from '../engine/types.ts'
import { queueKey } from '../front.ts'
import { readStored, store } from '../stored.ts'
import { deviceTexts } from '../texts.ts'
import { deviceId, deviceName } from './device.ts'
import { groupKeys, toSaved } from './saved-queue.ts'
import { keysOf } from './tracks.ts'

/** Another browser of the account that plays just now; what it saved is not written over from here. */
export const isElsewhere = signal<{ deviceName: string } | null>(null)

const soonMs = 1000
const everyMs = 15_000
/** A page that goes away may send only so much. */
const lastWordBytes = 60_000

interface LocalQueue {
  accountId: string | null
  queue: Queue
  positionMs: number
  from: PlayFrom | null
  keys: [string, string][]
}

/** What this browser keeps itself, unless another one of the account has saved after it. */
export function readLocalQueue(accountId: string | null, saved: SavedQueue | null): LocalQueue | null {
  const kept = readStored(queueKey) as Partial<LocalQueue> | null
  const queue = readQueue(kept?.queue)
  if (!kept || !queue || queue.entries.length === 0) return null
  // What was begun as a guest goes on with the account; what was an account's is nobody else's.
  if (kept.accountId && kept.accountId !== accountId) return null
  if (saved && saved.deviceId !== deviceId()) return null
  const positionMs = typeof kept.positionMs === 'number' ? kept.positionMs : 0
  const keys = Array.isArray(kept.keys) ? kept.keys : []
  const hasEnded = queue.index >= queue.entries.length
  return {
    accountId,
    queue: hasEnded ? { ...queue, index: 0 } : queue,
    positionMs: hasEnded ? 0 : positionMs,
    from: kept.from ?? null,
    keys,
  }
}

const isSounding = ({ state }: Player) => ['playing', 'loading', 'stalled'].includes(state.peek().status)

/** Keeps the queue, in this browser and with the account: soon after each change, now and then, and at the end. */
export function keepQueue(engine: Player, from: Signal<PlayFrom | null>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isFirst = true
  const keep = (isLastWord = false) => {
    clearTimeout(timer)
    timer = undefined
    keepHere(engine, from.peek())
    if (me.peek() && !isElsewhere.peek()) void tell(engine, from.peek(), isLastWord)
  }
  const stop = effect(() => {
    void [engine.queue.value, engine.state.value.status, from.value]
    // It begins here: from now on this browser is the one that is heard.
    if (engine.state.value.status === 'playing') isElsewhere.value = null
    // As it was put in place: nothing has changed yet.
    if (!isFirst) {
      clearTimeout(timer)
      timer = setTimeout(keep, soonMs)
    }
    isFirst = false
  })
  const interval = setInterval(() => isSounding(engine) && keep(), everyMs)
  const leave = () => {
    if (timer !== undefined || isSounding(engine)) keep(true)
  }
  addEventListener('pagehide', leave)
  return () => {
    stop()
    clearTimeout(timer)
    clearInterval(interval)
    removeEventListener('pagehide', leave)
  }
}

function keepHere(engine: Player, from: PlayFrom | null): void {
  const queue = engine.queue.peek()
  const { positionMs } = engine.time()
  const keys = keysOf(queue.entries.map(({ trackId }) => trackId))
  const kept = { accountId: me.peek()?.id ?? null, queue, positionMs, from, keys }
  store(queueKey, queue.entries.length > 0 ? kept : null)
}

async function tell(engine: Player, from: PlayFrom | null, isLastWord: boolean): Promise<void> {
  const saved = toSaved(engine.queue.peek())
  const body = {
    ...saved,
    keys: groupKeys(keysOf(saved.trackIds)),
    positionMs: Math.round(engine.time().positionMs),
    from: from && { ...from, title: from.title.slice(0, 200) },
    isPlaying: isSounding(engine) && !isLastWord,
    deviceId: deviceId(),
    deviceName: ownName(),
  }
  try {
    if (isLastWord) lastWord(body)
    else await call(saveQueue, { body })
  } catch {
    // Kept in this browser; the next change tells it again.
  }
}

/** A request that outlives the page. */
function lastWord(body: object): void {
  const text = JSON.stringify(body)
  if (text.length > lastWordBytes) return
  const headers = { 'content-type': 'application/json' }
  void fetch(saveQueue.path, { method: saveQueue.method, headers, body: text, keepalive: true }).catch(
    () => undefined,
  )
}

export function ownName(): string {
  const words = deviceTexts[language.peek()]
  return deviceName(
    (browser, system) => words.on.replace('{browser}', browser).replace('{system}', system),
    words.some,
  )
}
