import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { applyUpdate, Doc, type Array as SharedList } from 'yjs'
import { newId } from '#sdk'
import type { TestAccount } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import * as contract from './contract.ts'
import {
  base64,
  type Context,
  type Frame,
  isEdited,
  joinList,
  newList,
  openApp,
  replica,
  trackIdsOf,
  updateOf,
} from './testdata/kit.ts'

const { insertPlaces, movePlaces, placesOf, positionsOf, removePlaces, tracksOf } = contract
const refusalOf = (frame: Frame) =>
  String((frame.problem as Frame | undefined)?.type ?? 'taken').replace('urn:veza:problem:', '')

for (const kind of databaseKinds) {
  const test = suite<Context>(`live editing on ${kind}`)
  test.before(async (context) => {
    Object.assign(context, await openApp({ kind }))
  })
  test.after(({ app }) => app.close())

  test('two browsers see each other’s changes, REST clients’ too, and the rows follow [LIST-07]', async (context) => {
    const { app, shelf, ann, ben } = context
    const list = await newList(context, { withBen: true })
    const [one, two] = [await joinList(app, list, ann), await joinList(app, list, ben)]
    const [annDoc, benDoc] = [await replica(context, ann, list.id), await replica(context, ben, list.id)]
    const added = shelf.add('live')
    const place = { id: newId(), trackId: added }
    const update = updateOf(annDoc, (doc) => insertPlaces(doc, [place], 1))
    const answer = await one.ask('edit', { update: base64(update) })
    const heard = await two.socket.until(isEdited)
    assert.is((answer.result as Frame).version, (heard.data as Frame).version)
    applyUpdate(benDoc, Buffer.from(String((heard.data as Frame).update), 'base64'))
    assert.is(placesOf(benDoc)[1]?.id, place.id)
    const body = { itemIds: [place.id], to: 0 }
    const { version } = (await app.as(ben).call(contract.moveItems, { params: list, body })).body
    const moved = await one.socket.until(
      (frame) => isEdited(frame) && (frame.data as Frame).version === version,
    )
    applyUpdate(annDoc, Buffer.from(String((moved.data as Frame).update), 'base64'))
    assert.is(placesOf(annDoc)[0]?.id, place.id)
    const shown = (await app.as(ben).call(contract.getPlaylist, { params: list })).body
    assert.equal(
      shown.items.map(({ id }) => id),
      placesOf(annDoc).map(({ id }) => id),
    )
    assert.is(shown.items[0]?.addedBy?.id, ann.id)
    one.socket.close()
    two.socket.close()
  })

  test('an update sent twice counts once, and what was made offline is taken up [LIST-07]', async (context) => {
    const { app, shelf, ann, ben } = context
    const list = await newList(context, { withBen: true })
    const room = await joinList(app, list, ann)
    const doc = await replica(context, ann, list.id)
    const update = base64(
      updateOf(doc, (doc) => insertPlaces(doc, [{ id: newId(), trackId: shelf.add('a') }], 0)),
    )
    await room.ask('edit', { update })
    const again = await room.ask('edit', { update })
    assert.equal((again.result as Frame).version, 2)
    room.socket.close()
    // Meanwhile both go on without hearing of each other.
    const gone = placesOf(doc)[1]?.id ?? ''
    const benDoc = await replica(context, ben, list.id)
    const offline = updateOf(doc, (doc) => {
      removePlaces(doc, [gone])
      insertPlaces(doc, [{ id: newId(), trackId: shelf.add('b') }], 9)
    })
    const other = updateOf(benDoc, (doc) => movePlaces(doc, [gone], 0))
    const send = (as: TestAccount, update: Uint8Array) =>
      app.request(`/api/v1/playlists/${list.id}/document`, {
        method: 'POST',
        headers: { cookie: as.cookie, 'content-type': 'application/octet-stream' },
        body: new Uint8Array(update),
      })
    assert.equal([(await send(ben, other)).status, (await send(ann, offline)).status], [200, 200])
    await replica(context, ann, list.id, doc)
    await replica(context, ben, list.id, benDoc)
    assert.equal(placesOf(doc), placesOf(benDoc))
    assert.equal(
      await trackIdsOf(app, ann, list.id),
      placesOf(doc).map(({ trackId }) => trackId),
    )
    assert.not.ok(placesOf(doc).some(({ id }) => id === gone))
    assert.is(positionsOf(doc).size, tracksOf(doc).size)
  })

  test('an undone removal gives the place back to whom it was of [LIST-15] [LIST-06]', async (context) => {
    const { app, ann, ben } = context
    const list = await newList(context, { withBen: true })
    const room = await joinList(app, list, ben)
    const doc = await replica(context, ben, list.id)
    const [first] = placesOf(doc) as [contract.Place]
    const edit = (work: (doc: Doc) => void) => room.ask('edit', { update: base64(updateOf(doc, work)) })
    await edit((doc) => removePlaces(doc, [first.id]))
    await edit((doc) => insertPlaces(doc, [first], 0))
    const [item] = (await app.as(ben).call(contract.getPlaylist, { params: list })).body.items
    assert.equal([item?.id, item?.addedBy?.id], [first.id, ann.id])
    assert.is(item?.addedAt, list.items[0]?.addedAt)
    room.socket.close()
  })

  test('refuses forged, foreign, broken and too many changes, and stores nothing of them [LIST-07]', async (context) => {
    const { app, shelf, ann, ben, eve } = context
    const list = await newList(context, { withBen: true, visibility: 'public' })
    const room = await joinList(app, list, ben)
    const id = list.id
    const track = shelf.add('well')
    const refused = async (work: (doc: Doc) => void, as = ben) => {
      const doc = await replica(context, as, id)
      return refusalOf(await room.ask('edit', { update: base64(updateOf(doc, work)) }))
    }
    const [place] = placesOf(await replica(context, ann, id)) as [contract.Place]
    const bad: [string, (doc: Doc) => void][] = [
      [
        'a place that says who added it',
        (doc) => doc.getMap('tracks').set(newId(), { track, addedBy: ann.id }),
      ],
      ['another map', (doc) => doc.getMap('addedBy').set(place.id, ann.id)],
      ['a list', (doc) => (doc.getArray('more') as SharedList<string>).push(['x'])],
      ['text in the map', (doc) => doc.getMap('tracks').set(newId(), new Doc().getMap('x').toJSON())],
      ['a map within', (doc) => doc.getMap('tracks').set(newId(), 7)],
      ['another track in a place', (doc) => tracksOf(doc).set(place.id, track)],
      ['a key that is no id', (doc) => tracksOf(doc).set('first', track)],
      ['a track that is no id', (doc) => tracksOf(doc).set(newId(), 'x')],
      ['a position that is none', (doc) => positionsOf(doc).set(place.id, 'A-1')],
      ['a position with no room before it', (doc) => positionsOf(doc).set(place.id, '0')],
      ['a long position', (doc) => positionsOf(doc).set(place.id, 'a'.repeat(101))],
    ]
    for (const [what, work] of bad) assert.is(await refused(work), 'playlists.bad-update', what)
    const insert =
      (trackId: string, count = 1) =>
      (doc: Doc) =>
        insertPlaces(
          doc,
          Array.from({ length: count }, () => ({ id: newId(), trackId })),
          0,
        )
    assert.is(await refused(insert(newId())), 'playlists.unknown-track')

    // Under the number of somebody else’s page.
    const mine = await replica(context, ann, id)
    const annRoom = await joinList(app, list, ann)
    assert.is(
      refusalOf(await annRoom.ask('edit', { update: base64(updateOf(mine, insert(track))) })),
      'taken',
    )
    const forger = await replica(context, ben, id)
    forger.clientID = mine.clientID
    assert.is(
      refusalOf(await room.ask('edit', { update: base64(updateOf(forger, insert(track))) })),
      'playlists.bad-update',
    )

    // A change whose beginning never came.
    const gappy = await replica(context, ben, id)
    updateOf(gappy, insert(track))
    const late = updateOf(gappy, insert(track))
    assert.is(refusalOf(await room.ask('edit', { update: base64(late) })), 'playlists.out-of-step')

    const noise = Array.from({ length: 300 }, (_none, at) => (at * 7919 + 13) % 256)
    for (const bytes of [[], [0], [1, 2, 3], noise, [1, 255, 255, 255, 255, 15, 0, 0]])
      assert.ok(
        ['playlists.bad-update', 'playlists.out-of-step', 'taken'].includes(
          refusalOf(await room.ask('edit', { update: base64(Uint8Array.from(bytes)) })),
        ),
      )
    const send = (body: Uint8Array, as: TestAccount) =>
      app.request(`/api/v1/playlists/${id}/document`, {
        method: 'POST',
        headers: { cookie: as.cookie, 'content-type': 'application/octet-stream' },
        body: body as never,
      })
    assert.is((await send(new Uint8Array(1024 * 1024).fill(7), ben)).status, 413)
    assert.is((await send(new Uint8Array(500_000).fill(7), ben)).status, 422)
    assert.is((await send(late, eve)).status, 403)
    const eveRoom = await joinList(app, list, eve)
    assert.is(refusalOf(await eveRoom.ask('edit', { update: base64(late) })), 'not-allowed')
    const guest = await joinList(app, list)
    assert.is(refusalOf(await guest.ask('edit', { update: base64(late) })), 'not-signed-in')
    assert.equal(await trackIdsOf(app, ann, id), [track, ...list.items.map(({ trackId }) => trackId)])
    for (const one of [room, annRoom, eveRoom, guest]) one.socket.close()
  })

  test('holds 10,000 tracks and not one more; the document shrinks to one piece [LIST-03]', async (context) => {
    const { app, shelf, ann } = context
    const list = await newList(context, { tracks: 0 })
    const trackId = shelf.add('often')
    const doc = await replica(context, ann, list.id)
    const send = (count: number) => {
      const places = Array.from({ length: count }, () => ({ id: newId(), trackId }))
      return app.request(`/api/v1/playlists/${list.id}/document`, {
        method: 'POST',
        headers: { cookie: ann.cookie, 'content-type': 'application/octet-stream' },
        body: updateOf(doc, (doc) => insertPlaces(doc, places, Number.POSITIVE_INFINITY)) as never,
      })
    }
    for (let sent = 0; sent < 10_000; sent += 2500) assert.is((await send(2500)).status, 200)
    const full = await send(1)
    assert.is(((await full.json()) as Frame).type, 'urn:veza:problem:playlists.too-many-tracks')
    const { trackCount } = (await app.as(ann).call(contract.getPlaylist, { params: list })).body
    assert.is(trackCount, 10_000)
    const { db } = app.site.database
    const left = await db('playlists_updates').where({ playlistId: list.id })
    assert.ok(left.length < 4)
    assert.is(placesOf(await replica(context, ann, list.id)).length, 10_000)
  })

  test('tells editors who is here, and nobody else what is private [LIST-07] [LIST-05]', async (context) => {
    const { app, shelf, ann, ben, eve } = context
    const list = await newList(context, { withBen: true, visibility: 'public' })
    const [one, two] = [await joinList(app, list, ann), await joinList(app, list, ben)]
    await one.ask('here', { asks: true })
    const seen = await two.socket.until((frame) => frame.type === 'here')
    const { person, connectionId } = seen.data as { person: { id: string }; connectionId: string }
    assert.is(person.id, ann.id)
    one.socket.close()
    const left = await two.socket.until((frame) => frame.type === 'left')
    assert.is((left.data as Frame).connectionId, connectionId)
    const stranger = await joinList(app, list, eve)
    assert.is(refusalOf(await stranger.ask('here', { asks: true })), 'not-allowed')
    await app.as(ann).call(contract.updatePlaylist, { params: list, body: { visibility: 'private' } })
    await stranger.socket.until((frame) => frame.type === 'changed')
    const body = { trackIds: [shelf.add('secret')], unlessThere: false }
    await app.as(ann).call(contract.addItems, { params: list, body })
    const guess = await joinList(app, { ...list, room: 'guess' }, eve)
    const again = await joinList(app, list, eve)
    for (const { told } of [guess, again]) assert.is(told.find(({ id }) => id === 'join')?.op, 'refused')
    assert.not.ok(stranger.told.some(isEdited))
    for (const { socket } of [two, stranger, guess, again]) socket.close()
  })

  test.run()
}
