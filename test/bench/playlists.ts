import { WebSocket } from 'ws'
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector } from 'yjs'
import {
  createPlaylist,
  insertPlaces,
  movePlaces,
  type Playlist,
  placesOf,
} from '../../plugins/playlists/contract.ts'
import playlists from '../../plugins/playlists/index.ts'
import { newShelf, shelfPlugin } from '../../plugins/playlists/testdata/shelf.ts'
import { newId } from '../../server/sdk/index.ts'
import { type TestAccount, testApp } from '../kit/app.ts'
import { quantile } from './kit/numbers.ts'
import type { Finding } from './kit/report.ts'

const edits = 300
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** A page of one editor: its document, and when the change it waits for arrived. */
function openPage(port: string, list: Playlist, account: TestAccount) {
  const place = { channel: 'playlists.live', params: { id: list.id, room: list.room } }
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/realtime`, {
    headers: { host: 'main.test', cookie: account.cookie },
  })
  const doc = new Doc()
  let heard = (_version: number) => {}
  let joined = () => {}
  const ready = new Promise<void>((resolve) => {
    joined = resolve
  })
  socket.on('open', () => socket.send(JSON.stringify({ op: 'join', id: 'join', ...place })))
  socket.on('message', (bytes) => {
    const frame = JSON.parse(String(bytes)) as {
      op: string
      type?: string
      data?: { version: number; update: string }
    }
    if (frame.op === 'joined') joined()
    if (frame.op === 'refused') throw new Error(String(bytes))
    if (frame.type !== 'edited' || !frame.data) return
    applyUpdate(doc, Buffer.from(frame.data.update, 'base64'))
    heard(frame.data.version)
  })
  const send = (update: string) =>
    socket.send(JSON.stringify({ op: 'send', id: newId(), ...place, type: 'edit', data: { update } }))
  const next = () => new Promise<void>((resolve) => (heard = () => resolve()))
  return { doc, ready, send, next, close: () => socket.close() }
}

/** From one editor’s change to the other’s document, each change stored before it is sent on. */
async function measure(kind: 'sqlite' | 'postgres', tracks: number): Promise<number[]> {
  const shelf = newShelf()
  const app = await testApp({ kind, plugins: [shelfPlugin(shelf), playlists] })
  const ann = await app.addAccount()
  const trackId = shelf.add('Track')
  const wish = { title: 'List', description: '', visibility: 'private' as const, folderId: null, rules: null }
  const { body: list } = await app.as(ann).call(createPlaylist, { body: { ...wish, trackIds: [] } })
  const port = new URL(app.url).port
  const [one, two] = [openPage(port, list, ann), openPage(port, list, ann)]
  await Promise.all([one.ready, two.ready])
  const change = (work: (doc: Doc) => void) => {
    const before = encodeStateVector(one.doc)
    one.doc.transact(() => work(one.doc))
    return encodeStateAsUpdate(one.doc, before)
  }
  for (let filled = 0; filled < tracks; filled += 100) {
    const places = Array.from({ length: 100 }, () => ({ id: newId(), trackId }))
    const arrived = two.next()
    one.send(base64(change((doc) => insertPlaces(doc, places, filled))))
    await arrived
  }
  const times: number[] = []
  for (let made = 0; made < edits; made++) {
    const [first] = placesOf(one.doc).slice(made % tracks)
    const update = base64(change((doc) => movePlaces(doc, [first?.id ?? ''], (made * 7) % tracks)))
    const arrived = two.next()
    const began = performance.now()
    one.send(update)
    await arrived
    times.push(performance.now() - began)
    // As fast as the limit of frames for one connection allows.
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, 52 - (performance.now() - began))))
  }
  if (JSON.stringify(placesOf(one.doc)) !== JSON.stringify(placesOf(two.doc))) throw new Error('pages differ')
  one.close()
  two.close()
  await app.close()
  return times
}

export async function livePlaylists(): Promise<Finding> {
  const rows: (string | number)[][] = []
  let worst = 0
  for (const kind of ['sqlite', 'postgres'] as const)
    for (const tracks of [100, 2000]) {
      const times = await measure(kind, tracks)
      const at = (share: number) => quantile(times, share)
      worst = Math.max(worst, at(0.95))
      rows.push([kind, tracks, times.length, at(0.5).toFixed(1), at(0.95).toFixed(1), at(1).toFixed(1)])
    }
  return {
    name: 'playlists',
    title: 'Playlists: from one editor’s change to the other’s page',
    how: 'Two editors of one playlist, each with a WebSocket; one moves tracks, 19 moves a second. Each move is checked, stored as update and rows in one transaction, sent to the other and applied to its document. Milliseconds.',
    columns: ['database', 'tracks', 'changes', 'p50', 'p95', 'greatest'],
    rows,
    aims: [{ what: 'p95, the worst', measured: worst, atMost: 300, unit: 'ms' }],
  }
}
