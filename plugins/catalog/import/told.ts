import type { AssetFacts } from '#plugins/media'
import type { Run } from './run.ts'

/** A file where it lies now, with what its folders say where its tags say nothing. */
export function told({ ctx, prefix }: Run, asset: AssetFacts, name: string): AssetFacts {
  const relativePath = `${prefix}${name}`
  const guess = ctx.needs.media.guessOf(relativePath)
  const { tags } = asset
  const artists = tags.artists.length > 0 || guess.artist === undefined ? tags.artists : [guess.artist]
  return {
    ...asset,
    relativePath,
    batch: null,
    tags: {
      ...tags,
      artists,
      title: tags.title ?? guess.title,
      album: tags.album ?? guess.album ?? null,
      trackNumber: tags.trackNumber ?? guess.trackNumber ?? null,
      discNumber: tags.discNumber ?? guess.discNumber ?? null,
    },
  }
}
