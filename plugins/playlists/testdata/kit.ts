import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector } from 'yjs'
import type { TestAccount, TestApp, TestSocket } from '../../../test/kit/app.ts'
import { testApp } from '../../../test/kit/app.ts'
import * as contract from '../contract.ts'
import playlists from '../index.ts'
import { newShelf, type Shelf, shelfPlugin } from './shelf.ts'

export interface Context {
  app: TestApp
  shelf: Shelf
  ann: TestAccount
  ben: TestAccount
  eve: TestAccount
}

/** An appliance with playlists, a shelf of tracks and three people. */
export async function openApp(options: Parameters<typeof testApp>[0] = {}): Promise<Context> {
  const shelf = newShelf()
  const app = await testApp({ plugins: [shelfPlugin(shelf), playlists], ...options })
  const [ann, ben, eve] = [await app.addAccount(), await app.addAccount(), await app.addAccount()]
  return { app, shelf, ann, ben, eve }
}

let count = 0
/** A list of Ann’s with so many tracks; Ben edits it where that is said. */
export async function newList(
  { app, shelf, ann, ben }: Context,
  how: { tracks?: number; visibility?: contract.PlaylistVisibility; withBen?: boolean } = {},
): Promise<contract.Playlist> {
  const trackIds = Array.from({ length: how.tracks ?? 3 }, () => shelf.add(`Track ${++count}`))
  const body = { title: `List ${++count}`, visibility: how.visibility ?? 'private', trackIds }
  const made = await app.as(ann).call(contract.createPlaylist, { body: body as never })
  if (made.status !== 200) throw new Error(JSON.stringify(made.body))
  const params = { id: made.body.id }
  if (how.withBen) await app.as(ann).call(contract.addEditor, { params, body: { username: ben.username } })
  return (await app.as(ann).call(contract.getPlaylist, { params })).body
}

export const trackIdsOf = async (app: TestApp, as: TestAccount, id: string) =>
  (await app.as(as).call(contract.getPlaylist, { params: { id } })).body.items.map(({ trackId }) => trackId)

export type Frame = Record<string, unknown>
/** A browser in the room of a playlist. */
export async function joinList(
  app: TestApp,
  list: Pick<contract.Playlist, 'id' | 'room'>,
  account?: TestAccount,
): Promise<{ socket: TestSocket; ask(type: string, data: object): Promise<Frame>; told: Frame[] }> {
  const socket = await app.socket(account)
  const place = { channel: 'playlists.live', params: { id: list.id, room: list.room } }
  socket.send({ op: 'join', id: 'join', ...place })
  await socket.until((frame) => frame.id === 'join', 'answer to join')
  let asked = 0
  return {
    socket,
    told: socket.received,
    ask: (type, data) => {
      const id = `ask-${++asked}`
      socket.send({ op: 'send', id, ...place, type, data })
      return socket.until((frame) => frame.id === id, 'answer')
    },
  }
}

export const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** A page’s document, brought up to date with what the server has. */
export async function replica(
  { app }: Pick<Context, 'app'>,
  as: TestAccount,
  id: string,
  doc = new Doc(),
): Promise<Doc> {
  const body = { vector: base64(encodeStateVector(doc)) }
  const { body: synced } = await app.as(as).call(contract.syncDocument, { params: { id }, body })
  applyUpdate(doc, Buffer.from(synced.update, 'base64'))
  return doc
}

/** What the work adds to the document, as the page sends it. */
export function updateOf(doc: Doc, work: (doc: Doc) => void): Uint8Array {
  const before = encodeStateVector(doc)
  doc.transact(() => work(doc))
  return encodeStateAsUpdate(doc, before)
}
export const isEdited = (frame: Frame) => frame.op === 'message' && frame.type === 'edited'
