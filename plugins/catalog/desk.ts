import { notAllowed, notFound } from '#contract'
import { problem } from '#sdk'
import type { Track } from './contract.ts'
import { type Asking, canEdit, canSee, whoIs } from './policy.ts'
import { presentTracks, type View } from './present.ts'
import { findRelease, getReleaseById, type ReleaseRow, releasesByIds } from './releases.ts'
import type { Ctx } from './settings.ts'
import { getTrackRow, type TrackRow, tracksById } from './tracks.ts'

/** For whom a call asks. */
export async function viewOf(ctx: Ctx, call: Asking, key?: string): Promise<View> {
  return { call, who: await whoIs(ctx.needs.artists, call.account), key }
}

/** A release that the caller may see; else it is not there. */
export async function seenRelease(
  ctx: Ctx,
  call: Asking,
  { slug, key }: { slug: string; key?: string | undefined },
): Promise<{ release: ReleaseRow; view: View }> {
  const [view, release] = [await viewOf(ctx, call, key), await findRelease(ctx.db, slug)]
  if (!release || !canSee(view.who, release, key)) throw problem(notFound)
  return { release, view }
}

/** One they may change: whoever sees it and may not is told so. */
export async function editableRelease(ctx: Ctx, call: Asking, slug: string) {
  const found = await seenRelease(ctx, call, { slug })
  if (!canEdit(found.view.who, found.release)) throw problem(notAllowed)
  return found
}

export async function seenTrack(
  ctx: Ctx,
  call: Asking,
  { id, key }: { id: string; key?: string | undefined },
): Promise<{ track: TrackRow; release: ReleaseRow; view: View }> {
  const track = await getTrackRow(ctx.db, id)
  const [view, release] = [await viewOf(ctx, call, key), await getReleaseById(ctx.db, track.releaseId)]
  if (track.trashedAt !== null || !canSee(view.who, release, key)) throw problem(notFound)
  return { track, release, view }
}

export async function editableTrack(ctx: Ctx, call: Asking, id: string) {
  const found = await seenTrack(ctx, call, { id })
  if (!canEdit(found.view.who, found.release)) throw problem(notAllowed)
  return found
}

/** Those of the tracks that the caller may hear, in the order of the ids. */
export async function tracksSeen(ctx: Ctx, view: View, ids: readonly string[]): Promise<Track[]> {
  const rows = await tracksById(ctx.db, ids)
  const releases = await releasesByIds(
    ctx.db,
    [...rows.values()].map(({ releaseId }) => releaseId),
  )
  const seen = ids.flatMap((id) => {
    const row = rows.get(id)
    const release = row && releases.get(row.releaseId)
    return row && release && row.trashedAt === null && canSee(view.who, release, view.key) ? row : []
  })
  return presentTracks(ctx, view, seen, releases)
}

/** Tracks of one release, presented. */
export const presentOf = (ctx: Ctx, view: View, release: ReleaseRow, tracks: readonly TrackRow[]) =>
  presentTracks(ctx, view, tracks, new Map([[release.id, release]]))
