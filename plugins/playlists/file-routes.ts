import { basename } from 'node:path/posix'
import { invalidInput } from '#contract'
import type { Track } from '#plugins/catalog'
import { type Call, problem } from '#sdk'
import * as contract from './contract.ts'
import { type Desk, seen } from './desk.ts'
import { writeJspf } from './formats/jspf.ts'
import { writeM3u } from './formats/m3u.ts'
import { readPlaylistFile } from './formats/read.ts'
import { type FileEntry, type PlaylistFile, type ReadEntry, textOf, UnreadableFile } from './formats/types.ts'
import { writeXspf } from './formats/xspf.ts'
import { allItems } from './items.ts'
import { presentPlaylist, tracksFor } from './present.ts'

const writers: Record<contract.FileFormat, [write: (file: PlaylistFile) => string, type: string]> = {
  m3u8: [writeM3u, 'audio/x-mpegurl; charset=utf-8'],
  xspf: [writeXspf, 'application/xspf+xml; charset=utf-8'],
  jspf: [writeJspf, 'application/json; charset=utf-8'],
}

/** Playlists as files, out and in. */
export function registerFileRoutes(desk: Desk): void {
  const { router, site } = desk.ctx
  router.raw(contract.exportPlaylist, async ({ params, req, res }, call) => {
    const query = new URL(req.url ?? '/', site.url).searchParams
    const { row } = await seen(desk, call.account, params.id, query.get('key') ?? undefined)
    const format = contract.fileFormats.find((one) => one === (query.get('format') ?? 'm3u8'))
    if (!format)
      throw problem(invalidInput, 'Say which format: m3u8, xspf or jspf.', {
        errors: [{ pointer: '?/format', message: 'Use m3u8, xspf or jspf.' }],
      })
    const ids = row.rulesJson
      ? await desk.picks.of(row, call.account)
      : (await allItems(desk.ctx.db, row.id)).map(({ trackId }) => trackId)
    const tracks = await tracksFor(desk, call, ids)
    const entries = ids.flatMap((id) => tracks.get(id) ?? []).map((track) => entryOf(site.url, track))
    const [write, type] = writers[format]
    const text = write({ title: row.title, description: row.description, entries })
    res.statusCode = 200
    res.setHeader('content-type', type)
    res.setHeader('content-disposition', `attachment; filename*=UTF-8''${fileNameOf(row.title)}.${format}`)
    res.setHeader('content-length', Buffer.byteLength(text))
    res.end(req.method === 'HEAD' ? undefined : text)
  })
  router.handle(contract.importPlaylist, async ({ query, body }, call) => {
    const fileName = basename((query.fileName ?? '').replaceAll('\\', '/'))
    return importFile(desk, call, read(body as Buffer, fileName), fileName)
  })
}

function entryOf(siteUrl: string, track: Track): FileEntry {
  return {
    title: track.title,
    artist: track.artists.map(({ name }) => name).join(', '),
    album: track.release.title,
    durationMs: track.durationMs,
    isrc: track.isrc,
    location: `${siteUrl}/tracks/${track.id}`,
  }
}

/** Percent-encoded, without what makes trouble in names of files. */
const fileNameOf = (title: string) =>
  encodeURIComponent(
    title
      .toWellFormed()
      .replace(/[\p{Cc}/\\:*?"<>|]+/gu, ' ')
      .trim() || 'playlist',
  ).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)

function read(bytes: Buffer, fileName: string): PlaylistFile<ReadEntry> {
  try {
    return readPlaylistFile(bytes, fileName, contract.mostItems)
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    throw problem(error.reason === 'entries' ? contract.tooManyEntries : contract.unreadableFile)
  }
}

async function importFile(desk: Desk, call: Call, file: PlaylistFile<ReadEntry>, fileName: string) {
  const { db, audit } = desk.ctx
  const found = await desk.catalog.recognise(
    call,
    file.entries.map(({ line: _line, ...wanted }) => wanted),
  )
  const trackIds = found.filter((id) => id !== null)
  const { makePlaylist } = await import('./make.ts')
  const row = await db.tx(async (db) => {
    const wish = {
      ownerId: call.me.id,
      title: (file.title ?? textOf(fileName.replace(/\.\w{1,5}$/, '')) ?? 'Playlist').slice(0, 120),
      description: (file.description ?? '').slice(0, 2000),
      visibility: 'private' as const,
      folderId: null,
      rules: null,
    }
    const made = await makePlaylist(desk, db, wish, trackIds)
    const detail = { entries: file.entries.length, found: trackIds.length }
    await audit.record(db, { action: 'playlists.imported', actor: call.me, subject: made.id, detail })
    return made
  })
  return {
    playlist: await presentPlaylist(desk, call, await seen(desk, call.me, row.id)),
    found: trackIds.length,
    missing: file.entries
      .filter((_entry, index) => (found[index] ?? null) === null)
      .map(({ line, title, artist, location }) => ({ line, title, artist, location })),
  }
}
