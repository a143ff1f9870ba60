import { randomUUID } from 'node:crypto'
import * as assert from 'uvu/assert'
import type { Visitor } from '../kit/browser.ts'
import { type Publisher, publish } from '../kit/publisher.ts'
import type { RunningServer } from '../kit/server.ts'
import { eventually } from '../kit/wait.ts'
import { furnishLive } from './label-live.ts'
import { furnishMusic, type Music, type Send } from './label-music.ts'
import { type OpenStage, openStage } from './stage.ts'

/** A page to look at. */
export interface Place {
  path: string
  /** Who sees it. */
  as: 'guest' | 'owner'
  status?: number
}

/** A label that runs, with every page there is to look at. */
export interface Label {
  stage: OpenStage
  places: Place[]
  encoder: Publisher
  music: Music
}

/** A label with a replay, a silent channel, one on the air with all of its parts, words in its chat, music, an artist, members and rules. */
export async function furnish(): Promise<Label> {
  const stage = await openStage({ env: { VEZA_PLUGINS_PAYMENTS_SANDBOX: 'true' } })
  const made: Omit<Label, 'stage'>[] = []
  const fill = stage.play(async ({ server, owner }) => {
    await streamKey(server, 'quiet')
    const { url, key } = await streamKey(server, 'saturday')
    await publish({ url, key, seconds: 4 }).ended
    const replay = await eventually('a replay', async () => !(await isLive(server)) && firstReplay(server))
    const encoder = publish({ url, key })
    await eventually('the channel to be live', () => isLive(server))
    const ada = await owner()
    await send(ada, 'POST', '/chat/rooms/general/messages', { text: 'Which record was that?' })
    const asAda: Send = (method, path, data) => send(ada, method, path, data)
    const music = await furnishMusic(server, asAda)
    const live = await furnishLive(asAda, 'saturday', replay)
    const places = [...placesWith(replay, await people(ada)), ...live, ...musicPlaces(music)]
    made.push({ encoder, music, places })
  })
  await fill.catch(async (error: unknown) => {
    await stage.close()
    throw error
  })
  return { stage, ...made[0]! }
}

/** Fills the pages about people; the id of a member who is suspended. */
async function people(ada: Visitor): Promise<string> {
  const bio = '## Nights\n\nSlow records, **all of them**, and a [list](https://example.org/list).'
  const links = [{ label: 'Elsewhere', url: 'https://example.org/nights' }]
  const words = { bio, links, place: 'Lyon', genres: ['dub', 'ambient'] }
  await send(ada, 'PATCH', '/profiles/-/mine', { ...words, roles: ['DJ'], instruments: ['bass'] })
  await send(ada, 'POST', '/artists/roster', { name: 'Long Shadows', slug: 'long-shadows', isListed: true })
  await send(ada, 'PATCH', '/artists/roster/long-shadows', words)
  const newcomer = { email: 'sten@listener.test', username: 'sten', roles: ['member', 'artist'] }
  const { id } = (await send(ada, 'POST', '/admin/accounts', newcomer)) as { id: string }
  await send(ada, 'PUT', '/profiles/sten/block')
  await send(ada, 'POST', `/admin/accounts/${id}/suspend`, { reason: 'Noise', minutes: 60 })
  const invitation = { role: 'artist', note: 'The band', maxUses: 3, expiresInDays: 7 }
  await send(ada, 'POST', '/admin/invitations', invitation)
  const role = { name: 'press', title: 'Press', permissions: [], needsSecondFactor: true }
  await send(ada, 'POST', '/admin/roles', role)
  const rule = { network: '203.0.113.0/24', kind: 'deny', reason: 'Guesses passwords', minutes: 1440 }
  await send(ada, 'POST', '/admin/addresses', rule)
  const github = { kind: 'github', title: 'GitHub', clientId: 'x', clientSecret: 'y', isEnabled: false }
  await send(ada, 'PUT', '/admin/providers/github', { ...github, issuer: null })
  await send(ada, 'POST', '/auth/app-passwords', { name: 'Player', scopes: ['subsonic'] })
  return id
}

