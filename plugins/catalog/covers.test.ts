import sharp from 'sharp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import artists from '../artists/index.ts'
import media from '../media/index.ts'
import * as contract from './contract.ts'
import { sweepCovers } from './covers.ts'
import catalog from './index.ts'
import { addAsset } from './testdata/kit.ts'

interface Context {
  app: TestApp
  owner: TestAccount
  ann: TestAccount
  ben: TestAccount
}
let count = 0

for (const kind of databaseKinds) {
  const test = suite<Context>(`covers on ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ kind, plugins: [media, artists, catalog] })
    context.owner = await context.app.addAccount({ roles: ['owner'] })
    context.ann = await context.app.addAccount({ roles: ['artist'] })
    context.ben = await context.app.addAccount()
  })
  test.after(({ app }) => app.close())
  const audience = async ({ app }: Context) =>
    (await app.site.database.db('media_assets').select('id', 'epoch')) as {
      id: string
      epoch: number
    }[]
  const _epochOf = async (context: Context, id: string) =>
    (await audience(context)).find((row) => row.id === id)?.epoch ?? -1

  test('covers are made anew in three formats, and the former go [FILE-06]', async ({ app, ann, ben }) => {
    const picture = await sharp({ create: { width: 1300, height: 1300, channels: 3, background: '#c03030' } })
      .png()
      .toBuffer()
    await app.site.storage.write('media/x/cover', picture)
    await app.site.storage.write('media/x/broken', Buffer.from('no picture'))
    const withCover = await addAsset(
      app,
      ann,
      { title: 'C', artists: ['C'], album: `C${++count}` },
      { coverKey: 'media/x/cover' },
    )
    const broken = await addAsset(
      app,
      ann,
      { title: 'D', artists: ['D'], album: `D${++count}` },
      { coverKey: 'media/x/broken' },
    )
    const made = await app.as(ann).call(contract.createDrafts, { body: { assetIds: [withCover, broken] } })
    await app.jobs.drain()
    const [one, two] = made.body.releases
    const get = async (slug = '') => (await app.as(ann).call(contract.getRelease, { params: { slug } })).body
    assert.is((await get(two?.slug)).cover, null)
    const { cover } = await get(one?.slug)
    assert.match(cover?.colour ?? '', /^#(?:c0|bf|c1)(?:3[0-2]|2f)(?:3[0-2]|2f)$/)
    for (const [url, format, side] of [
      [cover?.thumb, 'webp', 160],
      [cover?.small.avif, 'heif', 480],
      [cover?.small.webp, 'webp', 480],
      [cover?.large.jpeg, 'jpeg', 1200],
      [cover?.large.avif, 'heif', 1200],
    ] as const) {
      const bytes = Buffer.from(await (await app.request(url ?? '')).arrayBuffer())
      const facts = await sharp(bytes).metadata()
      assert.equal([facts.format, facts.width], [format, side])
    }
    const keys = async () => {
      const all: string[] = []
      for await (const { key } of app.site.storage.list('catalog/cover')) all.push(key)
      return all
    }
    assert.is((await keys()).length, 7)
    const set = (who: TestAccount, body: unknown, query = {}) =>
      app.as(who).callRaw(contract.setCover as never, { params: { slug: one?.slug ?? '' }, body, query })
    assert.is((await set(ben, picture)).status, 404)
    assert.is((await set(ann, Buffer.from('x'))).problem, 'identity.bad-picture')
    assert.is((await set(ann, picture, { x: '0', y: '0', width: '100', height: '100' })).status, 200)
    assert.is((await keys()).length, 7)
    const removed = await app.as(ann).call(contract.removeCover, { params: { slug: one?.slug ?? '' } })
    assert.equal([removed.body.cover, await keys()], [null, []])
    await app.site.storage.write(`catalog/cover/${newId()}/160.webp`, picture)
    const ctx = { db: app.site.database.db, storage: app.site.storage } as never
    await sweepCovers(ctx)
    assert.is((await keys()).length, 1)
    await sweepCovers(ctx, Date.now() + 7_200_000)
    assert.is((await keys()).length, 0)
  })

  test.run()
}
