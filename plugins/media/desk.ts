import type { AssetRow } from './assets.ts'
import type { AudioCache } from './audio-cache.ts'
import { assetChannel } from './contract.ts'
import type { PlaybackTokens } from './playback-token.ts'
import { presentAsset } from './present.ts'
import type { MediaContext } from './settings.ts'

/** What the parts of the plugin share within one process and site. */
export interface Desk {
  ctx: MediaContext
  tokens: PlaybackTokens
  cache: AudioCache
}

/** Tells its owner's pages what has become of a file. */
export function tell({ ctx }: Pick<Desk, 'ctx'>, asset: AssetRow | null): void {
  if (!asset?.ownerId) return
  ctx.realtime.publish(assetChannel, { accountId: asset.ownerId }, 'changed', presentAsset(asset))
}

export function tellRemoved({ ctx }: Pick<Desk, 'ctx'>, { ownerId, id }: AssetRow): void {
  if (ownerId) ctx.realtime.publish(assetChannel, { accountId: ownerId }, 'removed', { id })
}
