import { ContentAny, ContentDeleted, decodeUpdate, GC, ID, Item } from 'yjs'
import { problem } from '#sdk'
import { badUpdate, outOfStep } from './contract.ts'

const mostLength = 100_000
const mostDeletions = 50_000
const keyPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Reads an update as it came from somebody and refuses all that edits of the two maps cannot be: other types and
 * contents, lists, maps within maps, gaps. Answers the numbers of the replicas that wrote it. What it does to the
 * document is looked at when it is applied.
 */
export function replicasOf(update: Uint8Array): number[] {
  const { structs, ds } = decoded(update)
  const clients = new Set<number>()
  let length = 0
  for (const struct of structs) {
    clients.add(struct.id.client)
    length += struct.length
    if (struct instanceof Item) refuseForeign(struct)
    else if (!(struct instanceof GC)) throw problem(outOfStep)
  }
  const deletions = [...ds.clients.values()].reduce((sum, ranges) => sum + ranges.length, 0)
  if (length > mostLength || deletions > mostDeletions) throw problem(badUpdate)
  return [...clients]
}

function decoded(update: Uint8Array): ReturnType<typeof decodeUpdate> {
  try {
    return decodeUpdate(update)
  } catch {
    throw problem(badUpdate)
  }
}

function refuseForeign({ content, parent, parentSub }: Item): void {
  // Several where one key was set again and again before it was sent.
  const isText =
    content instanceof ContentAny &&
    content.arr.every((value) => typeof value === 'string' && value.length <= 100)
  if (!isText && !(content instanceof ContentDeleted)) throw problem(badUpdate)
  // A struct with neighbours has its parent from them; where that is none of the maps shows when it is applied.
  const name: unknown = parent
  if (name instanceof ID || (typeof name === 'string' && name !== 'tracks' && name !== 'positions'))
    throw problem(badUpdate)
  if (parentSub !== null && !keyPattern.test(parentSub)) throw problem(badUpdate)
}
