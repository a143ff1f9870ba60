import { durationOf, isrcOf, type PlaylistFile, type ReadEntry, textOf, UnreadableFile } from './types.ts'

/** JSPF: XSPF as JSON (xspf.org/jspf); locations and identifiers are lists. */
export function writeJspf({ title, description, entries }: PlaylistFile): string {
  const playlist = {
    title: textOf(title) ?? undefined,
    annotation: textOf(description) ?? undefined,
    track: entries.map(({ title: name, artist, album, durationMs, isrc, location }) => ({
      location: location === null ? undefined : [location],
      identifier: isrc ? [`urn:isrc:${isrc}`] : undefined,
      title: textOf(name) ?? undefined,
      creator: textOf(artist) ?? undefined,
      album: textOf(album) ?? undefined,
      duration: durationMs === null ? undefined : Math.round(durationMs),
    })),
  }
  return `${JSON.stringify({ playlist }, null, 2)}\n`
}

export function readJspf(text: string, mostEntries: number): PlaylistFile<ReadEntry> {
  const playlist = member(parsed(text), 'playlist')
  const tracks = member(playlist, 'track')
  if (!Array.isArray(tracks)) throw new UnreadableFile('format')
  if (tracks.length > mostEntries) throw new UnreadableFile('entries')
  return {
    title: words(playlist, 'title'),
    description: words(playlist, 'annotation'),
    entries: tracks.map((track: unknown, index) => ({
      line: index + 1,
      title: words(track, 'title'),
      artist: words(track, 'creator'),
      album: words(track, 'album'),
      durationMs: durationOf(Number(member(track, 'duration') ?? Number.NaN)),
      isrc: list(track, 'identifier').map(isrcOf).find(Boolean) ?? null,
      location: textOf(list(track, 'location')[0]),
    })),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UnreadableFile('format')
  }
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined

function words(value: unknown, name: string): string | null {
  const found = member(value, name)
  return typeof found === 'string' ? textOf(found) : null
}

/** Some write one text where a list belongs. */
function list(value: unknown, name: string): string[] {
  const found = member(value, name)
  return (Array.isArray(found) ? found : [found]).filter((one): one is string => typeof one === 'string')
}
