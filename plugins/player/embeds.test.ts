import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { definePlugin, html, newId, type Plugin } from '#sdk'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import * as contract from './contract.ts'
import player from './index.ts'
import { type Shelf, shelf } from './testdata/catalog.ts'

const hostile = `"><script>alert(1)</script>' onload="x`
const site = 'http://main.test'

/** Adds a kind of its own, as playlists do. */
const lists = (music: Shelf) =>
  definePlugin({
    name: 'lists',
    version: '1.0.0',
    title: 'Lists',
    needs: { player: contract.player },
    setup(ctx) {
      ctx.needs.player.addEmbed('playlist', async (key) => {
        if (key === 'secret') return 'hidden'
        if (key !== 'summer') return null
        const trackIds = [...music.tracks.keys()]
        return { title: hostile, author: null, href: '/playlists/summer', imageUrl: null, trackIds }
      })
    },
  })

const test = suite<{ app: TestApp; music: Shelf }>('embeds')
test.before(async (context) => {
  context.music = shelf()
  const plugins = [context.music.plugin, player, lists(context.music)] as Plugin[]
  context.app = await testApp({ plugins })
})
test.after(({ app }) => app.close())

const describe = (app: TestApp, url: string, more: object = {}) =>
  app.call(contract.oEmbed, { query: { url, ...more } })

test('a page to frame: open to all sites, without cookies, its words escaped [PLAY-15] [BEY-08]', async ({
  app,
  music,
}) => {
  const track = music.add({ title: hostile })
  const someone = await app.addAccount()
  for (const path of [
    `/embed/track/${track.id}`,
    `/embed/release/${track.release.slug}`,
    '/embed/playlist/summer',
  ]) {
    const answer = await app.request(path, { headers: { cookie: someone.cookie, 'accept-language': 'fr' } })
    const page = await answer.text()
    assert.is(answer.status, 200, path)
    assert.match(answer.headers.get('content-security-policy') ?? '', 'frame-ancestors *')
    for (const name of ['set-cookie', 'x-frame-options']) assert.is(answer.headers.get(name), null, name)
    assert.not.match(page, '<script>alert')
    assert.not.match(page, someone.username)
    assert.match(page, html`${hostile}`.html)
    assert.match(page, 'noindex')
  }
})

test('what is not for everybody is not framed, whoever asks [PLAY-15]', async ({ app, music }) => {
  const someone = await app.addAccount({ roles: ['owner'] })
  for (const release of [
    { visibility: 'members' },
    { visibility: 'unlisted' },
    { visibility: 'private' },
    { status: 'draft' },
  ] as const) {
    const track = music.add({ title: 'Not yet', release })
    for (const path of [`/embed/track/${track.id}`, `/embed/release/${track.release.slug}`]) {
      const answer = await app.request(path, { headers: { cookie: someone.cookie } })
      assert.is(answer.status, 404, path)
      assert.not.match(await answer.text(), 'Not yet')
    }
    const params = { kind: 'track', key: track.id }
    assert.is((await app.as(someone).call(contract.getEmbed, { params })).status, 404)
  }
  for (const path of [
    '/embed/track/x',
    '/embed/playlist/secret',
    '/embed/nothing/1',
    '/embed/constructor/name',
  ])
    assert.is((await app.request(path)).status, 404, path)
})

test('an embed has its tracks in order, as nobody in particular sees them [BEY-08]', async ({
  app,
  music,
}) => {
  const track = music.add({ title: 'Breakwater' })
  const someone = app.as(await app.addAccount())
  const params = { kind: 'release', key: track.release.slug }
  const { body } = await someone.call(contract.getEmbed, { params })
  assert.equal(
    [body.title, body.href, body.imageUrl],
    ['Breakwater', `/releases/${track.release.slug}`, '/m/a.jpg'],
  )
  assert.equal(body.author, { name: 'Ann <b>Other</b>', href: '/artists/ann' })
  assert.equal(
    body.tracks.map(({ id }) => id),
    [track.id],
  )
})

test('oEmbed describes pages and embeds of this site [PLAY-15] [BEY-04]', async ({ app, music }) => {
  const track = music.add({ title: hostile })
  const { body, status } = await describe(app, `${site}/tracks/${track.id}?t=83`)
  assert.is(status, 200)
  assert.equal(
    [body.version, body.type, body.title, body.author_name, body.author_url, body.width, body.height],
    ['1.0', 'rich', hostile, 'Ann <b>Other</b>', `${site}/artists/ann`, 480, 120],
  )
  assert.equal(
    [body.thumbnail_url, body.thumbnail_width, body.thumbnail_height],
    [`${site}/m/a.jpg`, 480, 480],
  )
  assert.match(body.html, `src="${site}/embed/track/${track.id}"`)
  assert.match(body.html, /^<iframe [^<>]*><\/iframe>$/)
  const list = (await describe(app, `${site}/releases/${track.release.slug}`)).body
  assert.equal([list.width, list.height], [480, 420])
  assert.is((await describe(app, `${site}/playlists/summer`)).body.height, 420)
  assert.is((await describe(app, `${site}/embed/track/${track.id}`)).status, 200)
})

test('oEmbed keeps to the room there is, picture included [PLAY-15]', async ({ app, music }) => {
  const url = `${site}/tracks/${music.add().id}`
  const { body } = await describe(app, url, { maxwidth: 300, maxheight: 80 })
  assert.equal([body.width, body.height, body.thumbnail_url], [300, 80, undefined])
  assert.match(body.html, 'width="300" height="80"')
  assert.equal((await describe(app, url, { maxwidth: 0 })).problem, 'invalid-input')
})

test('oEmbed knows what is not here, not public, and no format but JSON [BEY-04]', async ({ app, music }) => {
  const track = music.add()
  const own = music.add({ release: { visibility: 'members' } })
  const answer = async (url: string, more = {}) => (await describe(app, url, more)).status
  const strange = [
    `https://elsewhere.test/tracks/${track.id}`,
    `javascript://main.test/tracks/${track.id}`,
    `${site}/tracks/${newId()}`,
    `${site}/tracks/x`,
    `${site}/tracks/${track.id}/more`,
    `${site}/tracks/%E0%A4%A`,
    `${site}/`,
    `${site}/releases/${own.release.slug}`,
    'no address',
  ]
  for (const url of strange) assert.is(await answer(url), 404, url)
  assert.is(await answer(`${site}/tracks/${own.id}`), 401)
  assert.is(await answer(`${site}/playlists/secret`), 401)
  assert.is(await answer(`${site}/tracks/${track.id}`, { format: 'xml' }), 501)
})

test.run()
