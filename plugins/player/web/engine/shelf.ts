import { mimeOf } from './manifest.ts'
import { canDecode } from './media-buffer.ts'
import { TrackSource } from './source.ts'
import { chooseRendition, Throughput } from './throughput.ts'
import type { PlaybackManifest, PlayerOptions, Profile, Quality, Rendition } from './types.ts'

interface ShelfOptions {
  resolve: PlayerOptions['resolve']
  quality: () => Quality
  onOnline: (isOnline: boolean) => void
}

/** Where tracks are taken from, in the quality that is wished and that the line carries. */
export class Shelf {
  readonly source: TrackSource
  readonly #throughput = new Throughput(firstGuess())
  readonly #quality: () => Quality

  constructor({ resolve, quality, onOnline }: ShelfOptions) {
    this.source = new TrackSource({ resolve, onOnline, throughput: this.#throughput })
    this.#quality = quality
  }

  readonly choose = (manifest: PlaybackManifest, current: Profile | null): Rendition | null =>
    chooseRendition(manifest, {
      quality: this.#quality(),
      current,
      bitsPerSecond: this.#throughput.bitsPerSecond,
      canPlay: (rendition) => canDecode(mimeOf(rendition)),
    })

  /** Loads the manifest and the first seconds of a track. */
  async warm(trackId: string): Promise<void> {
    try {
      const rendition = this.choose(await this.source.manifest(trackId), null)
      if (rendition) await this.source.head(trackId, rendition)
    } catch {
      // It is asked for again, and told, when it is to be heard.
    }
  }
}

/** Bits a second before anything was measured; a listener who saves data gets the small one. */
function firstGuess(): number {
  const { connection } = navigator as { connection?: { downlink?: number; saveData?: boolean } }
  if (connection?.saveData) return 0
  return (connection?.downlink ?? 2) * 1_000_000
}
