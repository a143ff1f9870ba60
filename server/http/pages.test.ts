import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, notFound } from '#contract'
import { definePlugin, html, problem } from '#sdk'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { type RequestWish, request } from '../../test/kit/request.ts'
import { createLog } from '../log/index.ts'
import { createApp } from './app.ts'
import { loadAssets, webFolder } from './assets.ts'

const shell = `<!doctype html><html lang="en" data-theme="system"><head><!--veza:head-->
<script id="veza-boot" type="text/plain"><!--veza:boot--></script></head><body><div id="app"><!--veza:body--></div></body></html>`
const hostile = `</title></script><script>alert(1)</script>"'$& $1 <!--veza:body-->`

const pages = definePlugin({
  name: 'pages',
  version: '1.0.0',
  title: 'Pages',
  setup: (ctx) => {
    ctx.router.page('/hostile/{text}', ({ text }) => ({
      title: text,
      description: text,
      image: `/a.jpg?${text}`,
      body: html`<h1 title="${text}">${text}</h1>${[html`<b>${1}</b>`]}${null}`,
    }))
    ctx.router.page('/embed/{text}', ({ text }, call) => ({
      title: text,
      kind: 'music.album',
      meta: { 'og:audio': text, 'og:video': undefined },
      links: [{ rel: 'alternate', type: 'application/json+oembed', href: `/o?url=${text}`, title: text }],
      about: { '@type': 'MusicAlbum', name: text },
      isEmbed: true,
      body: html`<p>${call.query('from') ?? 'nowhere'}</p>`,
    }))
    ctx.router.page('/gone', () => {
      throw problem(notFound)
    })
    ctx.router.page('/broken', () => {
      throw new Error('secret words')
    })
  },
})

let app: TestApp
let server: Server
let folder: string
const get = async (path: string, init: RequestWish = {}) =>
  request(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, path, init)

