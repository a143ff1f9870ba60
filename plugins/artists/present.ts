import { renderMarkdown, type Storage } from '#sdk'
import type { ArtistRow } from './artists.ts'
import type { Artist, ArtistCard } from './contract.ts'
import type { Standing } from './policy.ts'

export function presentCard(storage: Storage, row: ArtistRow): ArtistCard {
  const { id, slug, name, genresJson, pictureKey, isListed } = row
  const pictureUrlOf = pictureKey ? storage.dayUrl(`${pictureKey}/256.webp`) : null
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
          small: storage.dayUrl(`${pictureKey}/256.webp`),
          large: storage.dayUrl(`${pictureKey}/768.webp`),
        }
      : null,
    bannerUrl: bannerKey ? storage.dayUrl(`${bannerKey}/1600.webp`) : null,
    isListed,
    createdAt,
    can: { edit: can.edit, manage: can.manage },
  }
}
