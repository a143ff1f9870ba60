import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import { trackRemoved } from '#plugins/catalog'
import * as contract from './contract.ts'
import { readPlaylistFile } from './formats/read.ts'
import { type Context, newList, openApp, trackIdsOf } from './testdata/kit.ts'

const test = suite<Context>('playlists as files, and what goes when something goes')
test.before(async (context) => {
  Object.assign(context, await openApp())
})
test.after(({ app }) => app.close())

test('goes out in three formats with whole addresses, and comes back the same [LIST-12]', async (context) => {
  const { app, ann } = context
  const list = await newList(context, { visibility: 'public', tracks: 4 })
  for (const format of contract.fileFormats) {
    const answer = await app.request(`/api/v1/playlists/${list.id}/export?format=${format}`)
    assert.is(answer.status, 200)
    assert.match(answer.headers.get('content-disposition') ?? '', `.${format}`)
    const bytes = Buffer.from(await answer.arrayBuffer())
    const [first] = readPlaylistFile(bytes, '', 10).entries
    const track = list.items[0]?.track
    assert.equal(
      [first?.location, first?.title, first?.artist, first?.album, first?.durationMs],
      [`http://main.test/tracks/${track?.id}`, track?.title, track?.artists[0]?.name, 'First Light', 61_000],
    )
    const sent = await app.request(`/api/v1/playlists/imports?fileName=list.${format}`, {
      method: 'POST',
      headers: { cookie: ann.cookie, 'content-type': 'application/octet-stream' },
      body: bytes as never,
    })
    const { playlist, found, missing } = (await sent.json()) as {
      playlist: contract.Playlist
      found: number
      missing: unknown[]
    }
    assert.equal([sent.status, found, missing, playlist.title], [200, 4, [], list.title])
    assert.equal(
      playlist.items.map(({ trackId }) => trackId),
      list.items.map(({ trackId }) => trackId),
    )
  }
  const path = `/api/v1/playlists/${list.id}/export`
  assert.match(await (await app.request(path)).text(), '#EXTM3U')
  for (const query of ['?format=pls', '?format=']) assert.is((await app.request(path + query)).status, 422)
})

test('says line by line what the catalogue does not have, and refuses what is no playlist [LIST-12]', async (context) => {
  const { app, shelf, ann } = context
  shelf.add('Known')
  const post = (text: string | Uint8Array, name: string) =>
    app.request(`/api/v1/playlists/imports?fileName=${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { cookie: ann.cookie, 'content-type': 'application/octet-stream' },
      body: text as never,
    })
  const text = '#EXTM3U\n#EXTINF:10,Ann - Known\na.mp3\n#EXTINF:10,Ben - Lost\nb.mp3\nc.mp3\n'
  const answer = (await (await post(text, 'C:\\lists\\Summer.m3u')).json()) as {
    playlist: contract.Playlist
    found: number
    missing: { line: number; title: string | null; location: string | null }[]
  }
  assert.equal([answer.playlist.title, answer.found], ['Summer', 1])
  assert.equal(
    answer.missing.map(({ line, title, location }) => [line, title, location]),
    [
      [5, 'Lost', 'b.mp3'],
      [6, null, 'c.mp3'],
    ],
  )
  const type = async (response: Response) => ((await response.json()) as { type: string }).type
  assert.is(await type(await post('no list', 'a.txt')), 'urn:veza:problem:playlists.unreadable-file')
  const long = await post(`#EXTM3U\n${'a\n'.repeat(10_001)}`, 'a.m3u8')
  assert.is(await type(long), 'urn:veza:problem:playlists.too-many-entries')
  assert.is((await post(new Uint8Array(2 * 1024 * 1024 + 1).fill(35), 'a.m3u8')).status, 413)
})

test('a track that is gone for good leaves every playlist [LIST-03]', async (context) => {
  const { app, shelf, ann } = context
  const [one, two] = [await newList(context), await newList(context)]
  const trackId = one.items[1]?.trackId ?? ''
  await app
    .as(ann)
    .call(contract.addItems, { params: two, body: { trackIds: [trackId, trackId], unlessThere: false } })
  await app.as(ann).call(contract.trashPlaylist, { params: two })
  shelf.tracks.delete(trackId)
  await app.site.events.eventsFor('catalog').emit(app.site.database.db, trackRemoved, { trackId })
  await app.jobs.drain()
  await app.as(ann).call(contract.restorePlaylist, { params: two })
  assert.equal(
    [(await trackIdsOf(app, ann, one.id)).length, (await trackIdsOf(app, ann, two.id)).length],
    [2, 3],
  )
})

test('who leaves takes their playlists along; what they added elsewhere stays without a name [LIST-06]', async (context) => {
  const { app, shelf, ann } = context
  const guest = await app.addAccount()
  const list = await newList(context)
  await app.as(ann).call(contract.addEditor, { params: list, body: { username: guest.username } })
  const body = { trackIds: [shelf.add('theirs')], unlessThere: false }
  await app.as(guest).call(contract.addItems, { params: list, body })
  await app.as(guest).call(contract.createFolder, { body: { name: 'Own' } })
  const wish = { title: 'Own', visibility: 'public', trackIds: body.trackIds }
  const own = (await app.as(guest).call(contract.createPlaylist, { body: wish as never })).body
  await app.site.events
    .eventsFor('server')
    .emit(app.site.database.db, identity.accountDeleted, { accountId: guest.id })
  await app.jobs.drain()
  const now = (await app.as(ann).call(contract.getPlaylist, { params: list })).body
  assert.equal([now.items.length, now.items[3]?.addedBy, now.editors], [4, null, []])
  assert.is((await app.call(contract.getPlaylist, { params: own })).status, 404)
  const { db } = app.site.database
  for (const table of ['playlists_folders', 'playlists_editors', 'playlists_replicas'])
    assert.is((await db(table).where({ accountId: guest.id })).length, 0, table)
})

test('the trash is emptied after thirty days, and not before [LIST-01]', async (context) => {
  const { app, ann } = context
  const { db } = app.site.database
  const [old, young] = [await newList(context), await newList(context)]
  for (const list of [old, young]) await app.as(ann).call(contract.trashPlaylist, { params: list })
  const at = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
  await db('playlists_playlists')
    .where({ id: old.id })
    .update({ trashedAt: at(30.1) })
  await db('playlists_playlists')
    .where({ id: young.id })
    .update({ trashedAt: at(29.9) })
  await app.jobs.jobsFor('test').enqueue(db, contract.tendPlaylists, {})
  await app.jobs.drain()
  const restore = (list: contract.Playlist) => app.as(ann).call(contract.restorePlaylist, { params: list })
  assert.equal([(await restore(old)).status, (await restore(young)).status], [404, 200])
  for (const table of ['playlists_items', 'playlists_documents'])
    assert.is((await db(table).where({ playlistId: old.id })).length, 0, table)
})

test.run()
