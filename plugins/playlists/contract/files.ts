import { Bytes, defineProblem, defineRoute, z } from '#contract'
import { at, Playlist } from './playlist.ts'

export const fileFormats = ['m3u8', 'xspf', 'jspf'] as const
export type FileFormat = (typeof fileFormats)[number]
export const mostFileBytes = 2 * 1024 * 1024

/** Query: `format` is `m3u8` (unless said), `xspf` or `jspf`; `key` the secret of an unlisted playlist. */
export const exportPlaylist = defineRoute({
  method: 'GET',
  path: `${at}/{id}/export`,
  access: 'public',
  summary: 'The playlist as a file: ?format=m3u8, xspf or jspf; locations are the tracks’ pages',
  isRaw: true,
})
export const importPlaylist = defineRoute({
  method: 'POST',
  path: `${at}/imports`,
  access: 'signed-in',
  summary: 'Make a playlist of an M3U, M3U8, XSPF or JSPF file of up to 2 MB and 10,000 entries',
  query: z.strictObject({
    /** Its ending says whether an M3U is UTF-8; its name is the title where the file has none. */
    fileName: z.string().max(255).optional(),
  }),
  takes: ['application/octet-stream'],
  body: Bytes,
  bodyLimit: mostFileBytes,
  perMinute: 20,
  result: z.strictObject({
    playlist: Playlist,
    found: z.number(),
    /** What the catalogue does not have; `line` is the line of the file (M3U), or the number of the entry. */
    missing: z.array(
      z.strictObject({
        line: z.number(),
        title: z.string().nullable(),
        artist: z.string().nullable(),
        location: z.string().nullable(),
      }),
    ),
  }),
})

export const unreadableFile = defineProblem({
  name: 'playlists.unreadable-file',
  status: 422,
  title: 'This is no playlist that can be read; take an M3U, M3U8, XSPF or JSPF file.',
})
export const tooManyEntries = defineProblem({
  name: 'playlists.too-many-entries',
  status: 422,
  title: 'The file has more than 10,000 entries; divide it.',
})
