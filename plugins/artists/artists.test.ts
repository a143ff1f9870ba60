import sharp from 'sharp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import * as contract from './contract.ts'
import artists from './index.ts'
import { artistsByNames, ensureArtists } from './names.ts'

interface Context {
  app: TestApp
  owner: TestAccount
  ann: TestAccount
  ben: TestAccount
}
let count = 0

for (const kind of databaseKinds) {
  const test = suite<Context>(`artists on ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ kind, plugins: [artists] })
    context.owner = await context.app.addAccount({ roles: ['owner'] })
  })
  test.before.each(async (context) => {
    context.ann = await context.app.addAccount()
    context.ben = await context.app.addAccount()
  })
  test.after(({ app }) => app.close())

  const added = async ({ app, owner }: Context, more: { name?: string; isListed?: boolean } = {}) => {
    const slug = `artist-${++count}`
    const body = { slug, name: slug, isListed: true, ...more }
    const made = await app.as(owner).call(contract.createArtist, { body })
    assert.is(made.status, 200, JSON.stringify(made.body))
    return slug
  }
  const managed = async (context: Context, by: TestAccount) => {
    const slug = await added(context)
    const body = { username: by.username }
    await context.app.as(context.owner).call(contract.addManager, { params: { slug }, body })
    return slug
  }

  test('of many who take one address at the same moment one has it, the others hear so [PROF-07]', async (context) => {
    const { app, owner } = context
    const slugs = [await added(context), await added(context), await added(context), await added(context)]
    const slug = `wanted-${++count}`
    const tries = slugs.map((old) =>
      app.as(owner).call(contract.updateArtist, { params: { slug: old }, body: { slug } }),
    )
    assert.equal((await Promise.all(tries)).map(({ status, problem }) => problem ?? status).sort(), [
      200,
      ...['artists.slug-taken', 'artists.slug-taken', 'artists.slug-taken'],
    ])
  })

  test('the label adds artists, whose pages everybody sees [PROF-07]', async (context) => {
    const { app, owner, ann } = context
    const slug = await added(context, { name: 'Nachtfalter' })
    const { body } = await app.call(contract.getArtist, { params: { slug } })
    assert.equal([body.name, body.picture, body.can], ['Nachtfalter', null, { edit: false, manage: false }])
    const again = await app
      .as(owner)
      .call(contract.createArtist, { body: { slug, name: 'X', isListed: true } })
    assert.is(again.problem, 'artists.slug-taken')
    const wish = { body: { slug: 'own-artist', name: 'X', isListed: true } }
    assert.is((await app.as(ann).call(contract.createArtist, wish)).status, 403)
    assert.is((await app.call(contract.createArtist, wish)).status, 401)
    const page = await (await app.request(`/artists/${slug}`)).text()
    assert.match(page, '<h1>Nachtfalter</h1>')
    assert.is((await app.request('/artists/nobody-here')).status, 404)
    assert.is((await app.call(contract.getArtist, { params: { slug: 'nobody-here' } })).status, 404)
  })

  test('the roster goes by name and by pages, and finds part of a name [PROF-07]', async (context) => {
    const { app } = context
    const mark = `roster${++count}`
    for (const letter of ['C', 'A', 'B', 'A']) await added(context, { name: `${letter} ${mark}` })
    await added(context, { name: `100% ${mark}_x` })
    await added(context, { name: `Élan Über ${count}` })
    const names: string[] = []
    let after: string | undefined
    do {
      const query: { q: string; limit: number; after?: string } = { q: mark, limit: 2 }
      if (after) query.after = after
      const { body } = await app.call(contract.listArtists, { query })
      names.push(...body.items.map(({ name }) => name))
      after = body.next ?? undefined
    } while (after)
    assert.equal(names, [`100% ${mark}_x`, `A ${mark}`, `A ${mark}`, `B ${mark}`, `C ${mark}`])
    const found = async (q: string) =>
      (await app.call(contract.listArtists, { query: { q } })).body.items.length
    assert.equal([await found(`% ${mark}`), await found(`${mark}_`), await found(`_ ${mark}`)], [1, 1, 0])
    for (const q of ['Élan Ü', 'élan ü', 'ÉLAN ÜBER']) assert.ok((await found(q)) > 0, q)
  })

  test('an artist that is not listed is there for the label and its managers alone [PROF-07]', async (context) => {
    const { app, owner, ann, ben } = context
    const slug = await managed(context, ann)
    const body = { isListed: false }
    assert.is((await app.as(ann).call(contract.updateArtist, { params: { slug }, body })).status, 403)
    assert.is((await app.as(owner).call(contract.updateArtist, { params: { slug }, body })).status, 200)
    const statusFor = async (account?: TestAccount) =>
      (await (account ? app.as(account) : app).call(contract.getArtist, { params: { slug } })).status
    assert.equal(
      [await statusFor(owner), await statusFor(ann), await statusFor(ben), await statusFor()],
      [200, 200, 404, 404],
    )
    const listed = async (account: TestAccount) =>
      (await app.as(account).call(contract.listArtists, { query: { limit: 100 } })).body.items.some(
        (one) => one.slug === slug,
      )
    assert.equal([await listed(owner), await listed(ann)], [true, false])
    assert.not.match(await (await app.request('/artists')).text(), slug)
    assert.not.match(await (await app.request(`/artists/${slug}`)).text(), `<h1>${slug}`)
  })

  test('several people look after one artist, one after several [PROF-07]', async (context) => {
    const { app, ann, ben } = context
    const [one, two] = [await managed(context, ann), await managed(context, ann)]
    const mine = async (account: TestAccount) =>
      (await app.as(account).call(contract.listMine)).body.items.map(({ slug }) => slug).sort()
    assert.equal(await mine(ann), [one, two].sort())
    const edit = (account: TestAccount, slug: string) =>
      app.as(account).call(contract.updateArtist, { params: { slug }, body: { place: 'Lyon' } })
    assert.is((await edit(ben, one)).status, 403)
    const params = { slug: one }
    const asked = await app
      .as(ann)
      .call(contract.addManager, { params, body: { username: `@${ben.username}` } })
    assert.equal(
      asked.body.items.map(({ username }) => username),
      [ann.username, ben.username],
    )
    assert.is((await edit(ben, one)).body.place, 'Lyon')
    assert.is((await edit(ben, two)).status, 403)
    const unknown = await app.as(ann).call(contract.addManager, { params, body: { username: 'nobody-here' } })
    assert.is(unknown.problem, 'artists.unknown-person')
    const left = await app.as(ben).call(contract.removeManager, { params: { slug: one, accountId: ann.id } })
    assert.equal(
      left.body.items.map(({ username }) => username),
      [ben.username],
    )
    assert.is((await edit(ann, one)).status, 403)
    assert.equal(await mine(ann), [two])
    const gone = await app.as(ben).call(contract.removeManager, { params: { slug: one, accountId: ann.id } })
    assert.is(gone.status, 404)
  })

  test('a manager changes words and links, but neither address nor anybody else’s page [PROF-07]', async (context) => {
    const { app, owner, ann } = context
    const slug = await managed(context, ann)
    const change = (body: Record<string, unknown>) =>
      app.as(ann).callRaw(contract.updateArtist as never, { params: { slug }, body })
    const links = [{ label: 'Site', url: 'https://artist.example/' }]
    const done = await change({ bio: '**Loud** <script>', genres: ['techno'], links })
    assert.is(done.status, 200)
    const artist = (await app.call(contract.getArtist, { params: { slug } })).body
    assert.equal([artist.genres, artist.links], [['techno'], links])
    assert.match(artist.bioHtml, '<strong>Loud</strong>')
    assert.not.match(artist.bioHtml, '<script>')
    for (const url of [
      'javascript:alert(1)',
      'data:text/html,x',
      '//evil.test',
      'ftp://x.test',
      'https://a:b@x.test/',
      'x',
    ])
      assert.is((await change({ links: [{ label: 'x', url }] })).status, 422, url)
    assert.is((await change({ slug: 'another-one' })).status, 403)
    for (const body of [
      { name: '' },
      { bio: 'x'.repeat(5001) },
      { genres: Array(11).fill('x') },
      { id: ann.id },
    ])
      assert.is((await change(body)).status, 422)
    const moved = await app
      .as(owner)
      .call(contract.updateArtist, { params: { slug }, body: { slug: `${slug}-new` } })
    assert.is(moved.body.slug, `${slug}-new`)
    const other = await added(context)
    const clash = await app
      .as(owner)
      .call(contract.updateArtist, { params: { slug: other }, body: { slug: `${slug}-new` } })
    assert.is(clash.problem, 'artists.slug-taken')
  })

  test('pictures are made anew, and the old ones go [PROF-07] [PROF-03]', async (context) => {
    const { app, ann, ben } = context
    const slug = await managed(context, ann)
    const picture = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#c03' } })
      .png()
      .toBuffer()
    const put = (what: string, account: TestAccount, body: Buffer, type = 'image/png') =>
      app.request(`/api/v1/artists/roster/${slug}/${what}`, {
        method: 'PUT',
        headers: { cookie: account.cookie, 'content-type': type },
        body: new Uint8Array(body),
      })
    assert.is((await put('picture', ben, picture)).status, 403)
    assert.is((await put('picture', ann, picture, 'text/plain')).status, 415)
    assert.is((await put('picture?x=1&y=1', ann, picture)).status, 422)
    assert.is((await put('picture', ann, Buffer.from('<svg/>'), 'image/svg+xml')).status, 422)
    const keys = async () => {
      const all: string[] = []
      for await (const { key } of app.site.storage.list('artists/')) all.push(key)
      return all.sort()
    }
    assert.equal(await keys(), [])
    const first = (await (
      await put('picture?x=0&y=0&width=100&height=100', ann, picture)
    ).json()) as contract.Artist
    const before = await keys()
    assert.is(before.length, 2)
    const shown = Buffer.from(await (await app.request(first.picture?.large ?? '')).arrayBuffer())
    const facts = await sharp(shown).metadata()
    assert.equal([facts.format, facts.width, facts.height], ['webp', 768, 768])
    await put('picture', ann, picture)
    const after = await keys()
    assert.is(after.length, 2)
    assert.is.not(after[0], before[0])
    const banner = (await (await put('banner', ann, picture)).json()) as contract.Artist
    assert.is((await app.request(banner.bannerUrl ?? '')).status, 200)
    await app.as(ann).call(contract.removePicture, { params: { slug } })
    await app.as(ann).call(contract.removeBanner, { params: { slug } })
    assert.equal(await keys(), [])
  })

  test('an artist that is removed takes pictures and managers along [PROF-07]', async (context) => {
    const { app, owner, ann } = context
    const slug = await managed(context, ann)
    assert.is((await app.as(ann).call(contract.removeArtist, { params: { slug } })).status, 403)
    assert.is((await app.as(owner).call(contract.removeArtist, { params: { slug } })).status, 204)
    assert.equal((await app.as(ann).call(contract.listMine)).body.items, [])
    assert.is((await app.call(contract.getArtist, { params: { slug } })).status, 404)
  })

  test('artists are found by their whole name, and added where they are missing [PROF-07] [FILE-09]', async (context) => {
    const { app } = context
    const name = `Élan ${++count}`
    await added(context, { name })
    const { db } = app.site.database
    const known = await artistsByNames(db, [name.toUpperCase(), ` ${name}  `, 'Nobody', ''])
    assert.equal([...known.keys()], [name.toUpperCase(), ` ${name}  `])
    const fresh = [`New ${count}`, `NEW ${count}`, `東京 ${count}`, name]
    const both = await db.tx((tx) => ensureArtists(tx, fresh, { isListed: false }))
    assert.is(both.size, 4)
    assert.is(both.get(`New ${count}`)?.id, both.get(`NEW ${count}`)?.id)
    assert.equal([both.get(name)?.isListed, both.get(`New ${count}`)?.isListed], [true, false])
    const again = await ensureArtists(db, fresh, { isListed: true })
    assert.equal(
      [...again.values()].map(({ id }) => id),
      [...both.values()].map(({ id }) => id),
    )
    assert.match(both.get(`東京 ${count}`)?.slug ?? '', /^[a-z0-9-]{2,40}$/)
  })

  test('names with one slug that are added at the same moment have a page each [PROF-07] [FILE-09]', async ({
    app,
  }) => {
    const { db } = app.site.database
    const fresh = ['!', '?', '.', '…', '*', '+'].map((sign) => `Rivals ${count} ${sign}`)
    const added = await Promise.all(fresh.map((name) => ensureArtists(db, [name], { isListed: true })))
    const rows = added.flatMap((artists) => [...artists.values()])
    assert.equal(
      rows.map(({ name }) => name),
      fresh,
    )
    assert.is(new Set(rows.map(({ slug }) => slug)).size, fresh.length)
    for (const { slug } of rows) assert.match(slug, /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])$/)
  })

  test('who leaves the label looks after nothing any more [PROF-07] [PROF-10]', async (context) => {
    const { app, owner, ann } = context
    const slug = await managed(context, ann)
    await app.site.events
      .eventsFor('server')
      .emit(app.site.database.db, identity.accountDeleted, { accountId: ann.id })
    await app.jobs.drain()
    const { body } = await app.as(owner).call(contract.listManagers, { params: { slug } })
    assert.equal(body.items, [])
  })

  test.run()
}
