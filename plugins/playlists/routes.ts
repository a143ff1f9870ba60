import { notAllowed, notFound } from '#contract'
import { type Call, type Db, isoTime, newId, type PictureCrop, problem } from '#sdk'
import * as contract from './contract.ts'
import { type Desk, managed, seen } from './desk.ts'
import { listEdited } from './editors.ts'
import { assertOwnFolder } from './folders.ts'
import { listFollows, removeFollowsOf } from './follows.ts'
import { allItems } from './items.ts'
import * as store from './playlists.ts'
import { presentCards, presentPlaylist, tracksFor } from './present.ts'

/** Playlists as a whole: finding, making, changing, deleting them. */
export function registerRoutes(desk: Desk): void {
  listRoutes(desk)
  makingRoutes(desk)
  changeRoutes(desk)
  trashRoutes(desk)
  coverRoutes(desk)
}

function listRoutes(desk: Desk): void {
  const { router, db, accounts } = desk.ctx
  const shown = async (call: Call, page: { items: store.PlaylistRow[]; next: string | null }) => ({
    items: await presentCards(desk, call, page.items),
    next: page.next,
  })
  router.handle(contract.listMyPlaylists, async ({ query }, call) => {
    const orIds = await listEdited(db, call.me.id)
    return shown(call, await store.listPlaylists(db, { ownerId: call.me.id, orIds, ...query }))
  })
  router.handle(contract.listPublicPlaylists, async ({ query }, call) =>
    shown(call, await store.listPlaylists(db, { isPublic: true, ...query })),
  )
  router.handle(contract.listPlaylistsOf, async ({ params, query }, call) => {
    const person = await accounts.byUsername(params.username.toLowerCase())
    if (!person) throw problem(notFound)
    return shown(call, await store.listPlaylists(db, { ownerId: person.id, isPublic: true, ...query }))
  })
  router.handle(contract.listFollowedPlaylists, async ({ query }, call) => {
    const { items: follows, next } = await listFollows(db, call.me.id, query)
    const rows = await store.playlistsByIds(
      db,
      follows.map(({ playlistId }) => playlistId),
    )
    const byId = new Map(rows.map((row) => [row.id, row]))
    const items = follows.flatMap(({ playlistId }) => byId.get(playlistId) ?? [])
    return shown(call, { items, next })
  })
  router.handle(contract.getPlaylist, async ({ params, query }, call) => {
    const found = await seen(desk, call.account, params.id, query.key)
    await keepSample(desk, call, found.row)
    return presentPlaylist(desk, call, found)
  })
}

/** Lists show a smart playlist as it was when somebody last opened it. */
async function keepSample({ ctx, picks }: Desk, call: Call, row: store.PlaylistRow): Promise<void> {
  if (!row.rulesJson || call.account?.id !== row.ownerId) return
  const ids = await picks.of(row, call.account)
  const sample = ids.slice(0, 12)
  if (ids.length === row.trackCount && sample.join() === row.sampleJson.join()) return
  const changedAt = isoTime()
  await store.updatePlaylist(ctx.db, row.id, { trackCount: ids.length, sample, changedAt })
}

function makingRoutes(desk: Desk): void {
  const { router, db, audit } = desk.ctx
  router.handle(contract.createPlaylist, async ({ body }, call) => {
    if (body.rules && body.trackIds.length > 0) throw problem(contract.isSmart)
    const { trackIds, ...wish } = body
    const { makePlaylist } = await import('./make.ts')
    const row = await db.tx(async (db) => {
      await assertOwnFolder(db, call.me.id, body.folderId)
      const made = await makePlaylist(desk, db, { ownerId: call.me.id, ...wish }, trackIds)
      const detail = { title: made.title, visibility: made.visibility }
      await audit.record(db, { action: 'playlists.created', actor: call.me, subject: made.id, detail })
      return made
    })
    await keepSample(desk, call, row)
    return presentPlaylist(desk, call, await seen(desk, call.me, row.id))
  })
  router.handle(contract.duplicatePlaylist, async ({ params, query, body }, call) => {
    const { row: source } = await seen(desk, call.me, params.id, query.key)
    const picked = source.rulesJson ? await desk.picks.of(source, call.me) : null
    const { makePlaylist } = await import('./make.ts')
    const row = await db.tx(async (db) => {
      const trackIds = picked ?? (await allItems(db, source.id)).map(({ trackId }) => trackId)
      const wish = {
        ownerId: call.me.id,
        title: body.title ?? source.title,
        description: source.description,
        visibility: 'private' as const,
        folderId: source.ownerId === call.me.id ? source.folderId : null,
        rules: null,
      }
      const made = await makePlaylist(desk, db, wish, trackIds.slice(0, contract.mostItems))
      const detail = { from: source.id }
      await audit.record(db, { action: 'playlists.created', actor: call.me, subject: made.id, detail })
      return made
    })
    return presentPlaylist(desk, call, await seen(desk, call.me, row.id))
  })
  router.handle(contract.previewRules, async ({ body }, call) => {
    const ids = await desk.catalog.pick(body.rules, call.me)
    const shown = ids.slice(0, 50)
    const tracks = await tracksFor(desk, call, shown)
    return { trackCount: ids.length, tracks: shown.flatMap((id) => tracks.get(id) ?? []) }
  })
}