const test = suite('pages and files')
test.before(async () => {
  app = await testApp({ plugins: [pages] })
  folder = await mkdtemp(join(tmpdir(), 'veza-web-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), shell)
  await writeFile(join(folder, 'assets', 'main-1a2b.js'), 'let a = 1;'.repeat(500))
  await writeFile(join(folder, 'assets', 'tiny.css'), 'a{}')
  await writeFile(join(folder, 'robots.txt'), 'User-agent: *')
  await writeFile(join(folder, 'notes.php'), 'never served')
  const koa = createApp({
    siteFor: () => app.site.http,
    trustedProxies: [],
    assets: await loadAssets(folder),
    log: createLog({ level: 'silent' }),
    version: '1.0.0',
    observe: () => undefined,
  })
  server = createServer(koa.callback()).listen(0, '127.0.0.1')
})
test.after(async () => {
  server.close()
  server.closeAllConnections()
  await app.close()
  await rm(folder, { recursive: true })
})

test('what people wrote stays text in head, body and boot data, whatever is in it', async () => {
  const owner = app.as(await app.addAccount({ roles: ['owner'] }))
  await owner.call(admin.updateSettings, { body: { title: hostile.slice(0, 80), description: hostile } })
  const page = await (await get(`/hostile/${encodeURIComponent(hostile)}`)).text()
  assert.not.match(page, '<script>alert')
  assert.is(page.match(/<script/g)?.length, 1)
  assert.is(page.match(/<\/script/g)?.length, 1)
  assert.is(page.match(/<h1/g)?.length, 1)
  assert.match(
    page,
    '<h1 title="&lt;/title&gt;&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;$&amp; $1',
  )
  assert.match(page, '<b>1</b></div>')
  const [, boot = ''] = /text\/plain">(.*)<\/script>/.exec(page) ?? []
  assert.is(JSON.parse(boot).site.description, hostile.trim())
  assert.match(page, /<meta property="og:image" content="http:\/\/main\.test\/a\.jpg\?[^"<>]*">/)
})

test('a page says who is signed in, in which language and look', async () => {
  const member = await app.addAccount()
  const cookie = `${member.cookie}; veza_language=fr; veza_theme=dark`
  const page = await (await get('/', { headers: { cookie } })).text()
  assert.match(page, '<html lang="fr" data-theme="dark">')
  assert.match(page, `"username":"${member.username}"`)
  const strange = {
    cookie: 'veza_language="><script>; veza_theme="><b; x=%zz',
    'accept-language': 'de, fr;q=0.5',
  }
  const other = await (await get('/', { headers: strange })).text()
  assert.match(other, '<html lang="fr" data-theme="system">')
  assert.match(other, '"me":null')
})

test('a page that is not there or throws not-found is a readable 404, kept out of indexes', async () => {
  for (const path of ['/gone', '/nothing', '/admin/a/b/c', '/index.html', '/assets/none.js', '/notes.php']) {
    const response = await get(path)
    assert.is(response.status, 404, path)
    assert.match(await response.text(), /noindex.*There is nothing at this address/s)
  }
})

test('a page that breaks shows nothing of why', async () => {
  const response = await get('/broken')
  assert.is(response.status, 500)
  const text = await response.text()
  assert.not.match(text, 'secret')
  assert.match(text, response.headers.get('x-request-id') ?? 'none')
})

test('built files are compressed once asked, and kept for ever where their name tells their content', async () => {
  const source = 'let a = 1;'.repeat(500)
  const open: Record<string, (bytes: Buffer) => Buffer> = { br: brotliDecompressSync, gzip: gunzipSync }
  for (const encoding of ['br', 'gzip', 'br']) {
    const response = await get('/assets/main-1a2b.js', { headers: { 'accept-encoding': encoding } })
    assert.is(response.headers.get('content-encoding'), encoding)
    assert.is(response.headers.get('vary'), 'accept-encoding')
    assert.match(response.headers.get('cache-control') ?? '', 'immutable')
    assert.is(open[encoding]?.(Buffer.from(await response.arrayBuffer())).toString(), source)
  }
  const plain = await get('/assets/main-1a2b.js', { headers: { 'accept-encoding': 'zstd' } })
  assert.equal([plain.headers.get('content-encoding'), await plain.text()], [null, source])
  const tiny = await get('/assets/tiny.css', { headers: { 'accept-encoding': 'br' } })
  assert.equal(
    [tiny.headers.get('content-encoding'), tiny.headers.get('content-type')],
    [null, 'text/css; charset=utf-8'],
  )
  const robots = await get('/robots.txt')
  assert.is(robots.headers.get('cache-control'), 'public, max-age=3600')
  assert.is((await get('/assets/tiny.css', { method: 'POST' })).status, 404)
})

test('without built pages there are pages still, and no file', async () => {
  const none = await loadAssets(join(folder, 'not-there'))
  assert.is(none.indexHtml, '')
  assert.match(webFolder(), /[\\/]web$/)
  assert.match(await (await app.request('/login')).text(), /Sign in/)
})

test('a page made for frames of other sites may be framed, and knows nobody [BEY-08] [SEC-03]', async () => {
  const account = await app.addAccount()
  const response = await get('/embed/words?from=there', { headers: { cookie: account.cookie } })
  assert.match(response.headers.get('content-security-policy') ?? '', 'frame-ancestors *')
  assert.is(response.headers.get('x-frame-options'), null)
  assert.is(response.headers.get('set-cookie'), null)
  const text = await response.text()
  assert.match(text, '<p>there</p>')
  assert.match(text, '"me":null')
  assert.not.match(text, account.username)
})

test('what a page is about is said in its head, and nothing in it ends an element [BEY-04] [SEC-03]', async () => {
  const text = await (await get(`/embed/${encodeURIComponent(hostile)}`)).text()
  const head = text.slice(0, text.indexOf('</head>'))
  assert.match(head, '<meta property="og:type" content="music.album">')
  assert.match(head, '<meta property="og:audio" content="&lt;/title&gt;')
  assert.not.match(head, 'og:video')
  assert.match(head, '<link rel="alternate" type="application/json+oembed" href="/o?url=&lt;')
  const data = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(head)?.[1] ?? ''
  assert.equal(JSON.parse(data), { '@type': 'MusicAlbum', name: hostile })
  assert.not.match(text, '<script>alert(1)')
})

test.run()
