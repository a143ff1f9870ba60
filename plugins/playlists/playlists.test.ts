import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import type { TestAccount } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import * as contract from './contract.ts'
import { type Context, newList, openApp, trackIdsOf } from './testdata/kit.ts'

for (const kind of databaseKinds) {
  const test = suite<Context>(`playlists on ${kind}`)
  test.before(async (context) => {
    Object.assign(context, await openApp({ kind }))
  })
  test.after(({ app }) => app.close())

  test('is made, named anew, described, found and deleted, and comes back from the trash [LIST-01] [LIST-15]', async (context) => {
    const { app, ann, ben } = context
    const { id } = await newList(context)
    const params = { id }
    const body = { title: 'Night drive', description: 'For the road.' }
    const changed = await app.as(ann).call(contract.updatePlaylist, { params, body })
    assert.equal([changed.body.title, changed.body.description], [body.title, body.description])
    assert.is((await app.as(ben).call(contract.updatePlaylist, { params, body })).status, 404)
    const found = await app.as(ann).call(contract.listMyPlaylists, { query: { q: 'nIGHT dr' } })
    assert.equal(
      found.body.items.map((item) => [item.id, item.trackCount, item.role]),
      [[id, 3, 'owner']],
    )
    assert.is((await app.as(ann).call(contract.trashPlaylist, { params })).status, 204)
    assert.is((await app.as(ann).call(contract.getPlaylist, { params })).status, 404)
    assert.is(
      (
        await app
          .as(ann)
          .call(contract.addItems, { params, body: { trackIds: [newId()], unlessThere: false } })
      ).status,
      404,
    )
    const { items } = (await app.as(ann).call(contract.listTrash)).body
    assert.ok(items.some((item) => item.id === id && item.trackCount === 3))
    assert.is((await app.as(ben).call(contract.restorePlaylist, { params })).status, 404)
    const back = await app.as(ann).call(contract.restorePlaylist, { params })
    assert.is(back.body.items.length, 3)
  })

  test('who sees what: public, unlisted and private lists for each sort of person [LIST-05]', async (context) => {
    const { app, ann, ben, eve } = context
    const mod = await app.addAccount({ roles: ['moderator'] })
    const seenBy = async (list: contract.Playlist, as?: TestAccount, key?: string) => {
      const query = key === undefined ? {} : { key }
      const client = as ? app.as(as) : app
      const params = { id: list.id }
      const statuses = [
        (await client.call(contract.getPlaylist, { params, query })).status,
        (await client.call(contract.listItems, { params, query })).status,
        (
          await app.request(`/api/v1/playlists/${list.id}/export?format=m3u8${key ? `&key=${key}` : ''}`, {
            headers: as ? { cookie: as.cookie } : {},
          })
        ).status,
      ]
      assert.is(new Set(statuses).size, 1, statuses.join())
      return statuses[0]
    }
    const lists = {
      public: await newList(context, { visibility: 'public', withBen: true }),
      unlisted: await newList(context, { visibility: 'unlisted', withBen: true }),
      private: await newList(context, { visibility: 'private', withBen: true }),
    }
    const everybody = [ann, ben, eve, mod, undefined]
    const matrix = async (list: contract.Playlist, key?: string) =>
      Promise.all(everybody.map((one) => seenBy(list, one, key)))
    assert.equal(await matrix(lists.public), [200, 200, 200, 200, 200])
    assert.equal(await matrix(lists.unlisted), [200, 200, 404, 404, 404])
    assert.equal(await matrix(lists.private), [200, 200, 404, 404, 404])
    const key = new URL(lists.unlisted.href, 'http://x').searchParams.get('key') ?? ''
    assert.equal(await matrix(lists.unlisted, key), [200, 200, 200, 200, 200])
    assert.is(await seenBy(lists.unlisted, eve, `${key}x`), 404)
    assert.is(await seenBy(lists.private, eve, key), 404)
    const shown = (await app.call(contract.listPublicPlaylists, { query: { limit: 100 } })).body.items
    const mine = new Set(shown.map(({ id }) => id))
    assert.equal(
      [mine.has(lists.public.id), mine.has(lists.unlisted.id), mine.has(lists.private.id)],
      [true, false, false],
    )
    const of = await app.call(contract.listPlaylistsOf, { params: { username: ann.username } })
    assert.ok(of.body.items.every(({ visibility }) => visibility === 'public'))
    await app.as(ann).call(contract.renewPlaylistKey, { params: { id: lists.unlisted.id } })
    assert.is(await seenBy(lists.unlisted, eve, key), 404)
    const pages = await Promise.all(
      Object.values(lists).map(async ({ id }) => (await app.request(`/playlists/${id}`)).text()),
    )
    assert.match(pages[0] ?? '', `<h1>${lists.public.title}</h1>`)
    assert.match(pages[0] ?? '', lists.public.items[0]?.track?.title ?? 'none')
    for (const list of [lists.unlisted, lists.private])
      for (const page of pages.slice(1)) assert.not.match(page, list.title)
    const taken = await app.as(mod).call(contract.trashPlaylist, { params: { id: lists.public.id } })
    assert.is(taken.status, 204)
    assert.is(
      (await app.as(mod).call(contract.trashPlaylist, { params: { id: lists.private.id } })).status,
      404,
    )
    const back = await app.as(ann).call(contract.restorePlaylist, { params: { id: lists.public.id } })
    assert.is(back.body.visibility, 'private')
  })

  test('adds one and many, where it is said, moves and removes [LIST-03] [LIST-04]', async (context) => {
    const { app, shelf, ann } = context
    const list = await newList(context)
    const params = { id: list.id }
    const [x, y, z] = ['x', 'y', 'z'].map((title) => shelf.add(title)) as [string, string, string]
    const [a, b, c] = list.items.map(({ trackId }) => trackId) as [string, string, string]
    const add = (trackIds: string[], more = {}) =>
      app.as(ann).call(contract.addItems, { params, body: { trackIds, unlessThere: false, ...more } })
    const added = await add([x, y], { index: 1 })
    assert.equal(
      added.body.added.map(({ trackId }) => trackId),
      [x, y],
    )
    assert.equal(await trackIdsOf(app, ann, list.id), [a, x, y, b, c])
    const twice = await add([x, z], { unlessThere: true })
    assert.equal([twice.body.alreadyThere, twice.body.added.length], [[x], 1])
    await add([x])
    assert.equal(await trackIdsOf(app, ann, list.id), [a, x, y, b, c, z, x])
    const ids = async () =>
      (await app.as(ann).call(contract.listItems, { params })).body.items.map(({ id }) => id)
    const now = await ids()
    const move = { itemIds: [now[6] ?? '', now[0] ?? ''], to: 2 }
    await app.as(ann).call(contract.moveItems, { params, body: move })
    assert.equal(await trackIdsOf(app, ann, list.id), [x, y, a, x, b, c, z])
    const gone = { itemIds: (await ids()).slice(0, 4) }
    await app.as(ann).call(contract.removeItems, { params, body: gone })
    assert.equal(await trackIdsOf(app, ann, list.id), [b, c, z])
    assert.is((await app.as(ann).call(contract.removeItems, { params, body: gone })).status, 200)
    const unknown = await add([newId()])
    assert.is(unknown.problem, 'playlists.unknown-track')
    assert.is((await app.as(ann).call(contract.getPlaylist, { params })).body.trackCount, 3)
  })

  test('goes through pages in order, also while places move [LIST-04]', async (context) => {
    const { app, ann } = context
    const list = await newList(context, { tracks: 7 })
    const seen: string[] = []
    let after: string | undefined
    do {
      const query: { limit: number; after?: string } = after ? { limit: 3, after } : { limit: 3 }
      const { body } = await app.as(ann).call(contract.listItems, { params: { id: list.id }, query })
      seen.push(...body.items.map(({ id }) => id))
      after = body.next ?? undefined
    } while (after)
    assert.equal(
      seen,
      list.items.map(({ id }) => id),
    )
    const ids = [seen[4], newId(), seen[1]].join()
    const odd = { ids: '-'.repeat(36) }
    assert.is(
      (await app.as(ann).call(contract.listItems, { params: { id: list.id }, query: odd })).status,
      422,
    )
    const some = await app.as(ann).call(contract.listItems, { params: { id: list.id }, query: { ids } })
    assert.equal(some.body.items.map(({ id }) => id).sort(), [seen[4], seen[1]].sort() as string[])
  })

  test('editors come by name and by link, change tracks alone, and leave; who added what is shown [LIST-06]', async (context) => {
    const { app, shelf, ann, ben, eve } = context
    const list = await newList(context)
    const params = { id: list.id }
    const add = (as: TestAccount) =>
      app
        .as(as)
        .call(contract.addItems, { params, body: { trackIds: [shelf.add('by')], unlessThere: false } })
    assert.is((await add(ben)).status, 404)
    const asked = await app
      .as(ann)
      .call(contract.addEditor, { params, body: { username: `@${ben.username}` } })
    assert.equal(
      asked.body.items.map(({ person }) => person.id),
      [ben.id],
    )
    const { added } = (await add(ben)).body
    assert.is(added[0]?.addedBy?.id, ben.id)
    assert.ok(Date.parse(added[0]?.addedAt ?? '') > Date.now() - 60_000)
    const body = { title: 'Mine now' }
    assert.is((await app.as(ben).call(contract.updatePlaylist, { params, body })).status, 403)
    assert.is(
      (await app.as(ben).call(contract.addEditor, { params, body: { username: eve.username } })).status,
      403,
    )
    assert.is((await app.as(ben).call(contract.trashPlaylist, { params })).status, 403)
    const unknown = await app.as(ann).call(contract.addEditor, { params, body: { username: 'nobody-here' } })
    assert.is(unknown.problem, 'playlists.unknown-person')
    const { inviteHref } = (await app.as(ann).call(contract.openInvitation, { params })).body
    const invitation = new URL(inviteHref ?? '', 'http://x').searchParams.get('invitation') ?? ''
    assert.is((await app.as(ben).call(contract.listEditors, { params })).body.inviteHref, null)
    const join = (text: string) =>
      app.as(eve).call(contract.acceptInvitation, { params, body: { invitation: text } })
    assert.is((await join('guess')).problem, 'playlists.invitation-ended')
    assert.is((await join(invitation)).status, 204)
    assert.is((await add(eve)).status, 200)
    await app.as(ann).call(contract.closeInvitation, { params })
    assert.is((await join(invitation)).problem, 'playlists.invitation-ended')
    const leave = (as: TestAccount, accountId: string) =>
      app.as(as).call(contract.removeEditor, { params: { ...params, accountId } })
    assert.is((await leave(eve, ben.id)).status, 403)
    assert.is((await leave(eve, eve.id)).status, 204)
    assert.is((await leave(ann, ben.id)).status, 204)
    assert.equal([(await add(eve)).status, (await add(ben)).status], [404, 404])
    const editors = (await app.as(ann).call(contract.getPlaylist, { params })).body.editors
    assert.equal(editors, [])
  })

  test.run()
}
