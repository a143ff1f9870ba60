import type { Cover, Track } from '#plugins/catalog'
import type { Account, Call } from '#sdk'
import type { Item, Playlist, PlaylistCard } from './contract.ts'
import type { Desk, Seen } from './desk.ts'
import { listEditors } from './editors.ts'
import { countFollowers, findFollows } from './follows.ts'
import { chunksOf, type ItemRow, listItems } from './items.ts'
import type { PlaylistRow } from './playlists.ts'
import { moderatePermission } from './policy.ts'

/** The tracks as this caller may see them, however many. */
export async function tracksFor(desk: Desk, call: Call, ids: string[]): Promise<Map<string, Track>> {
  const parts = await Promise.all(
    chunksOf([...new Set(ids)], 500).map((chunk) => desk.catalog.tracksByIds(call, chunk)),
  )
  return new Map(parts.flatMap((part) => [...part]))
}

export async function presentItems(desk: Desk, call: Call, rows: ItemRow[]): Promise<Item[]> {
  const people = rows.flatMap(({ addedBy }) => addedBy ?? [])
  const [tracks, persons] = await Promise.all([
    tracksFor(
      desk,
      call,
      rows.map(({ trackId }) => trackId),
    ),
    desk.ctx.accounts.byIds([...new Set(people)]),
  ])
  return rows.map(({ id, trackId, addedBy, addedAt }) => ({
    id,
    trackId,
    track: tracks.get(trackId) ?? null,
    addedBy: (addedBy && persons.get(addedBy)) || null,
    addedAt,
  }))
}

/** Of a smart playlist: places have the ids of their tracks; what the caller may not hear is left out. */
export async function pickedItems(
  desk: Desk,
  call: Call,
  row: PlaylistRow,
  page: { after?: string | undefined; limit: number },
): Promise<{ items: Item[]; next: string | null }> {
  const ids = await desk.picks.of(row, call.account)
  const from = page.after ? ids.indexOf(page.after) + 1 : 0
  if (page.after && from === 0) return { items: [], next: null }
  const shown = ids.slice(from, from + page.limit)
  const tracks = await tracksFor(desk, call, shown)
  const items = shown.flatMap((id) => {
    const track = tracks.get(id)
    return track ? [{ id, trackId: id, track, addedBy: null, addedAt: null }] : []
  })
  return { items, next: from + page.limit < ids.length ? (shown.at(-1) ?? null) : null }
}

export async function itemsOf(
  desk: Desk,
  call: Call,
  row: PlaylistRow,
  page: { after?: string | undefined; limit: number },
): Promise<{ items: Item[]; next: string | null }> {
  if (row.rulesJson) return pickedItems(desk, call, row, page)
  const { items, next } = await listItems(desk.ctx.db, row.id, page)
  return { items: await presentItems(desk, call, items), next }
}

export async function presentCards(desk: Desk, call: Call, rows: PlaylistRow[]): Promise<PlaylistCard[]> {
  const { accounts, db } = desk.ctx
  const ids = rows.map(({ id }) => id)
  const account: Account | null = call.account
  const [owners, editors, follows, tracks] = await Promise.all([
    accounts.byIds([...new Set(rows.map(({ ownerId }) => ownerId))]),
    account ? listEditors(db, ids) : [],
    account ? findFollows(db, account.id, ids) : [],
    tracksFor(
      desk,
      call,
      rows.flatMap(({ coverKey, sampleJson }) => (coverKey ? [] : sampleJson)),
    ),
  ])
  const edited = new Set(
    editors.filter(({ accountId }) => accountId === account?.id).map(({ playlistId }) => playlistId),
  )
  const followed = new Map(follows.map((follow) => [follow.playlistId, follow]))
  return rows.map((row) => {
    const follow = followed.get(row.id)
    const isOwner = row.ownerId === account?.id
    const role = isOwner
      ? 'owner'
      : edited.has(row.id)
        ? 'editor'
        : follow
          ? 'follower'
          : row.visibility === 'public' && account?.permissions.has(moderatePermission)
            ? 'moderator'
            : null
    return {
      id: row.id,
      title: row.title,
      kind: row.rulesJson ? 'smart' : 'list',
      visibility: row.visibility,
      owner: owners.get(row.ownerId) ?? null,
      trackCount: row.trackCount,
      coverUrl: row.coverKey ? desk.ctx.storage.dayUrl(`${row.coverKey}/640.webp`) : null,
      covers: coversOf(row.sampleJson.flatMap((id) => tracks.get(id) ?? [])),
      href: hrefOf(row, role !== null && role !== 'moderator'),
      changedAt: row.changedAt,
      role,
      hasNews: follow !== undefined && !isOwner && follow.seenAt < row.changedAt,
      folderId: isOwner ? row.folderId : null,
    }
  })
}

/** With the secret for who may hand it on. */
export const hrefOf = (row: PlaylistRow, mayShare: boolean): string =>
  row.visibility === 'unlisted' && mayShare
    ? `/playlists/${row.id}?key=${row.secret}`
    : `/playlists/${row.id}`

/** Four different covers make a mosaic; fewer are no more than one. */
function coversOf(tracks: readonly Track[]): Cover[] {
  const byRelease = new Map<string, Cover>()
  for (const { release } of tracks) if (release.cover) byRelease.set(release.id, release.cover)
  const covers = [...byRelease.values()]
  return covers.length >= 4 ? covers.slice(0, 4) : covers.slice(0, 1)
}

const firstItems = 100

export async function presentPlaylist(desk: Desk, call: Call, { row, can }: Seen): Promise<Playlist> {
  const { accounts, db } = desk.ctx
  const [cards, places, editorRows, followerCount] = await Promise.all([
    presentCards(desk, call, [row]),
    itemsOf(desk, call, row, { limit: firstItems }),
    listEditors(db, [row.id]),
    countFollowers(db, row.id),
  ])
  const persons = await accounts.byIds(editorRows.map(({ accountId }) => accountId))
  const [card] = cards as [PlaylistCard]
  return {
    ...card,
    href: hrefOf(row, row.visibility === 'unlisted'),
    trackCount: row.rulesJson ? (await desk.picks.of(row, call.account)).length : row.trackCount,
    description: row.description,
    rules: row.rulesJson,
    editors: editorRows.flatMap(({ accountId }) => persons.get(accountId) ?? []),
    followerCount,
    isFollowed: card.role === 'follower',
    createdAt: row.createdAt,
    version: row.version,
    room: row.room,
    items: places.items,
    next: places.next,
    can: { edit: can.edit && !row.rulesJson, manage: can.manage, remove: can.remove },
  }
}
