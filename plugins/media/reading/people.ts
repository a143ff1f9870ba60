import type { Values } from './tag-fields.ts'
import { type TextLimits, takeNames } from './text-limits.ts'
import { creditRoles, type ReadCredit } from './types.ts'

export interface People {
  artists: string[]
  albumArtists: string[]
  credits: ReadCredit[]
}

/** `Artist feat. B`, `Artist (ft. B)`, `Artist featuring B`; a bare `feat` only in brackets, for names have it. */
const guest =
  /^(.+?)\s*(?:[([]\s*(?:feat|ft|featuring)\b\.?\s+([^)\]]+)[)\]]|\s(?:feat\.|ft\.|featuring\s)\s*(.+))$/i

export function peopleOf(values: Values, limits: TextLimits): People {
  const names = (...fields: (typeof creditRoles)[number][]) =>
    fields.flatMap((field) => split(values.get(field)))
  const listed = split(values.get('artists'))
  const [artists, guests] = withoutGuests(listed.length > 0 ? listed : split(values.get('artist')))
  const listedAlbum = split(values.get('albumArtists'))
  const [albumArtists] = withoutGuests(
    listedAlbum.length > 0 ? listedAlbum : split(values.get('albumArtist')),
  )
  // The list may lack the guests that the one name of the track has.
  const [, namedGuests] = withoutGuests(split(values.get('artist')))
  const featured = [...guests, ...namedGuests, ...names('featured')]
  const credits = creditRoles.flatMap((role) =>
    (role === 'featured' ? featured : names(role)).map((name) => ({ name, role })),
  )
  return {
    artists: takeNames(artists, limits),
    albumArtists: takeNames(albumArtists, limits),
    credits: takeCredits(credits, limits),
  }
}

/** `;` between names is a list; `&` and `,` are parts of many a name. */
export function split(values: string[] | undefined): string[] {
  return (values ?? []).flatMap((value) => value.split(/\0|;\s+/))
}

function withoutGuests(names: string[]): [names: string[], guests: string[]] {
  const guests: string[] = []
  const hosts = names.map((name) => {
    const match = name.length > 1000 ? null : guest.exec(name.trim())
    if (!match) return name
    guests.push((match[2] ?? match[3]!).replace(/[)\]]\s*$/, ''))
    return match[1]!
  })
  return [hosts, guests]
}

function takeCredits(credits: ReadCredit[], limits: TextLimits): ReadCredit[] {
  const taken = new Map<string, ReadCredit>()
  for (const { name: long, role } of credits) {
    const [name] = takeNames([long], limits)
    if (name) taken.set(`${role}\0${name.toLowerCase()}`, { name, role })
  }
  return limits.list([...taken.values()])
}