function placesWith(replayId: string, memberId: string): Place[] {
  const watched = ['/live', '/live/quiet', '/live/saturday', `/live/saturday/replays/${replayId}`]
  const people = ['/artists', '/artists/long-shadows', '/@owner']
  const doors = ['/login', '/register', '/forgot', '/reset', '/verify', '/setup']
  const account = ['', '/security', '/sessions', '/activity', '/mails', '/privacy']
  const machine = ['', '/plugins', '/jobs', '/mail', '/settings', '/audit', '/addresses', '/sign-in']
  const staff = ['/members', `/members/${memberId}`, '/invitations', '/roles']
  const guests = ['/', ...watched, '/chat', '/chat/general', ...people, ...doors]
  const owners = [
    ...['/', '/go-live', '/go-live?channel=quiet', '/setup', '/chat', '/@owner', '/profile/edit'],
    ...['/artists', '/artists/long-shadows', '/artists/long-shadows/edit'],
    ...account.map((tab) => `/account${tab}`),
    ...[...machine, ...staff].map((tab) => `/admin${tab}`),
  ]
  return [
    ...guests.map((path) => ({ path, as: 'guest' as const })),
    { path: '/nothing-here', as: 'guest', status: 404 },
    ...owners.map((path) => ({ path, as: 'owner' as const })),
  ]
}

function musicPlaces({ slug, trackIds, playlistId, smartId }: Music): Place[] {
  const heard = ['/library', '/library/tracks', `/releases/${slug}`, `/tracks/${trackIds[0]}`]
  const lists = ['/playlists', `/playlists/${playlistId}`]
  const frames = [`/embed/track/${trackIds[0]}`, `/embed/release/${slug}`, `/embed/playlist/${playlistId}`]
  const tabs = ['favourites', 'playlists', 'history'].map((tab) => `/library/${tab}`)
  const desks = ['/upload', `/releases/${slug}/edit`, '/releases/not-out-yet', '/trash', '/history']
  const mine = [`/playlists/${smartId}`, '/playlists?show=followed']
  return [
    ...[...heard, '/library/artists', ...lists, ...frames].map((path) => ({ path, as: 'guest' as const })),
    ...[...heard, ...lists, ...tabs, ...desks, ...mine].map((path) => ({ path, as: 'owner' as const })),
  ]
}

/** Does by the API what the stories of these pages do by hand. */
async function send({ page }: Visitor, method: string, path: string, data?: object): Promise<unknown> {
  const type: Record<string, string> = Buffer.isBuffer(data) ? { 'content-type': 'image/png' } : {}
  // What begins a payment asks for a key of its own.
  const headers = { ...type, 'idempotency-key': randomUUID() }
  const answer = await page.request.fetch(`/api/v1${path}`, { method, headers, ...(data && { data }) })
  assert.ok(answer.ok(), `${method} ${path}: ${await answer.text()}`)
  return answer.status() === 204 ? null : answer.json()
}

async function streamKey(server: RunningServer, channel: string): Promise<{ url: string; key: string }> {
  const { code, stdout, stderr } = await server.cli(['stream-key', 'create', '--channel', channel, '--json'])
  assert.is(code, 0, stderr)
  return JSON.parse(stdout) as { url: string; key: string }
}

async function firstReplay({ url }: RunningServer): Promise<string | undefined> {
  const answer = await fetch(`${url}/api/v1/live/channels/saturday/replays`)
  return ((await answer.json()) as { items: { id: string }[] }).items[0]?.id
}

async function isLive({ url }: RunningServer): Promise<boolean> {
  const answer = await fetch(`${url}/api/v1/live/channels/saturday`)
  return ((await answer.json()) as { status: string }).status === 'live'
}
