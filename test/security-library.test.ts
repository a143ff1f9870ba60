import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as catalog from '../plugins/catalog/contract.ts'
import { bundledPlugins } from '../plugins/index.ts'
import { getAsset } from '../plugins/media/contract.ts'
import { send } from '../plugins/media/testdata/kit.ts'
import { type TestAccount, type TestApp, testApp } from './kit/app.ts'
import { id3, latinText, makeSounds, pictureFrame } from './kit/odd-sounds.ts'

/** A release with one track that plays, and every address of its media that its owner was given. */
interface Given {
  slug: string
  trackId: string
  key: string | null
  addresses: string[]
}
interface Context {
  app: TestApp
  ann: TestAccount
  member: TestAccount
  song: Buffer
  given: Record<string, Given>
}

const published = ['public', 'members', 'unlisted', 'private'] as const
const hidden = ['draft', 'scheduled'] as const

const test = suite<Context>('addresses of media in the hands of strangers')
test.before(async (context) => {
  const environment = { VEZA_PLUGINS_MEDIA_PROFILES: 'aac-96' }
  const app = await testApp({ plugins: bundledPlugins, sites: ['other'], environment })
  const sounds = await makeSounds({
    'a.mp3': ['-id3v2_version', '0'],
    'a.png': ['-map', '1:v', '-frames:v', '1'],
  })
  const frames = [
    ['TIT2', latinText('Needle')],
    ['TPE1', latinText('Ann')],
    ['APIC', pictureFrame(sounds['a.png'] as Buffer)],
  ] as const
  const song = Buffer.concat([id3(frames), sounds['a.mp3'] as Buffer])
  const ann = await app.addAccount({ roles: ['artist'] })
  const member = await app.addAccount({ roles: ['artist'] })
  Object.assign(context, { app, ann, member, song, given: {} })
  for (const name of [...published, ...hidden]) context.given[name] = await addRelease(context, name)
  for (const one of Object.values(context.given)) one.addresses = await addressesOf(context, one)
})
test.after(({ app }) => app?.close())

async function addRelease({ app, ann, song }: Context, name: string): Promise<Given> {
  const client = app.as(ann)
  const { id } = await send(app, ann, song, { filename: `${name}.mp3` })
  await app.jobs.drain()
  assert.is((await client.call(getAsset, { params: { id } })).body.state, 'ready')
  const drafts = await client.call(catalog.createDrafts, { body: { assetIds: [id] } })
  await app.jobs.drain()
  const params = { slug: drafts.body.releases[0]?.slug ?? '' }
  const visibility = published.find((one) => one === name) ?? 'public'
  await client.call(catalog.updateRelease, { params, body: { visibility, isDownloadable: true } })
  const at = name === 'scheduled' ? new Date(Date.now() + 3_600_000).toISOString() : null
  if (name !== 'draft')
    assert.is((await client.call(catalog.publishRelease, { params, body: { at } })).status, 200)
  const tracks = await client.call(catalog.listReleaseTracks, { params })
  const { href } = (await client.call(catalog.getRelease, { params })).body
  const key = new URL(href, 'http://x').searchParams.get('key')
  return { ...params, trackId: tracks.body.items[0]?.id ?? '', key, addresses: [] }
}

