import { renderMarkdown, type Storage } from '#sdk'
import type { ArtistRow } from './artists.ts'
import type { Artist, ArtistCard } from './contract.ts'
import type { Standing } from './policy.ts'

const dayS = 86_400

/** Signed until the end of tomorrow: the same address all day, so that browsers keep the picture. */
export function pictureUrl(storage: Storage, key: string, now = new Date()): string {
  const nowS = Math.floor(now.getTime() / 1000)
  return storage.url(key, (Math.floor(nowS / dayS) + 2) * dayS - nowS)
}

export function presentCard(storage: Storage, row: ArtistRow): ArtistCard {
  const { id, slug, name, genresJson, pictureKey, isListed } = row
  const pictureUrlOf = pictureKey ? pictureUrl(storage, `${pictureKey}/256.webp`) : null
  return { id, slug, name, genres: genresJson, pictureUrl: pictureUrlOf, isListed }
}

export function presentArtist(storage: Storage, row: ArtistRow, can: Standing): Artist {
  const { id, slug, name, bio, place, genresJson, linksJson, pictureKey, bannerKey, isListed, createdAt } =
    row
  return {
    id,
    slug,
    name,
    bio,
    bioHtml: renderMarkdown(bio).html,
    place,
    genres: genresJson,
    links: linksJson,
    picture: pictureKey
      ? {
          small: pictureUrl(storage, `${pictureKey}/256.webp`),
          large: pictureUrl(storage, `${pictureKey}/768.webp`),
        }
      : null,
    bannerUrl: bannerKey ? pictureUrl(storage, `${bannerKey}/1600.webp`) : null,
    isListed,
    createdAt,
    can: { edit: can.edit, manage: can.manage },
  }
}
