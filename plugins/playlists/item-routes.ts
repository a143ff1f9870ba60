import { newId } from '#sdk'
import * as contract from './contract.ts'
import { type Desk, editable, seen } from './desk.ts'
import { editPlaylist } from './editing.ts'
import { itemsByIds, tracksThere } from './items.ts'
import { itemsOf, pickedItems, presentItems } from './present.ts'

/** The tracks of a playlist; every change goes through its document. */
export function registerItemRoutes(desk: Desk): void {
  readingRoutes(desk)
  editingRoutes(desk)
  documentRoutes(desk)
}

function readingRoutes(desk: Desk): void {
  const { router, db } = desk.ctx
  router.handle(contract.listItems, async ({ params, query }, call) => {
    const { row } = await seen(desk, call.account, params.id, query.key)
    if (query.ids === undefined) return itemsOf(desk, call, row, query)
    const wanted = query.ids.split(',').filter((id) => idPattern.test(id))
    if (row.rulesJson) {
      const { items } = await pickedItems(desk, call, row, { limit: contract.mostItems })
      return { items: items.filter(({ id }) => wanted.includes(id)), next: null }
    }
    return { items: await presentItems(desk, call, await itemsByIds(db, row.id, wanted)), next: null }
  })
}
const idPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function editingRoutes(desk: Desk): void {
  const { router, db } = desk.ctx
  router.handle(contract.addItems, async ({ params, body }, call) => {
    await editable(desk, call.me, params.id)
    const there = body.unlessThere ? await tracksThere(db, params.id, body.trackIds) : new Set<string>()
    const wanted = body.trackIds.filter((id) => !there.has(id))
    const places = wanted.map((trackId) => ({ id: newId(), trackId }))
    const { version } = await editPlaylist(desk, params.id, call.me, (doc) =>
      contract.insertPlaces(doc, places, body.index ?? Number.POSITIVE_INFINITY),
    )
    const ids = places.map(({ id }) => id)
    const rows = new Map((await itemsByIds(db, params.id, ids)).map((row) => [row.id, row]))
    return {
      added: await presentItems(
        desk,
        call,
        ids.flatMap((id) => rows.get(id) ?? []),
      ),
      alreadyThere: [...there],
      version,
    }
  })
  router.handle(contract.removeItems, async ({ params, body }, call) => {
    await editable(desk, call.me, params.id)
    const { version } = await editPlaylist(desk, params.id, call.me, (doc) =>
      contract.removePlaces(doc, body.itemIds),
    )
    return { version }
  })
  router.handle(contract.moveItems, async ({ params, body }, call) => {
    await editable(desk, call.me, params.id)
    const { version } = await editPlaylist(desk, params.id, call.me, (doc) =>
      contract.movePlaces(doc, body.itemIds, body.to),
    )
    return { version }
  })
}

function documentRoutes(desk: Desk): void {
  const { router } = desk.ctx
  router.handle(contract.syncDocument, async ({ params, body }, call) => {
    await editable(desk, call.me, params.id)
    const { syncOf } = await import('./sync.ts')
    return syncOf(desk, params.id, body.vector)
  })
  router.handle(contract.editDocument, async ({ params, body }, call) => {
    await editable(desk, call.me, params.id)
    const { version } = await editPlaylist(desk, params.id, call.me, new Uint8Array(body as Buffer))
    return { version }
  })
}