function changeRoutes(desk: Desk): void {
  const { router, db } = desk.ctx
  router.handle(contract.updatePlaylist, async ({ params, body }, call) => {
    await managed(desk, call.me, params.id)
    await db.tx(async (db) => {
      const now = await ownOf(db, call, params.id)
      if (body.rules && !now.rulesJson) throw problem(contract.notSmart)
      if (body.folderId !== undefined) await assertOwnFolder(db, call.me.id, body.folderId)
      const isOther = body.visibility !== undefined && body.visibility !== now.visibility
      await keepChange(desk, db, call, { row: now, ...body, ...(isOther ? { room: store.newSecret() } : {}) })
    })
    const found = await seen(desk, call.me, params.id)
    if (body.rules) await keepSample(desk, call, found.row)
    return presentPlaylist(desk, call, found)
  })
  router.handle(contract.renewPlaylistKey, async ({ params }, call) => {
    await managed(desk, call.me, params.id)
    await db.tx(async (db) => {
      const now = await ownOf(db, call, params.id)
      await removeFollowsOf(db, now.id)
      await keepChange(desk, db, call, { row: now, secret: store.newSecret(), room: store.newSecret() })
    })
    return presentPlaylist(desk, call, await seen(desk, call.me, params.id))
  })
}

/** The caller's own playlist as of now, held. */
async function ownOf(db: Db, call: Call, id: string): Promise<store.PlaylistRow> {
  const row = await store.lockPlaylist(db, id)
  if (!row || row.trashedAt !== null || row.ownerId !== call.me.id) throw problem(notFound)
  return row
}

/** Whoever looks at it loads it anew; with another `room`, those who may not see it any more hear nothing further. */
async function keepChange(
  desk: Desk,
  db: Db,
  call: Call,
  { row, ...change }: store.PlaylistChange & { row: store.PlaylistRow },
): Promise<void> {
  const { audit, realtime } = desk.ctx
  await store.updatePlaylist(db, row.id, change)
  const detail = { fields: Object.keys(change).filter((field) => field !== 'room') }
  await audit.record(db, { action: 'playlists.changed', actor: call.me, subject: row.id, detail })
  db.afterCommit(() => {
    desk.picks.forget(row.id)
    realtime.publish(contract.liveChannel, { id: row.id, room: row.room }, 'changed', {})
  })
}

function trashRoutes(desk: Desk): void {
  const { router, db, audit, realtime } = desk.ctx
  router.handle(contract.trashPlaylist, async ({ params }, call) => {
    const { row, can } = await seen(desk, call.me, params.id)
    if (!can.remove) throw problem(notAllowed)
    await db.tx(async (db) => {
      const now = await store.lockPlaylist(db, row.id)
      if (!now || now.trashedAt !== null) throw problem(notFound)
      // What a moderator took away is not found by everybody again when its owner brings it back.
      const more = call.me.id === row.ownerId ? {} : { visibility: 'private' as const }
      await store.updatePlaylist(db, row.id, { trashedAt: isoTime(), ...more })
      const detail = { title: row.title, ownerId: row.ownerId }
      await audit.record(db, { action: 'playlists.removed', actor: call.me, subject: row.id, detail })
    })
    realtime.publish(contract.liveChannel, { id: row.id, room: row.room }, 'changed', {})
  })
  router.handle(contract.restorePlaylist, async ({ params }, call) => {
    await db.tx(async (db) => {
      const now = await store.lockPlaylist(db, params.id)
      if (!now || now.trashedAt === null || now.ownerId !== call.me.id) throw problem(notFound)
      await store.updatePlaylist(db, now.id, { trashedAt: null })
      await audit.record(db, { action: 'playlists.restored', actor: call.me, subject: now.id })
    })
    return presentPlaylist(desk, call, await seen(desk, call.me, params.id))
  })
  router.handle(contract.listTrash, async (_input, call) => {
    const rows = await store.listTrashed(db, call.me.id)
    return {
      items: rows.map(({ id, title, trackCount, trashedAt }) => ({
        id,
        title,
        trackCount,
        trashedAt: trashedAt ?? '',
      })),
    }
  })
}

function coverRoutes(desk: Desk): void {
  const { router, db, storage, pictures } = desk.ctx
  const put = async (call: Call, id: string, coverKey: string | null) => {
    const before = await db.tx(async (db) => {
      const now = await ownOf(db, call, id)
      await keepChange(desk, db, call, { row: now, coverKey })
      return now.coverKey
    })
    if (before) await storage.removeFolder(before)
    return presentPlaylist(desk, call, await seen(desk, call.me, id))
  }
  router.handle(contract.setPlaylistCover, async ({ params, query, body }, call) => {
    await managed(desk, call.me, params.id)
    const sizes = [{ name: '640', width: 640, height: 640 }]
    const made = await pictures.make(body as Buffer, { crop: cropOf(query), sizes })
    // A new folder each time: an address once given always shows the same picture.
    const key = `playlists/cover/${newId()}`
    try {
      for (const { name, bytes } of made) await storage.write(`${key}/${name}.webp`, bytes)
      return await put(call, params.id, key)
    } catch (error) {
      await storage.removeFolder(key)
      throw error
    }
  })
  router.handle(contract.removePlaylistCover, async ({ params }, call) => {
    await managed(desk, call.me, params.id)
    return put(call, params.id, null)
  })
}

const cropOf = ({ x, y, width, height }: Partial<PictureCrop>): PictureCrop | undefined =>
  x === undefined || y === undefined || width === undefined || height === undefined
    ? undefined
    : { x, y, width, height }
