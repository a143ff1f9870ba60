import sharp from 'sharp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import type { TestAccount } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import * as contract from './contract.ts'
import { type Context, newList, openApp, trackIdsOf } from './testdata/kit.ts'

const rules = (genre: string, limit = 50) => ({
  match: 'all' as const,
  rules: [{ field: 'genre' as const, is: 'is' as const, value: genre }],
  sort: 'newest' as const,
  limit: { by: 'tracks' as const, count: limit },
})

for (const kind of databaseKinds) {
  const test = suite<Context>(`smart lists, folders, followers on ${kind}`)
  test.before(async (context) => {
    Object.assign(context, await openApp({ kind }))
  })
  test.after(({ app }) => app.close())

  test('duplicates in one transaction, all of it or nothing [LIST-10]', async (context) => {
    const { app, shelf, ann, ben } = context
    const list = await newList(context, { tracks: 5, visibility: 'public' })
    const params = { id: list.id }
    const copy = await app.as(ben).call(contract.duplicatePlaylist, { params, body: { title: 'Copy' } })
    assert.equal([copy.body.title, copy.body.owner?.id, copy.body.visibility], ['Copy', ben.id, 'private'])
    assert.equal(
      copy.body.items.map(({ trackId, addedBy }) => [trackId, addedBy?.id]),
      list.items.map(({ trackId }) => [trackId, ben.id]),
    )
    await app.as(ben).call(contract.addItems, {
      params: copy.body,
      body: { trackIds: [shelf.add('more')], unlessThere: false },
    })
    assert.is((await trackIdsOf(app, ann, list.id)).length, 5)
    const { db } = app.site.database
    const tables = ['playlists_playlists', 'playlists_items', 'playlists_documents']
    const counts = async () =>
      Promise.all(tables.map(async (table) => Number((await db(table).count({ n: '*' }).first())?.n)))
    const before = await counts()
    await db.schema.alterTable('audit_entries', (t) => t.renameColumn('action', 'gone'))
    const failed = await app.as(ben).call(contract.duplicatePlaylist, { params, body: {} })
    await db.schema.alterTable('audit_entries', (t) => t.renameColumn('gone', 'action'))
    assert.is(failed.status, 500)
    assert.equal(await counts(), before)
  })

  test('smart lists fill themselves, preview what they pick, and freeze into lists [LIST-08] [LIST-09]', async (context) => {
    const { app, shelf, ann, ben } = context
    const genre = `Genre ${newId()}`
    const first = shelf.add('First', { genre })
    const preview = await app.as(ann).call(contract.previewRules, { body: { rules: rules(genre) } })
    assert.equal([preview.body.trackCount, preview.body.tracks[0]?.id], [1, first])
    const body = { title: 'Fills itself', visibility: 'public', rules: rules(genre) }
    const smart = (await app.as(ann).call(contract.createPlaylist, { body: body as never })).body
    assert.equal([smart.kind, smart.items.map(({ id }) => id), smart.can.edit], ['smart', [first], false])
    const second = shelf.add('Second', { genre })
    const hidden = shelf.add('Hidden', { genre, isHidden: true })
    const params = { id: smart.id }
    // Another person asks for the first time: nothing is remembered for them.
    const now = (await app.as(ben).call(contract.getPlaylist, { params })).body
    assert.equal(
      now.items.map(({ id }) => id),
      [first, second],
    )
    assert.not.ok(now.items.some(({ id }) => id === hidden))
    const add = { params, body: { trackIds: [first], unlessThere: false } }
    assert.is((await app.as(ann).call(contract.addItems, add)).problem, 'playlists.is-smart')
    const narrower = await app
      .as(ann)
      .call(contract.updatePlaylist, { params, body: { rules: rules(genre, 1) } })
    assert.equal([narrower.body.items.length, narrower.body.trackCount], [1, 1])
    await app.as(ann).call(contract.updatePlaylist, { params, body: { rules: rules(genre) } })
    const frozen = (await app.as(ben).call(contract.duplicatePlaylist, { params, body: {} })).body
    assert.equal([frozen.kind, frozen.items.map(({ trackId }) => trackId)], ['list', [first, second]])
    const list = await newList(context)
    const wrong = await app
      .as(ann)
      .call(contract.updatePlaylist, { params: list, body: { rules: rules(genre) } })
    assert.is(wrong.problem, 'playlists.not-smart')
  })

  test('folders are one’s own, have one name each, and let their playlists go [LIST-11]', async (context) => {
    const { app, ann, ben } = context
    const make = (as: TestAccount, name: string) => app.as(as).call(contract.createFolder, { body: { name } })
    const folder = (await make(ann, 'Évenings')).body
    assert.is((await make(ann, 'éVENINGS')).problem, 'playlists.folder-taken')
    assert.is((await make(ben, 'Évenings')).status, 200)
    const list = await newList(context)
    const put = (as: TestAccount, folderId: string) =>
      app.as(as).call(contract.updatePlaylist, { params: { id: list.id }, body: { folderId } })
    assert.is((await put(ann, folder.id)).body.folderId, folder.id)
    assert.is((await put(ann, (await make(ben, 'Other')).body.id)).problem, 'playlists.unknown-folder')
    const folders = (await app.as(ann).call(contract.listFolders)).body.items
    assert.equal(folders, [{ ...folder, playlistCount: 1 }])
    const second = (await make(ann, 'Days')).body
    const rename = (id: string, name: string, as = ann) =>
      app.as(as).call(contract.updateFolder, { params: { id }, body: { name } })
    assert.is((await rename(second.id, 'évenings')).problem, 'playlists.folder-taken')
    assert.is((await rename(second.id, 'DAYS')).body.name, 'DAYS')
    const more = await Promise.all(['One', 'Two', 'Three'].map((name) => make(ben, name)))
    const renamed = await Promise.all(more.map(({ body }) => rename(body.id, 'Nights', ben)))
    assert.equal(renamed.map(({ problem, status }) => problem ?? status).sort(), [
      200,
      ...['playlists.folder-taken', 'playlists.folder-taken'],
    ])
    assert.is((await rename(second.id, 'x', ben)).status, 404)
    assert.is((await app.as(ben).call(contract.removeFolder, { params: folder })).status, 404)
    assert.is((await app.as(ann).call(contract.removeFolder, { params: folder })).status, 204)
    const { folderId } = (await app.as(ann).call(contract.getPlaylist, { params: { id: list.id } })).body
    assert.is(folderId, null)
  })

  test('followers see marks, and hear of changes at most once an hour [LIST-13]', async (context) => {
    const { app, shelf, ann, eve } = context
    const list = await newList(context, { visibility: 'public' })
    const params = { id: list.id }
    assert.is((await app.as(ann).call(contract.followPlaylist, { params })).problem, 'playlists.own')
    for (let time = 0; time < 2; time++)
      assert.is((await app.as(eve).call(contract.followPlaylist, { params })).status, 204)
    const marks = async () =>
      (await app.as(eve).call(contract.listFollowedPlaylists)).body.items.map((item) => [
        item.id,
        item.hasNews,
      ])
    assert.equal(await marks(), [[list.id, false]])
    const told = async () =>
      (await app.site.database.db('playlists_playlists').where({ id: list.id }).first()).announcedAt
    await new Promise((resolve) => setTimeout(resolve, 2))
    const add = () =>
      app
        .as(ann)
        .call(contract.addItems, { params, body: { trackIds: [shelf.add('new')], unlessThere: false } })
    await add()
    assert.equal(await marks(), [[list.id, true]])
    const first = await told()
    assert.ok(first)
    await add()
    assert.is(await told(), first)
    await app.as(eve).call(contract.markSeen, { params })
    assert.equal(await marks(), [[list.id, false]])
    assert.is((await app.as(eve).call(contract.getPlaylist, { params })).body.followerCount, 1)
    await app.as(ann).call(contract.updatePlaylist, { params, body: { visibility: 'private' } })
    assert.equal(await marks(), [])
    await app.as(eve).call(contract.unfollowPlaylist, { params })
    assert.is((await app.as(eve).call(contract.unfollowPlaylist, { params })).status, 404)
  })

  test('a cover of one’s own takes the place of the mosaic, and the old file goes [LIST-02]', async (context) => {
    const { app, ann, ben } = context
    const list = await newList(context, { visibility: 'public' })
    const image = await sharp({ create: { width: 90, height: 60, channels: 3, background: '#246' } })
      .png()
      .toBuffer()
    const put = (as: TestAccount) =>
      app.request(`/api/v1/playlists/${list.id}/cover`, {
        method: 'PUT',
        headers: { cookie: as.cookie, 'content-type': 'image/png' },
        body: new Uint8Array(image),
      })
    const files = async () => {
      let count = 0
      for await (const _file of app.site.storage.list('playlists/cover/')) count++
      return count
    }
    assert.is((await put(ben)).status, 403)
    await put(ann)
    const { coverUrl } = (await (await put(ann)).json()) as contract.Playlist
    assert.is(await files(), 1)
    assert.is((await app.request(coverUrl ?? '')).status, 200)
    const gone = await app.as(ann).call(contract.removePlaylistCover, { params: { id: list.id } })
    assert.equal([gone.body.coverUrl, await files()], [null, 0])
  })

  test.run()
}
