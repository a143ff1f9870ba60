import type { Item } from './feed.ts'
import { durationOf } from './manifest.ts'
import type { PlaybackManifest } from './types.ts'

/** A track on the element's one long timeline; `base` is where its music begins there, in seconds. */
export interface Stretch {
  item: Item
  base: number
  manifest: PlaybackManifest | null
}

/** Where its last sample ends; as the server says it, until the manifest is there. */
export const endOf = ({ base, manifest, item }: Stretch): number =>
  base + (manifest ? durationOf(manifest) : item.track.durationMs / 1000)
