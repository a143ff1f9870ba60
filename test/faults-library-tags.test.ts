import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Track } from '../plugins/catalog/contract.ts'
import { TestBrowser, type Visitor } from './kit/browser.ts'
import { Library } from './kit/library.ts'
import { makeSounds } from './kit/odd-sounds.ts'
import { scripts } from './kit/payloads.ts'
import { type RunningServer, startServer } from './kit/server.ts'
import { eventually } from './kit/wait.ts'

interface Context {
  server: RunningServer
  browser: TestBrowser
  library: Library
  track: Track
  slug: string
}

/** A file in whose every tag somebody wrote a script. */
const evil = (at: number) => scripts[at] as string
const tags = {
  title: `<img src=x onerror=__hit=1>${evil(0)}`,
  artist: evil(3),
  album_artist: evil(1),
  album: `"><script>__hit=1</script> onmouseover=__hit=1`,
  genre: evil(4),
  comment: evil(6),
  copyright: evil(7),
  publisher: evil(8),
  composer: evil(9),
  lyrics: evil(10),
  ISRC: evil(11),
  CATALOGNUMBER: evil(12),
  LICENSE: 'javascript:__hit=1',
}

const test = suite<Context>('scripts in tags')
test.before(async (context) => {
  process.env.VEZA_TEST_BUILT = '1'
  const env = { VEZA_PLUGINS_MEDIA_PROFILES: 'aac-96' }
  context.server = await startServer({ env })
  const library = await Library.open(context.server)
  const words = Object.entries(tags).flatMap(([name, text]) => ['-metadata', `${name}=${text}`])
  const { 'a.flac': flac } = await makeSounds({ 'a.flac': words }, 20)
  const { id } = await library.bring('<img src=x onerror=__hit=1>.flac', flac as Buffer)
  assert.is((await library.settled(id)).state, 'ready')
  // One stays a file of its owner's, to be seen on the page of uploads.
  await library.bring('"><svg onload=__hit=1>.flac', (flac as Buffer).subarray(0, 90))
  const [track] = await library.publish([id])
  Object.assign(context, { library, track, slug: track?.release.slug ?? '' })
  context.browser = await TestBrowser.open(context.server.url)
})
test.after(async ({ browser, server }) => {
  await browser?.close()
  await server?.close()
})

/** What is on the page that no text may bring there; runs in the browser. */
function injected(): string[] {
  const found: string[] = '__hit' in window ? ['a script ran'] : []
  for (const element of document.querySelectorAll('*'))
    for (const { name, value } of element.attributes)
      if (/^on|^srcdoc$/.test(name) || /^\s*(?:javascript|vbscript|data:text)/i.test(value))
        found.push(`<${element.localName} ${name}=${value}>`)
  return found
}

interface Witness {
  visitor: Visitor
  /** Dialogs, and what the content security policy had to stop. */
  alarms: string[]
}

async function witness({ browser }: Context, name: string): Promise<Witness> {
  const visitor = await browser.visitor(name)
  const alarms: string[] = []
  visitor.page.on('dialog', (dialog) => {
    alarms.push(dialog.message())
    void dialog.dismiss()
  })
  await visitor.page.exposeFunction('vezaAlarm', (text: string) => void alarms.push(text))
  await visitor.page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      ;(window as unknown as { vezaAlarm(text: string): void }).vezaAlarm(
        `${violatedDirective} ${blockedURI}`,
      )
    })
  })
  return { visitor, alarms }
}

/** Looks at a page; whether something of the tags can be read there. */
async function lookAt({ visitor, alarms }: Witness, path: string): Promise<boolean> {
  const response = await visitor.page.goto(path, { waitUntil: 'networkidle' })
  assert.ok((response?.status() ?? 0) < 400, `${path}: ${response?.status()}`)
  assert.equal(await visitor.page.evaluate(injected), [], path)
  assert.equal(alarms, [], path)
  return (await visitor.page.locator('body').innerText()).includes('__hit=1')
}

test('are words on every page that shows the music, and in the bar that plays it [FILE-04]', async (context) => {
  const { track, slug, browser, library } = context
  assert.match(track.title, '<img src=x')
  const stranger = await witness(context, 'stranger')
  const paths = [
    `/releases/${slug}`,
    `/tracks/${track.id}`,
    '/library',
    '/releases',
    '/',
    `/embed/track/${track.id}`,
  ]
  const shown: string[] = []
  for (const path of paths) if (await lookAt(stranger, path)) shown.push(path)
  assert.ok(shown.length >= 4, `the tags can be read at ${shown}`)

  const { page } = stranger.visitor
  await page.goto(`/releases/${slug}`)
  await page.getByRole('button', { name: /^Play/ }).first().click()
  await eventually('the bar', () => page.getByRole('slider').first().isVisible())
  assert.equal(await page.evaluate(injected), [])
  assert.equal(stranger.alarms, [])

  const owner = await witness(context, 'owner')
  const login = { login: context.server.owner.email, password: context.server.owner.password }
  const answer = await owner.visitor.context.request.post('/api/v1/auth/login', { data: login })
  assert.ok(answer.ok())
  for (const path of ['/upload', `/releases/${slug}/edit`]) await lookAt(owner, path)
  await library.call('/api/v1/playlists/mine', { body: { title: scripts[3], trackIds: [track.id] } })
  await lookAt(owner, '/playlists')
  // What is looked for would be found.
  await page.setContent('<img src=x onerror=__hit=1><a href="javascript:__hit=1">x</a>')
  assert.is((await page.evaluate(injected)).length, 2)
  stranger.visitor.expects(/Content Security Policy|ERR_|404/)
  browser.assertQuiet()
})

test('no address of sound was written into the log [SEC-11] [PLAY-07]', async ({
  server,
  library,
  track,
}) => {
  const manifest = track.playback?.manifest ?? ''
  const token = manifest.split('/')[2] ?? ''
  const { pathname } = new URL(manifest, server.url)
  for (const path of [pathname, pathname.replace(token, `${token}x`), `${pathname}/../x`, `${pathname}%00`])
    await fetch(server.url + path)
  await fetch(server.url + pathname, { headers: { range: 'bytes=9999999-' } })
  const download = await library.call<{ url: string }>(`/api/v1/catalog/tracks/${track.id}/download`, {
    body: { format: 'original' },
  })
  const pass = download.body.url.split('/')[2] ?? ''
  assert.is((await fetch(server.url + download.body.url)).status, 200)
  const key = 'secret-of-an-unlisted-one'
  for (const path of ['releases/x', 'tracks/x', 'api/v1/catalog/releases/x', 'playlists/x'])
    await fetch(`${server.url}/${path}?key=${key}`)
  for (const secret of [token, pass, key, library.authorization.slice(-30)]) {
    assert.ok(secret.length > 15)
    assert.not.ok(server.output().includes(secret), 'the server printed an address')
  }
})

test.run()
