import { notAllowed, notFound } from '#contract'
import type { CatalogApi } from '#plugins/catalog'
import type { PlayerApi } from '#plugins/player'
import { type Account, type PluginContext, problem } from '#sdk'
import { type Documents, keepDocuments } from './open-documents.ts'
import { findPlaylist, type PlaylistRow } from './playlists.ts'
import { type Standing, standing } from './policy.ts'
import { keepPicks, type Picks } from './smart.ts'

export interface Needs {
  catalog: CatalogApi
  player: PlayerApi | undefined
}
export type Ctx = PluginContext<Record<string, never>, Needs>

/** The plugin's context with what this process remembers. */
export interface Desk {
  ctx: Ctx
  catalog: CatalogApi
  documents: Documents
  picks: Picks
}

export function createDesk(ctx: Ctx): Desk {
  const { catalog } = ctx.needs
  return { ctx, catalog, documents: keepDocuments(), picks: keepPicks(catalog) }
}

export interface Seen {
  row: PlaylistRow
  can: Standing
}

/** A playlist somebody may see, with what they may do; others are not there for them. */
export async function seen(desk: Desk, account: Account | null, id: string, key?: string): Promise<Seen> {
  const { db } = desk.ctx
  const row = await findPlaylist(db, id)
  if (!row || row.trashedAt !== null) throw problem(notFound)
  const can = await standing(db, account, row, key)
  if (!can.see) throw problem(notFound)
  return { row, can }
}

/** The same for who wants to change the tracks. */
export async function editable(desk: Desk, account: Account, id: string): Promise<Seen> {
  const found = await seen(desk, account, id)
  if (!found.can.edit) throw problem(notAllowed)
  return found
}

/** The same for who wants to change what the playlist is. */
export async function managed(desk: Desk, account: Account, id: string): Promise<Seen> {
  const found = await seen(desk, account, id)
  if (!found.can.manage) throw problem(notAllowed)
  return found
}
