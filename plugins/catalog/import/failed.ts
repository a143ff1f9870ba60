import { assetFailed } from '#plugins/media'
import { isoTime } from '#sdk'
import { getReleaseById } from '../releases.ts'
import type { Ctx } from '../settings.ts'
import { tracksById, tracksOf } from '../tracks.ts'
import { trashRelease, trashTrack } from '../trash.ts'
import { markFailed } from './files.ts'

/** An imported file that cannot be played must not keep its release from being published: its track goes to the trash. */
export function handleFailedImports(ctx: Ctx): void {
  ctx.events.on(assetFailed, 'catalog.set-failed-import-aside', async ({ assetId }) => {
    const asset = (await ctx.needs.media.assetsByIds([assetId])).get(assetId)
    if (asset?.state === 'failed')
      await setAside(ctx, assetId, asset.fault ?? 'This file could not be processed.')
  })
}

async function setAside(ctx: Ctx, assetId: string, fault: string): Promise<void> {
  const trackIds = await markFailed(ctx.db, assetId, { fault, at: isoTime() })
  for (const track of (await tracksById(ctx.db, trackIds)).values()) {
    if (track.trashedAt !== null) continue
    const release = await getReleaseById(ctx.db, track.releaseId)
    await trashTrack(ctx, { track, release, me: null })
    if ((await tracksOf(ctx.db, release.id)).length === 0) await trashRelease(ctx, release, null)
  }
}
