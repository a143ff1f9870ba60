import { notAllowed, notFound } from '#contract'
import { type Account, type PluginContext, problem } from '#sdk'
import { type ArtistRow, findArtist } from './artists.ts'
import { type Standing, standing } from './policy.ts'

/** The plugin's context; named, because every part of it takes it. */
export type Ctx = PluginContext

/** An artist somebody may see, with what they may do; one that is not listed is not there for strangers. */
export async function seen(
  { db }: Ctx,
  account: Account | null,
  slug: string,
): Promise<{ artist: ArtistRow; can: Standing }> {
  const artist = await findArtist(db, slug)
  if (!artist) throw problem(notFound)
  const can = await standing(db, account, artist)
  if (!artist.isListed && !can.edit) throw problem(notFound)
  return { artist, can }
}

/** The same for who wants to change the page. */
export async function editable(ctx: Ctx, account: Account, slug: string) {
  const found = await seen(ctx, account, slug)
  if (!found.can.edit) throw problem(notAllowed)
  return found
}