type Headers = Record<string, string>
const mediaAddress = /(?<=")(?:https?:\/\/[^"/]+)?\/(?:audio|audio-file|media)\/[^"]+/g

/** All that a person with these headers comes by: in answers of the API, then in manifests and playlists themselves. */
async function addressesOf(
  { app, ann }: Context,
  { slug, trackId }: Given,
  headers: Headers = {},
): Promise<string[]> {
  const who = headers.cookie === undefined ? { cookie: ann.cookie } : headers
  const origin = { ...who, origin: 'http://main.test', 'content-type': 'application/json' }
  const read = async (path: string, body?: object) => {
    const init = body ? { method: 'POST', body: JSON.stringify(body) } : {}
    return (await app.request(`/api/v1/${path}`, { headers: body ? origin : who, ...init })).text()
  }
  const download = (format: string) => read(`catalog/tracks/${trackId}/download`, { format })
  await download('opus')
  await app.jobs.drain()
  const list = { title: 'List', trackIds: [trackId] }
  const texts = await Promise.all([
    ...[`catalog/releases/${slug}`, `catalog/releases/${slug}/tracks`, `catalog/tracks/${trackId}`].map(
      (path) => read(path),
    ),
    ...['original', 'opus'].map(download),
    read('playlists/mine', list),
    read('catalog/tracks?whose=mine'),
  ])
  const found = new Set(texts.flatMap((text) => text.match(mediaAddress) ?? []))
  for (const address of found) {
    const folder = address.slice(0, address.lastIndexOf('/') + 1)
    if (!/\.(?:m3u8|json)$/.test(address)) continue
    const text = await (await app.request(pathOf(address), { headers: who })).text()
    for (const file of text.match(/[\w-]+\.(?:m3u8|mp4)/g) ?? []) found.add(folder + file)
  }
  // The list of all tracks shows other releases, too.
  return [...found]
    .map(pathOf)
    .filter((path) => !path.startsWith('/audio/') || path.includes(idIn(texts[2] ?? '')))
}

const idIn = (text: string) => /\/audio\/[^/]+\/([^/]+)\//.exec(text)?.[1] ?? 'none'
const pathOf = (address: string) => new URL(address, 'http://main.test').pathname
const isSound = (path: string) => path.startsWith('/audio/')

/** Statuses of a part of the addresses, each once. */
async function statuses(app: TestApp, paths: readonly string[], headers: Headers = {}, host = 'main.test') {
  const all = new Set<number>()
  for (const path of paths) all.add((await app.request(path, { headers, host })).status)
  return [...all].sort()
}

test('the owner plays, sees and takes all of each; of everything there is something [PLAY-07]', async ({
  app,
  ann,
  given,
}) => {
  for (const [name, { addresses }] of Object.entries(given)) {
    for (const kind of [
      /manifest\.json$/,
      /master\.m3u8$/,
      /aac-96\.m3u8$/,
      /aac-96\.mp4$/,
      /waveform-64\.dat$/,
      /^\/media\/.*jpeg$/,
      /^\/audio-file\/.*mp3$/,
      /^\/audio-file\/.*opus$/,
    ])
      assert.ok(
        addresses.some((path) => kind.test(path)),
        `${name} ${kind}\n${addresses.join('\n')}`,
      )
    assert.equal(await statuses(app, addresses, { cookie: ann.cookie }), [200], name)
  }
})

test('sound of what is not public plays for who was given it, and for nobody else [PLAY-07] [SEC-11]', async (context) => {
  const { app, member, ann, given } = context
  for (const [name, { addresses }] of Object.entries(given)) {
    const sound = addresses.filter(isSound)
    const wanted = name === 'public' ? [200] : [403]
    assert.equal(await statuses(app, sound), wanted, `${name}, a stranger`)
    assert.equal(await statuses(app, sound, { cookie: member.cookie }), wanted, `${name}, another`)
    const bearer = { authorization: `Bearer ${member.accessToken}` }
    assert.equal(await statuses(app, sound, bearer), wanted, `${name}, another by token`)
    assert.equal(await statuses(app, sound, { cookie: ann.cookie }), [200], name)
  }
})

test('nothing of a release is given to who may not see it [SEC-11] [PLAY-07]', async (context) => {
  const { app, given } = context
  for (const [name, one] of Object.entries(given)) {
    const stranger = await addressesOf(context, one, { cookie: 'none=1' })
    assert.is(stranger.length > 0, name === 'public', name)
    const member = await addressesOf(context, one, { cookie: context.member.cookie })
    assert.is(member.some(isSound), name === 'public' || name === 'members', name)
  }
  const { trackId, key } = given.unlisted as Given
  const query = { key: key ?? '' }
  const withLink = await app.call(catalog.getTrack, { params: { id: trackId }, query })
  assert.equal(await statuses(app, [withLink.body.playback?.manifest ?? '']), [200])
})

test('no address works at another site, or for another file than its own [SEC-11]', async ({
  app,
  ann,
  given,
}) => {
  const cookie = { cookie: ann.cookie }
  const all = Object.values(given).flatMap(({ addresses }) => addresses)
  const found = await statuses(app, all, cookie, 'other.test')
  assert.ok(
    found.every((status) => status === 403 || status === 404),
    `${found}`,
  )
  const { addresses } = given.public as Given
  const other = (given.private as Given).addresses.find(isSound) ?? ''
  for (const path of addresses) {
    const parts = path.split('/')
    const [, prefix = '', token = ''] = parts
    const another = token[8] === 'A' ? 'B' : 'A'
    const wrong = [
      path.replace(token, `${token.slice(0, 8)}${another}${token.slice(9)}`),
      `/${prefix}/${token}`,
      path.replace(parts[3] ?? '', other.split('/')[3] ?? ''),
      `${path.slice(0, path.lastIndexOf('/'))}/%2e%2e%2foriginal.mp3`,
      `${path.slice(0, path.lastIndexOf('/'))}/original.mp3`,
    ]
    for (const one of wrong) {
      const [status] = await statuses(app, [one], cookie)
      assert.ok(status === 403 || status === 404, `${status} ${one}`)
    }
  }
})

test('what its owner takes back stops at once, downloads too [SEC-11] [PLAY-07]', async (context) => {
  const { app, ann, given } = context
  const client = app.as(ann)
  const away: Record<string, (params: { slug: string }) => Promise<{ status: number }>> = {
    public: (params) => client.call(catalog.unpublishRelease, { params }),
    members: (params) => client.call(catalog.updateRelease, { params, body: { visibility: 'private' } }),
    unlisted: (params) => client.call(catalog.renewReleaseKey, { params }),
    private: (params) => client.call(catalog.trashRelease, { params }),
  }
  for (const [name, takeBack] of Object.entries(away)) {
    const { slug, addresses } = given[name] as Given
    const files = addresses.filter((path) => !path.startsWith('/media/'))
    assert.equal(await statuses(app, files, { cookie: ann.cookie }), [200], name)
    assert.ok((await takeBack({ slug })).status < 300, name)
    for (const headers of [{}, { cookie: ann.cookie }] as Headers[])
      assert.equal(await statuses(app, files, headers), [403], name)
  }
})

test('addresses say nothing to where one comes from, and are no page of their own [SEC-11]', async ({
  app,
  ann,
  given,
}) => {
  for (const path of (given.draft as Given).addresses) {
    const { headers } = await app.request(path, { headers: { cookie: ann.cookie } })
    assert.is(headers.get('referrer-policy'), 'no-referrer', path)
    assert.is(headers.get('x-content-type-options'), 'nosniff', path)
    // Pictures were made here, sound was somebody's file.
    if (!path.startsWith('/media/'))
      assert.match(headers.get('content-security-policy') ?? '', 'sandbox', path)
    assert.is(headers.get('access-control-allow-origin'), null, path)
  }
})

test('the page of an unlisted release tells its secret to no other site [SEC-11]', async ({ app, ann }) => {
  const client = app.as(ann)
  const { body } = await client.call(catalog.createRelease, { body: { title: 'Secret' } })
  const params = { slug: body.slug }
  await client.call(catalog.updateRelease, { params, body: { visibility: 'unlisted' } })
  const { href } = (await client.call(catalog.getRelease, { params })).body
  assert.match(href, '?key=')
  const page = await app.request(href, { headers: { cookie: ann.cookie } })
  assert.is(page.status, 200)
  const policy = page.headers.get('referrer-policy') ?? ''
  assert.ok(
    ['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin'].includes(policy),
    policy,
  )
})

test('after signing out nothing that was for this session plays without it [SEC-11]', async ({
  app,
  ann,
  given,
}) => {
  const { addresses } = given.draft as Given
  const headers = { cookie: ann.cookie, origin: 'http://main.test' }
  const out = await app.request('/api/v1/auth/logout', { method: 'POST', headers })
  assert.ok(out.status < 300, `${out.status}`)
  assert.equal(await statuses(app, addresses.filter(isSound)), [403])
  const again = await app.request(`/api/v1/catalog/releases/${(given.draft as Given).slug}`, { headers })
  assert.is(again.status, 404)
})

test.run()
