import { notFound } from '#contract'
import type { Track } from '#plugins/catalog'
import { type Call, html, type PageContent, problem } from '#sdk'
import type { Desk } from './desk.ts'
import { listItems } from './items.ts'
import { findPlaylist, listPlaylists, type PlaylistRow } from './playlists.ts'
import { presentCards, tracksFor } from './present.ts'

const words = {
  en: {
    playlists: 'Playlists',
    lead: 'Playlists from {label}.',
    by: 'by',
    tracks: 'tracks',
    none: 'No track yet.',
  },
  fr: {
    playlists: 'Playlists',
    lead: 'Les playlists de {label}.',
    by: 'par',
    tracks: 'titres',
    none: 'Encore aucun titre.',
  },
}
const wordsOf = (language: string) => (language === 'fr' ? words.fr : words.en)
const mostShown = 200

/** What crawlers, link previews and browsers without JavaScript see; only public playlists. */
export function registerPages(desk: Desk): void {
  const { router, db, site } = desk.ctx
  router.page('/playlists', async (_params, call): Promise<PageContent> => {
    const w = wordsOf(call.language)
    const { items } = await listPlaylists(db, { isPublic: true, limit: 100 })
    const list = items.map(({ id, title }) => html`<li><a href="/playlists/${id}">${title}</a></li>`)
    return {
      title: w.playlists,
      description: w.lead.replace('{label}', site.title()),
      body: html`<main><h1>${w.playlists}</h1><ul>${list}</ul></main>`,
    }
  })
  router.page('/playlists/{id}', async ({ id }, call): Promise<PageContent> => {
    const w = wordsOf(call.language)
    const row = idPattern.test(id) ? await findPlaylist(db, id) : null
    if (!row || row.trashedAt !== null) throw problem(notFound)
    // Others are shown by the app, to who may see them.
    if (row.visibility !== 'public')
      return { title: w.playlists, body: html`<main></main>`, isUnlisted: true }
    return publicPage(desk, call, row)
  })
}
const idPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

async function publicPage(desk: Desk, call: Call, row: PlaylistRow): Promise<PageContent> {
  const w = wordsOf(call.language)
  const { site } = desk.ctx
  const [[card], tracks] = await Promise.all([presentCards(desk, call, [row]), tracksOf(desk, call, row)])
  const image = card?.coverUrl ?? card?.covers[0]?.large.jpeg
  const address = `${site.url}/playlists/${row.id}`
  const owner = card?.owner
  const list = tracks.map(
    (track) =>
      html`<li><a href="/tracks/${track.id}">${track.title}</a> ${track.artists.map(({ name }) => name).join(', ')}</li>`,
  )
  const count = `${row.trackCount} ${w.tracks}`
  return {
    title: row.title,
    description:
      row.description || [count, owner && `${w.by} ${owner.displayName}`].filter(Boolean).join(' · '),
    ...(image ? { image } : {}),
    kind: 'music.playlist',
    meta: { 'music:song_count': String(row.trackCount) },
    about: aboutOf(row, address, tracks, site.url),
    body: html`<main><h1>${row.title}</h1>${
      owner && html`<p>${w.by} <a href="/@${owner.username}">${owner.displayName}</a> · ${count}</p>`
    }<p>${row.description}</p>${tracks.length === 0 ? html`<p>${w.none}</p>` : html`<ol>${list}</ol>`}</main>`,
  }
}

/** In words of schema.org. */
const aboutOf = (row: PlaylistRow, url: string, tracks: readonly Track[], siteUrl: string) => ({
  '@type': 'MusicPlaylist',
  name: row.title,
  url,
  numTracks: row.trackCount,
  track: tracks.map((track) => ({
    '@type': 'MusicRecording',
    name: track.title,
    url: `${siteUrl}/tracks/${track.id}`,
  })),
})

async function tracksOf(desk: Desk, call: Call, row: PlaylistRow): Promise<Track[]> {
  const ids = await trackIdsOf(desk, row, mostShown)
  const tracks = await tracksFor(desk, call, ids)
  return ids.flatMap((id) => tracks.get(id) ?? [])
}

/** In their order, whoever asks. */
async function trackIdsOf(desk: Desk, row: PlaylistRow, limit: number): Promise<string[]> {
  if (row.rulesJson) return (await desk.picks.of(row, null)).slice(0, limit)
  const { items } = await listItems(desk.ctx.db, row.id, { limit })
  return items.map(({ trackId }) => trackId)
}

const mostPlayed = 500

/** `/embed/playlist/{id}` of public ones, where there is a player. */
export function registerEmbed(desk: Desk): void {
  const { accounts, db, needs, storage } = desk.ctx
  needs.player?.addEmbed('playlist', async (id) => {
    const row = idPattern.test(id) ? await findPlaylist(db, id) : null
    if (!row || row.trashedAt !== null || row.visibility !== 'public') return null
    const owner = (await accounts.byIds([row.ownerId])).get(row.ownerId)
    return {
      title: row.title,
      author: owner ? { name: owner.displayName, href: `/@${owner.username}` } : null,
      href: `/playlists/${row.id}`,
      imageUrl: row.coverKey ? storage.dayUrl(`${row.coverKey}/640.webp`) : null,
      trackIds: await trackIdsOf(desk, row, mostPlayed),
    }
  })
}
