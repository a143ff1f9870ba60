import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import * as artistsContract from '../artists/contract.ts'
import artists from '../artists/index.ts'
import media from '../media/index.ts'
import * as contract from './contract.ts'
import catalog from './index.ts'
import { addRelease } from './testdata/kit.ts'
import { callOf, probe } from './testdata/probe.ts'

const people = ['stranger', 'member', 'manager', 'editor', 'staff'] as const
type Person = (typeof people)[number]

interface Case {
  slug: string
  id: string
  trackId: string
  key: string
  visibility: contract.Visibility
  status: contract.ReleaseStatus
}
interface Context {
  app: TestApp
  api: contract.CatalogApi
  accounts: Record<Exclude<Person, 'stranger'>, TestAccount>
  cases: Case[]
}

/** The whole rule once more, in plain words. */
function maySee({ visibility, status }: Case, person: Person, hasKey: boolean): boolean {
  if (person === 'manager' || person === 'editor' || person === 'staff') return true
  if (status !== 'published') return false
  if (visibility === 'public') return true
  if (visibility === 'members') return person === 'member'
  return visibility === 'unlisted' && hasKey
}
const isListed = ({ visibility, status }: Case, person: Person): boolean =>
  status === 'published' && (visibility === 'public' || (visibility === 'members' && person !== 'stranger'))

