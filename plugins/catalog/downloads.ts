import type { AssetFacts, DownloadFormat } from '#plugins/media'
import { problem } from '#sdk'
import { notReady } from './contract.ts'
import { fileTags } from './file-tags.ts'
import { shownArtists } from './finders.ts'
import type { ReleaseRow } from './releases.ts'
import type { Ctx } from './settings.ts'
import { findLyrics, type TrackRow, tracksOf } from './tracks.ts'

/** FLAC of a lossy file would only be larger. */
export function downloadsOf(asset: AssetFacts): DownloadFormat[] {
  if (asset.state !== 'ready') return []
  const lossy: DownloadFormat[] = ['mp3-320', 'mp3-v0', 'opus', 'aac-256']
  return asset.isLossless ? ['original', 'flac', ...lossy] : ['original', ...lossy]
}

export async function downloadTrack(
  ctx: Ctx,
  { track, release, format }: { track: TrackRow; release: ReleaseRow; format: DownloadFormat },
): Promise<{ state: 'ready' | 'preparing' | 'failed'; url: string | null }> {
  const asset = (await ctx.needs.media.assetsByIds([track.assetId])).get(track.assetId)
  if (asset?.state !== 'ready') throw problem(notReady)
  const tracks = await tracksOf(ctx.db, release.id)
  const { lyrics } = await findLyrics(ctx.db, track.id)
  const made = await ctx.needs.media.download({
    assetId: asset.id,
    format,
    tags: fileTags({ track, release, tracks, lyrics, isOpus: format === 'opus' }),
    coverKey: release.coverKey === null ? null : `${release.coverKey}/1200.jpeg`,
    fileName: fileName(track, release),
  })
  return made.state === 'ready' ? made : { state: made.state, url: null }
}

/** `03 Artist - Title`, with the disc where there are several. */
function fileName(track: TrackRow, release: ReleaseRow): string {
  const artist = shownArtists(track, release)
    .filter(({ role }) => role === 'main')
    .map(({ name }) => name)
    .join(', ')
  const number = String(track.trackNumber).padStart(2, '0')
  const name = `${number} ${artist ? `${artist} - ` : ''}${track.title}`
  return name
    .replace(/[\p{C}<>:"/\\|?*]/gu, '_')
    .slice(0, 150)
    .replace(/[ .]+$/, '')
}
