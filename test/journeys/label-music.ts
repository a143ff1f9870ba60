import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import type { RunningServer } from '../kit/server.ts'
import { nightSky } from './pictures.ts'
import { tone } from './songs.ts'

/** Does as the owner what the pages do. */
export type Send = (method: string, path: string, data?: object | Buffer) => Promise<unknown>

/** What there is to hear at the label. */
export interface Music {
  slug: string
  trackIds: string[]
  playlistId: string
  smartId: string
}

interface Listed<T> {
  items: T[]
}

/** A release with cover and words, a draft, a file that waits, playlists, a history and a full queue. */
export async function furnishMusic(server: RunningServer, send: Send): Promise<Music> {
  const folder = await mkdtemp(join(tmpdir(), 'veza-label-'))
  try {
    await bring(server, folder)
  } finally {
    await rm(folder, { recursive: true })
  }
  const slug = await dress(send)
  const tracks = (await send('GET', `/catalog/releases/${slug}/tracks`)) as Listed<{ id: string }>
  const trackIds = tracks.items.map(({ id }) => id)
  await listen(send, trackIds)
  return { slug, trackIds, ...(await gather(send, trackIds)) }
}

async function bring(server: RunningServer, folder: string): Promise<void> {
  const titles = ['Low Tide', 'A Rather Long Name for So Short a Song, Live in the Old Harbour', 'Salt']
  const album = { album: 'Night Drives', artist: 'Mira Vale', genre: 'Dub techno', date: '2026-11-14' }
  for (const [at, title] of titles.entries())
    await tone(join(folder, `${at}.flac`), {
      hz: 220 + 40 * at,
      seconds: 2,
      tags: { ...album, title, track: at + 1 },
    })
  const { code, stderr } = await server.cli(['import', folder, '--wait', '--json'])
  assert.is(code, 0, stderr)
}

/** Gives the release all that a release can have; its slug. */
async function dress(send: Send): Promise<string> {
  const { items } = (await send('GET', '/catalog/releases')) as Listed<{ slug: string }>
  const slug = items[0]?.slug ?? ''
  const description = 'Recorded **at night**, in one take. [More](https://example.org).'
  const words = { description, tags: ['dub', 'night'], catalogNumber: 'MV-001', isDownloadable: true }
  await send('PATCH', `/catalog/releases/${slug}`, words)
  await send('PUT', `/catalog/releases/${slug}/cover`, await nightSky())
  await send('POST', '/catalog/releases', { title: 'Not out yet' })
  const other = (await send('POST', '/catalog/releases', { title: 'Away' })) as { slug: string }
  await send('DELETE', `/catalog/releases/${other.slug}`)
  return slug
}

async function listen(send: Send, trackIds: string[]): Promise<void> {
  const [first = ''] = trackIds
  const lyrics = {
    lyrics: 'One wave\nand another',
    syncedLyrics: '[00:00.50]One wave\n[00:01.00]and another',
  }
  await send('PATCH', `/catalog/tracks/${first}`, { ...lyrics, bpm: 124.5, key: 'F#m', isExplicit: true })
  await send('PUT', `/catalog/tracks/${first}/favourite`, { isFavourite: true })
  await send('PUT', `/catalog/tracks/${first}/stars`, { stars: 4 })
  await send('POST', '/player/plays', {
    trackId: first,
    startId: startedAt(Date.now() - 5000),
    heardMs: 2000,
  })
  const from = { id: 'release:x', title: 'Night Drives', href: '/library' }
  const device = { deviceId: startedAt(0), deviceName: 'Firefox on Linux', isPlaying: false }
  const order = { index: 0, positionMs: 700, shuffleSeed: null, repeat: 'none' }
  await send('PUT', '/player/queue', { ...device, ...order, trackIds, from })
}

/** A UUIDv7 of that time. */
function startedAt(ms: number): string {
  const time = ms.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}

async function gather(send: Send, trackIds: string[]): Promise<{ playlistId: string; smartId: string }> {
  const open = { visibility: 'public', trackIds }
  const list = { ...open, title: 'Late trains', description: 'For the way home.' }
  const { id: playlistId } = (await send('POST', '/playlists/mine', list)) as { id: string }
  const rules = {
    match: 'all',
    rules: [{ field: 'genre', is: 'contains', value: 'dub' }],
    sort: 'title',
    limit: { by: 'tracks', count: 20 },
  }
  const smart = { title: 'All dub', visibility: 'public', rules }
  const { id: smartId } = (await send('POST', '/playlists/mine', smart)) as { id: string }
  await send('POST', '/playlists/folders', { name: 'Trains' })
  return { playlistId, smartId }
}
