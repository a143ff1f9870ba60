import { applyUpdate, type Doc, mergeUpdates, type Transaction } from 'yjs'
import { problem } from '#sdk'
import {
  badUpdate,
  isPosition,
  mostItems,
  noPosition,
  outOfStep,
  positionsOf,
  tooManyItems,
  tracksOf,
} from './contract.ts'
import type { Placed } from './items.ts'

/** What one edit did to a document. */
export interface Change {
  /** As Yjs writes it anew; null where nothing changed. */
  update: Uint8Array | null
  added: Placed[]
  moved: Placed[]
  removed: string[]
}
/** Edits a document: by code of ours, or by an update of somebody’s. */
export type Work = ((doc: Doc) => void) | Uint8Array

const idPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
// More keys without a track than come of removals and moves at the same time.
const mostStray = 500

/** Does the work and tells what came of it; throws where that is nothing a playlist can be. The document is spoilt then. */
export function changeDocument(doc: Doc, work: Work): Change {
  const updates: Uint8Array[] = []
  const touched = new Map<string, string | undefined>()
  const before = new Map(tracksOf(doc).entries())
  const maps: ReadonlySet<unknown> = new Set([tracksOf(doc), positionsOf(doc)])
  const hear = (update: Uint8Array) => updates.push(update)
  const note = ({ changed }: Transaction) => {
    for (const [type, keys] of changed) {
      if (!maps.has(type)) throw problem(badUpdate)
      for (const key of keys) {
        if (key === null || !idPattern.test(key)) throw problem(badUpdate)
        touched.set(key, before.get(key))
      }
    }
  }
  let noted: unknown = null
  const guard = (transaction: Transaction) => {
    try {
      note(transaction)
    } catch (error) {
      noted ??= error
    }
  }
  doc.on('update', hear)
  doc.on('afterTransaction', guard)
  try {
    if (work instanceof Uint8Array) apply(doc, work)
    else doc.transact(() => work(doc))
    if (noted) throw noted
    doc.transact(() => dropStray(doc, touched.keys()))
  } finally {
    doc.off('update', hear)
    doc.off('afterTransaction', guard)
  }
  refuseOddRoots(doc)
  const change = compare(doc, touched)
  return { ...change, update: updates.length === 0 ? null : mergeUpdates(updates) }
}

function apply(doc: Doc, update: Uint8Array): void {
  try {
    applyUpdate(doc, update)
  } catch {
    throw problem(badUpdate)
  }
  // Kept by Yjs until what they build on comes: it would be taken then without anybody looking.
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) throw problem(outOfStep)
}

/** Positions of places that somebody removed while somebody else moved them. */
function dropStray(doc: Doc, ids: Iterable<string>): void {
  for (const id of ids) if (!tracksOf(doc).has(id) && positionsOf(doc).has(id)) positionsOf(doc).delete(id)
}

function refuseOddRoots(doc: Doc): void {
  const [tracks, positions] = [tracksOf(doc), positionsOf(doc)]
  const isOdd = doc.share.size !== 2 || tracks._start !== null || positions._start !== null
  if (isOdd || positions.size > tracks.size + mostStray) throw problem(badUpdate)
  if (tracks.size > mostItems) throw problem(tooManyItems)
}

function compare(doc: Doc, touched: ReadonlyMap<string, string | undefined>): Omit<Change, 'update'> {
  const change: Omit<Change, 'update'> = { added: [], moved: [], removed: [] }
  for (const [id, was] of touched) {
    const trackId: unknown = tracksOf(doc).get(id)
    const position: unknown = positionsOf(doc).get(id) ?? noPosition
    if (trackId === undefined) {
      if (was !== undefined) change.removed.push(id)
      continue
    }
    const isWell = typeof trackId === 'string' && idPattern.test(trackId)
    // What a place holds never changes.
    const isOther = was !== undefined && was !== trackId
    if (!isWell || isOther || typeof position !== 'string' || !isPosition(position)) throw problem(badUpdate)
    change[was === undefined ? 'added' : 'moved'].push({ id, trackId, position })
  }
  return change
}
