import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { testApp } from '../../test/kit/app.ts'
import { getEmbed, oEmbed } from '../player/contract.ts'
import player from '../player/index.ts'
import * as contract from './contract.ts'
import playlists from './index.ts'
import { type Context, newList } from './testdata/kit.ts'
import { newShelf, shelfPlugin } from './testdata/shelf.ts'

const test = suite<Context>('playlists elsewhere')
test.before(async (context) => {
  const shelf = newShelf()
  const app = await testApp({ plugins: [shelfPlugin(shelf), player, playlists] })
  const [ann, ben, eve] = [await app.addAccount(), await app.addAccount(), await app.addAccount()]
  Object.assign(context, { app, shelf, ann, ben, eve })
})
test.after(({ app }) => app.close())

test('a public one is framed by other sites and described by oEmbed, and no other is [LIST-14]', async (context) => {
  const { app, ann } = context
  const shown = await newList(context, { visibility: 'public', tracks: 2 })
  const page = await app.request(`/embed/playlist/${shown.id}`, { headers: { cookie: ann.cookie } })
  assert.is(page.status, 200)
  assert.match(page.headers.get('content-security-policy') ?? '', 'frame-ancestors *')
  assert.match(await page.text(), shown.title)
  const embed = await app.call(getEmbed, { params: { kind: 'playlist', key: shown.id } })
  assert.equal(
    embed.body.tracks.map(({ id }) => id),
    shown.items.map(({ trackId }) => trackId),
  )
  const url = `http://main.test/playlists/${shown.id}`
  const { status, body } = await app.call(oEmbed, { query: { url } })
  assert.is(status, 200)
  assert.is(body.title, shown.title)
  assert.match(body.html, `/embed/playlist/${shown.id}`)

  for (const visibility of ['private', 'unlisted'] as const) {
    const list = await newList(context, { visibility, tracks: 1 })
    assert.is((await app.request(`/embed/playlist/${list.id}`)).status, 404, visibility)
    const answer = await app.call(oEmbed, { query: { url: `http://main.test/playlists/${list.id}` } })
    assert.ok(answer.status === 401 || answer.status === 404, `${visibility}: ${answer.status}`)
  }
  await app.as(ann).call(contract.trashPlaylist, { params: { id: shown.id } })
  assert.is((await app.request(`/embed/playlist/${shown.id}`)).status, 404)
})

test('an unlisted one is found by its link alone, and its page is not for search engines [LIST-14] [LIST-05]', async (context) => {
  const { app, ann } = context
  const { id } = await newList(context, { visibility: 'unlisted', tracks: 1 })
  const params = { id }
  const { body } = await app.as(ann).call(contract.getPlaylist, { params })
  const key = new URL(body.href, 'http://main.test').searchParams.get('key') ?? ''
  assert.is((await app.call(contract.getPlaylist, { params, query: { key } })).body.title, body.title)
  for (const wrong of ['guessed', ''])
    assert.is((await app.call(contract.getPlaylist, { params, query: { key: wrong } })).status, 404)
  const page = await (await app.request(body.href)).text()
  assert.match(page, 'noindex')
  assert.not.match(page, body.title)
})

test.run()
