import { type Signal, signal } from '@preact/signals'
import { applyUpdate, Doc, encodeStateVector, mergeUpdates, UndoManager } from 'yjs'
import { type Place, placesOf, positionsOf, type Synced, tracksOf } from '../../contract.ts'

/** How a list reaches the server; each rejects with what is known of the failure. */
export interface Wire {
  sync(vector: string): Promise<Synced>
  /** Resolves when the server has stored it. */
  send(update: Uint8Array): Promise<void>
  /** Whether the server said no, so that trying again is in vain. */
  isRefusal(error: unknown): boolean
  /** An edit was refused and taken back. */
  refused(error: unknown): void
}
export interface LiveList {
  places: Signal<readonly Place[]>
  /** Edits that the server does not have yet. */
  waiting: Signal<number>
  canUndo: Signal<boolean>
  edit(work: (doc: Doc) => void): void
  undo(): void
  /** A message of the room; a gap before `version`, or no update, asks for what is missing. */
  heard(version: number, update: string | null): void
  /** Fetches what is missing and sends what waits: at the start, and whenever the room is entered again. */
  catchUp(): Promise<void>
  close(): void
}

const gatherMs = 30
const retryMs = 4000
const toBase64 = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))

export { toBase64 }

interface Replica {
  doc: Doc
  undo: UndoManager
}

/** A playlist’s document in the page: shows edits at once, sends them in order, and takes them back if refused. */
export function openLiveList(wire: Wire): LiveList {
  const places = signal<readonly Place[]>([])
  const waiting = signal(0)
  const canUndo = signal(false)
  let outbox: Uint8Array[] = []
  let version = 0
  let isSending = false
  let isClosed = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let syncing: Promise<void> | null = null
  let replica = open()

  function open(): Replica {
    const doc = new Doc()
    const undo = new UndoManager([tracksOf(doc), positionsOf(doc)], {
      trackedOrigins: new Set(['edit']),
      captureTimeout: 0,
    })
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      places.value = placesOf(doc)
      if (origin !== 'remote') {
        outbox.push(update)
        waiting.value = outbox.length
        later(gatherMs)
      }
    })
    const look = () => {
      canUndo.value = undo.undoStack.length > 0
    }
    undo.on('stack-item-added', look)
    undo.on('stack-item-popped', look)
    return { doc, undo }
  }
  function later(ms: number): void {
    clearTimeout(timer)
    if (!isClosed) timer = setTimeout(() => void flush(), ms)
  }
  async function flush(): Promise<void> {
    if (isSending || outbox.length === 0 || isClosed) return
    isSending = true
    // A copy: what is edited meanwhile waits for the next one.
    const batch = [...outbox]
    try {
      await wire.send(mergeUpdates(batch))
      outbox = outbox.slice(batch.length)
      waiting.value = outbox.length
      isSending = false
      if (outbox.length > 0) later(0)
    } catch (error) {
      isSending = false
      if (wire.isRefusal(error)) await takeBack(error)
      else later(retryMs)
    }
  }
  async function takeBack(error: unknown): Promise<void> {
    replica.doc.destroy()
    outbox = []
    version = 0
    waiting.value = 0
    canUndo.value = false
    replica = open()
    wire.refused(error)
    await catchUp()
  }
  function catchUp(): Promise<void> {
    syncing ??= sync().finally(() => {
      syncing = null
    })
    return syncing
  }
  async function sync(): Promise<void> {
    const { doc } = replica
    const synced = await wire.sync(toBase64(encodeStateVector(doc)))
    if (isClosed || doc !== replica.doc) return
    applyUpdate(doc, fromBase64(synced.update), 'remote')
    places.value = placesOf(doc)
    version = Math.max(version, synced.version)
    later(0)
  }
  return {
    places,
    waiting,
    canUndo,
    edit: (work) => replica.doc.transact(() => work(replica.doc), 'edit'),
    undo: () => void replica.undo.undo(),
    heard(next, update) {
      if (update !== null) applyUpdate(replica.doc, fromBase64(update), 'remote')
      const isNext = update !== null && next <= version + 1
      version = isNext ? Math.max(version, next) : version
      // The next answer may be older than this message; then one more follows it.
      if (!isNext) catchUp().catch(() => undefined)
    },
    catchUp,
    close() {
      isClosed = true
      clearTimeout(timer)
      replica.doc.destroy()
    },
  }
}
