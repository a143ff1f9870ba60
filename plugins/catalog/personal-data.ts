import { identity } from '#contract'
import { artistRemoved } from '#plugins/artists'
import { listMarks, removeMarksOf } from './marks.ts'
import type { ReleaseRow } from './releases.ts'
import type { Ctx } from './settings.ts'
import { tracksById } from './tracks.ts'

/** What an account takes away with it; when it is deleted, its marks go and its releases are the label's. */
export function handlePersonalData(ctx: Ctx): void {
  const { accounts, db, events } = ctx
  accounts.onExport(async (accountId) => {
    const marks = await listMarks(db, accountId)
    const tracks = await tracksById(
      db,
      marks.map(({ trackId }) => trackId),
    )
    const releases: ReleaseRow[] = await db<ReleaseRow>('catalog_releases').where({ ownerId: accountId })
    return {
      data: {
        tracks: marks.map(({ trackId, isFavourite, stars, plays, playedAt }) => ({
          title: tracks.get(trackId)?.title ?? null,
          isFavourite,
          stars,
          plays,
          playedAt,
        })),
        releases: releases.map(({ slug, title, status, visibility, createdAt }) => ({
          slug,
          title,
          status,
          visibility,
          createdAt,
        })),
      },
    }
  })
  events.on(identity.accountDeleted, 'catalog.forget', async ({ accountId }) => {
    await removeMarksOf(db, accountId)
    await db('catalog_releases').where({ ownerId: accountId }).update({ ownerId: null })
  })
  // The name stays credited; it leads nowhere any more.
  events.on(artistRemoved, 'catalog.unlink-artist', async ({ artistId }) => {
    await db('catalog_credits').where({ artistId }).update({ artistId: null })
  })
}
