import type { CatalogApi } from './contract.ts'
import { tracksSeen, viewOf } from './desk.ts'
import { addPlays } from './marks.ts'
import { canSee } from './policy.ts'
import { presentCards } from './present.ts'
import { recognise } from './recognise.ts'
import { findRelease, releasesByIds } from './releases.ts'
import { pickTracks } from './rules.ts'
import type { Ctx } from './settings.ts'
import { tracksOf } from './tracks.ts'

export function createApi(ctx: Ctx): CatalogApi {
  return {
    tracksByIds: async (call, ids) => {
      const tracks = await tracksSeen(ctx, await viewOf(ctx, call, call.key), [...new Set(ids)])
      return new Map(tracks.map((track) => [track.id, track]))
    },
    releasesByIds: async (call, ids) => {
      const view = await viewOf(ctx, call)
      const rows = await releasesByIds(ctx.db, ids)
      const seen = [...rows.values()].filter((row) => canSee(view.who, row))
      return new Map((await presentCards(ctx, view, seen)).map((card) => [card.id, card]))
    },
    releaseBySlug: async (call, slug) => {
      const view = await viewOf(ctx, call)
      const row = await findRelease(ctx.db, slug)
      if (!row || !canSee(view.who, row)) return null
      const [release] = await presentCards(ctx, view, [row])
      const tracks = await tracksOf(ctx.db, row.id)
      return release ? { release, trackIds: tracks.map(({ id }) => id) } : null
    },
    existing: async (db, trackIds) => {
      const found = new Set<string>()
      for (let at = 0; at < trackIds.length; at += 5000) {
        const rows: { id: string }[] = await db('catalog_tracks')
          .whereIn('id', trackIds.slice(at, at + 5000))
          .where('audience', '<=', 2)
          .select('id')
        for (const { id } of rows) found.add(id)
      }
      return found
    },
    pick: (rules, account) => pickTracks(ctx.db, { rules, account }),
    recognise: (call, wanted) => recognise(ctx, call, wanted),
    countPlays: (db, plays) => addPlays(db, plays),
  }
}