for (const kind of databaseKinds) {
  const test = suite<Context>(`who sees which release, ${kind}`)
  test.before(async (context) => {
    const { plugin, api } = probe()
    const app = await testApp({ kind, plugins: [media, artists, catalog, plugin] })
    const accounts = {
      member: await app.addAccount(),
      manager: await app.addAccount(),
      editor: await app.addAccount({ roles: ['artist'] }),
      staff: await app.addAccount({ roles: ['owner'] }),
    }
    const slug = 'the-artist'
    await app
      .as(accounts.staff)
      .call(artistsContract.createArtist, { body: { slug, name: 'The Artist', isListed: true } })
    const body = { username: accounts.manager.username }
    await app.as(accounts.staff).call(artistsContract.addManager, { params: { slug }, body })
    Object.assign(context, { app, api: api(), accounts, cases: [] })
    for (const visibility of contract.Visibility.options)
      for (const status of contract.ReleaseStatus.options)
        context.cases.push(await addCase(context, visibility, status))
  })
  test.after(({ app }) => app.close())

  async function addCase(
    { app, accounts: { editor } }: Context,
    visibility: contract.Visibility,
    status: contract.ReleaseStatus,
  ): Promise<Case> {
    const credits = [{ name: 'The Artist', role: 'main' }]
    const { slug, id, trackIds } = await addRelease(app, editor, {
      isDraft: true,
      tracks: [{ title: 'Needle', genres: ['Same'] }],
      visibility,
      change: { credits, isDownloadable: true },
    })
    const at = status === 'scheduled' ? new Date(Date.now() + 3_600_000).toISOString() : null
    const params = { slug }
    if (status !== 'draft') await app.as(editor).call(contract.publishRelease, { params, body: { at } })
    const { href } = (await app.as(editor).call(contract.getRelease, { params })).body
    const key = new URL(href, 'http://x').searchParams.get('key') ?? 'none'
    assert.is(key === 'none', visibility !== 'unlisted')
    return { slug, id, trackId: trackIds[0] ?? '', key, visibility, status }
  }
  const clientOf = ({ app, accounts }: Context, person: Person) =>
    person === 'stranger' ? app : app.as(accounts[person])

  test('every way to read tells the same, with the key and without [SEC-11] [BEY-05]', async (context) => {
    for (const one of context.cases)
      for (const person of people)
        for (const key of [undefined, one.key, ...(person === 'stranger' ? ['x'.repeat(24)] : [])]) {
          const client = clientOf(context, person)
          const what = `${one.visibility} ${one.status}, ${person}, key ${key}`
          const wanted = maySee(one, person, key !== undefined && key === one.key) ? 200 : 404
          const query = key === undefined ? {} : { key }
          const params = { slug: one.slug }
          const release = await client.call(contract.getRelease, { params, query })
          assert.is(release.status, wanted, what)
          assert.is((await client.call(contract.listReleaseTracks, { params, query })).status, wanted, what)
          const track = await client.call(contract.getTrack, { params: { id: one.trackId }, query })
          assert.is(track.status, wanted, what)
          const given = { params: { id: one.trackId }, query }
          const body = { format: 'original' as const }
          const download = await client.call(contract.downloadTrack, { ...given, body })
          assert.is(download.status, wanted, `${what} ${JSON.stringify(download.body)}`)
          assert.is((await client.call(contract.listSimilar, given)).status, wanted, what)
          const mark = await client.call(contract.setStars, { ...given, body: { stars: null } })
          assert.is(mark.status, person === 'stranger' ? 401 : wanted === 200 ? 204 : 404, what)
          if (wanted === 404) assert.not.match(JSON.stringify([release.body, track.body]), 'Album')
          else {
            assert.ok(track.body.playback && track.body.waveform, what)
            assert.is(release.body.can.edit, !['stranger', 'member'].includes(person))
            const hasSecret = release.body.href.includes('key=')
            assert.is(
              hasSecret,
              one.visibility === 'unlisted' && (release.body.can.edit || key === one.key),
              what,
            )
          }
        }
  })

  test('lists, searches and likenesses hold what may be found, and nothing else [SEC-11] [LIST-08]', async (context) => {
    const { cases, app } = context
    const foreign = await addRelease(app, context.accounts.staff, {
      tracks: [{ title: 'Other', genres: ['Same'] }],
    })
    for (const person of people) {
      const client = clientOf(context, person)
      const found = cases.filter((one) => isListed(one, person))
      const seen = cases.filter((one) => maySee(one, person, false))
      const check = (ids: string[], wanted: Case[], what: string) =>
        assert.equal(
          ids.filter((id) => cases.some((one) => one.trackId === id || one.id === id)).sort(),
          wanted.flatMap((one) => (ids.includes(one.id) ? one.id : one.trackId)).sort(),
          `${person}: ${what}`,
        )
      const tracks = async (query: Record<string, string | number>) =>
        (await client.call(contract.listTracks, { query: { limit: 100, ...query } })).body.items.map(
          ({ id }) => id,
        )
      check(await tracks({}), found, 'all')
      check(await tracks({ q: 'needle' }), found, 'search')
      check(await tracks({ genre: 'same', sort: 'title' }), found, 'genre')
      check(await tracks({ artist: 'the-artist', sort: 'plays' }), [], 'artist of tracks')
      check(await tracks({ ids: cases.map(({ trackId }) => trackId).join(',') }), seen, 'ids')
      const releases = await client.call(contract.listReleases, {
        query: { artist: 'the-artist', limit: 100 },
      })
      check(
        releases.body.items.map(({ id }) => id),
        found,
        'releases',
      )
      const similar = await client.call(contract.listSimilar, { params: { id: foreign.trackIds[0] ?? '' } })
      check(
        similar.body.items.map(({ id }) => id),
        found,
        'similar',
      )
      const names = await client.call(contract.listCatalogArtists, { query: {} })
      const counted = names.body.items.reduce((sum, { trackCount }) => sum + trackCount, 0)
      assert.is(counted, found.length + 1, person)
      if (person === 'stranger') continue
      const mine = await tracks({ whose: 'mine' })
      check(mine, person === 'member' ? [] : cases, 'mine')
    }
    const { body } = await app.call(contract.listGenres)
    assert.equal(body.items, [{ genre: 'Same', trackCount: 2 }])
  })

  test('other plugins are given what their caller may see [SEC-11]', async (context) => {
    const { api, cases, accounts } = context
    const ids = cases.map(({ trackId }) => trackId)
    const staffCall = callOf(accounts.staff, ['catalog.manage'])
    const calls = {
      stranger: callOf(null),
      member: callOf(accounts.member),
      manager: callOf(accounts.manager),
      editor: callOf(accounts.editor),
      staff: staffCall,
    }
    for (const person of people) {
      const seen = cases.filter((one) => maySee(one, person, false))
      const found = await api.tracksByIds(calls[person], ids)
      assert.equal([...found.keys()].sort(), seen.map(({ trackId }) => trackId).sort(), person)
      const cards = await api.releasesByIds(
        calls[person],
        cases.map(({ id }) => id),
      )
      assert.equal([...cards.keys()].sort(), seen.map(({ id }) => id).sort(), person)
      for (const one of cases) {
        const named = await api.releaseBySlug(calls[person], one.slug)
        assert.equal(named?.trackIds, seen.includes(one) ? [one.trackId] : undefined)
        const wanted = {
          title: 'Needle',
          artist: null,
          album: null,
          isrc: null,
          location: 'Needle.mp3',
          durationMs: null,
        }
        const [hit] = await api.recognise(calls[person], [wanted])
        assert.is(hit !== null && hit !== undefined, seen.length > 0, person)
        if (hit) assert.ok(found.has(hit), person)
      }
    }
    assert.is(
      (await api.existing(context.app.site.database.db, [...ids, accounts.staff.id])).size,
      ids.length,
    )
    const rules = {
      match: 'all',
      rules: [{ field: 'title', is: 'is', value: 'needle' }],
      sort: 'newest',
      limit: { by: 'tracks', count: 100 },
    } as const
    const pick = async (account: { id: string } | null) =>
      (await api.pick(rules as never, account && { id: account.id, permissions: new Set() })).length
    assert.equal([await pick(null), await pick(accounts.member)], [1, 2])
  })

  test('pages for crawlers show what everybody may find, secrets to nobody [BEY-05] [SEC-11]', async ({
    app,
    cases,
    accounts,
  }) => {
    for (const one of cases) {
      const path = `/releases/${one.slug}`
      const page = async (address: string, account?: TestAccount) => {
        const answer = await app.request(address, { headers: account ? { cookie: account.cookie } : {} })
        return { status: answer.status, text: await answer.text() }
      }
      const isOpen = maySee(one, 'stranger', false)
      const open = await page(path)
      assert.is(open.status, isOpen ? 200 : 404, `${path} ${one.visibility}`)
      if (isOpen) {
        for (const part of ['"MusicAlbum"', 'music.album', 'application/json+oembed', 'Needle</a>', '3:00'])
          assert.match(open.text, part)
        const track = await page(`/tracks/${one.trackId}`)
        for (const part of ['"MusicRecording"', 'music.song', '/releases/']) assert.match(track.text, part)
      } else assert.not.match(open.text, 'Needle')
      const hasKey = maySee(one, 'stranger', true)
      const secret = await page(`${path}?key=${one.key}`)
      assert.is(secret.status, hasKey ? 200 : 404)
      if (hasKey && !isOpen) {
        assert.match(secret.text, 'noindex')
        assert.not.match(secret.text, 'oembed')
      }
      assert.is((await page(path, accounts.editor)).status, 200)
      for (const list of ['/', '/releases'])
        assert.is((await page(list)).text.includes(`${path}"`), isOpen, `${list} ${one.visibility}`)
    }
  })

  test('links sent so far lead nowhere after the secret is another [SEC-11]', async (context) => {
    const { app, cases, accounts } = context
    const one = cases.find(
      ({ visibility, status }) => visibility === 'unlisted' && status === 'published',
    ) as Case
    const params = { slug: one.slug }
    const { db } = app.site.database
    const epoch = async () =>
      (await db('media_assets').select('epoch')).reduce(
        (sum: number, row: { epoch: number }) => sum + row.epoch,
        0,
      )
    const epochBefore = await epoch()
    const renewed = await app.as(accounts.editor).call(contract.renewReleaseKey, { params })
    assert.not.match(renewed.body.href, one.key)
    assert.is(
      (await app.call(contract.getTrack, { params: { id: one.trackId }, query: { key: one.key } })).status,
      404,
    )
    assert.is(await epoch(), epochBefore + 1)
    await app.as(accounts.editor).call(contract.updateRelease, { params, body: { visibility: 'private' } })
    assert.is(await epoch(), epochBefore + 2)
    await app.as(accounts.editor).call(contract.updateRelease, { params, body: { visibility: 'public' } })
    assert.is(await epoch(), epochBefore + 2)
    await app.as(accounts.editor).call(contract.unpublishRelease, { params })
    assert.is(await epoch(), epochBefore + 3)
  })

  test('addresses that play are everybody’s for public releases alone [PLAY-07] [SEC-11]', async (context) => {
    const { cases, accounts, app } = context
    const manifest = async (one: Case, account?: TestAccount) =>
      (await (account ? app.as(account) : app).call(contract.getTrack, { params: { id: one.trackId } })).body
        .playback?.manifest
    const of = (visibility: contract.Visibility) =>
      cases.find((one) => one.visibility === visibility && one.status === 'published') as Case
    assert.is(await manifest(of('public'), accounts.member), await manifest(of('public')))
    assert.is.not(
      await manifest(of('members'), accounts.member),
      await manifest(of('members'), accounts.editor),
    )
  })

  test.run()
}
