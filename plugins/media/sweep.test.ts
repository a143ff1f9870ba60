import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { v7 } from 'uuid'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isoTime, newId } from '#sdk'
import type { TestAccount } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { mediaOrphans } from '../../test/kit/orphans.ts'
import { assetFolder, changeAsset, findAsset, insertAsset } from './assets.ts'
import { encodersCheck } from './checks.ts'
import { commands } from './commands.ts'
import { insertHold } from './holds.ts'
import { openDesk } from './open-desk.ts'
import { sweep } from './sweep.ts'
import { create, type MediaApp, mediaApp, patch } from './testdata/kit.ts'
import { leaveAsset, smallWav } from './testdata/leave.ts'
import { insertUpload } from './uploads.ts'

interface Context extends MediaApp {
  ann: TestAccount
}

const hourMs = 3_600_000
const longAgo = Date.now() - 100 * 24 * hourMs
const oldId = () => v7({ msecs: longAgo })

for (const kind of databaseKinds) {
  const test = suite<Context>(`sweeping on ${kind}`)
  test.before(async (context) => {
    Object.assign(context, await mediaApp({ kind }))
    context.ann = await context.app.addAccount({ roles: ['artist'] })
  })
  test.after((context) => context.close())

  test('what nothing points to goes, and nothing that a row points to [FILE-03] [FILE-10]', async (context) => {
    const { ctx, app, ann } = context
    const { db, storage } = ctx
    const write = (key: string) => storage.write(key, Buffer.from('x'))
    const id = oldId()
    const [winner, loser, young] = [oldId(), oldId(), newId()]
    const kept = ['original.wav', 'cover-source.jpg', `${winner}/manifest.json`, `${young}/manifest.json`]
    const gone = ['cover-beside.png', `${loser}/manifest.json`, `downloads/${newId()}.mp3`]
    for (const file of [...kept, ...gone]) await write(`${assetFolder(id)}/${file}`)
    await insertAsset(db, {
      id,
      ownerId: ann.id,
      fileName: 'a.wav',
      sizeBytes: 1,
      state: 'ready',
      originalKey: `${assetFolder(id)}/original.wav`,
      coverKey: `${assetFolder(id)}/cover-source.jpg`,
      folder: winner,
      filesJson: [['manifest.json', 1]],
    })
    const [orphan, newcomer] = [oldId(), newId()]
    for (const one of [orphan, newcomer]) await write(`${assetFolder(one)}/original.wav`)
    await write(`media/uploads/${oldId()}`)
    const announced = oldId()
    const upload = { accountId: ann.id, relativePath: null, batch: null, metadataJson: {}, sizeBytes: 9 }
    await insertUpload(db, { ...upload, id: announced, fileName: 'b.wav' })
    await write(`${assetFolder(announced)}/original.wav`)
    const dead = join(storage.localFolder('media/work'), `gone-host_1_${oldId()}_${oldId()}`)
    await mkdir(dead)
    await writeFile(join(dead, 'half.mp4'), 'x')

    const swept = await sweep(openDesk(ctx), Date.now() + 1000)
    assert.equal(swept, { uploads: 0, assets: 0, downloads: 0, files: gone.length + 2, resumed: 0 })
    for (const file of kept) assert.is(await storage.size(`${assetFolder(id)}/${file}`), 1, file)
    for (const file of gone) assert.is(await storage.size(`${assetFolder(id)}/${file}`), null, file)
    assert.is(await storage.size(`${assetFolder(orphan)}/original.wav`), null)
    assert.is(await storage.size(`${assetFolder(newcomer)}/original.wav`), 1)
    assert.is(await storage.size(`${assetFolder(announced)}/original.wav`), 1)
    const later = await sweep(openDesk(ctx), Date.now() + 3 * hourMs)
    // The young attempt, the newcomer and the folder of another machine.
    assert.is(later.files, 3)
    await db('media_uploads').where({ id: announced }).delete()
    await storage.removeFolder(assetFolder(announced))
    assert.equal(await mediaOrphans(ctx), [])
    assert.is((await findAsset(db, id))?.state, 'ready')
    assert.is((await app.as(ann).call((await import('./contract.ts')).getUsage)).body.usedBytes, 1)
  })

  test('uploads nobody goes on with and files nobody uses go in their time, held ones stay [FILE-10]', async (context) => {
    const { ctx, app, ann, told } = context
    const { db, storage } = ctx
    const dayMs = 24 * hourMs
    const loose = await leaveAsset(app.site, ann, 'loose')
    const held = await leaveAsset(app.site, ann, 'held')
    await insertHold(db, held, 'catalog.track:1')
    const { id: upload } = await create(app, ann, smallWav.length)
    await patch(app, ann, upload, { bytes: smallWav.subarray(0, 100) })
    const before = await sweep(openDesk(ctx), Date.now() + 6 * dayMs)
    assert.equal([before.uploads, before.assets], [0, 0])
    const after = await sweep(openDesk(ctx), Date.now() + 8 * dayMs)
    assert.equal([after.uploads, after.assets >= 1], [1, true])
    assert.is(await findAsset(db, loose), null)
    assert.is(await storage.size(`media/uploads/${upload}`), null)
    assert.is(await storage.size(`${assetFolder(loose)}/original.wav`), null)
    assert.is((await findAsset(db, held))?.state, 'failed')
    await app.jobs.drain()
    assert.ok(told.includes(`removed ${loose}`) && !told.includes(`removed ${held}`))
    assert.equal(await mediaOrphans(ctx), [])
  })

  test('what is given up for good goes at once with its files, unless somebody else uses it [FILE-10]', async (context) => {
    const { ctx, api, app, ann, told } = context
    const { db, storage } = ctx
    const usedBytes = async () =>
      (await app.as(ann).call((await import('./contract.ts')).getUsage)).body.usedBytes
    const before = await usedBytes()
    const [alone, shared] = [
      await leaveAsset(app.site, ann, 'alone'),
      await leaveAsset(app.site, ann, 'shared'),
    ]
    for (const id of [alone, shared]) await insertHold(db, id, 'catalog.track:1')
    await insertHold(db, shared, 'catalog.track:2')
    await db.tx(async (db) => {
      for (const id of [alone, shared]) await api.discard(db, id, 'catalog.track:1')
    })
    assert.ok(await findAsset(db, alone), 'not before it is certain')
    await app.jobs.drain()
    assert.is(await findAsset(db, alone), null)
    assert.is(await storage.size(`${assetFolder(alone)}/original.wav`), null)
    assert.ok(await storage.size(`${assetFolder(shared)}/original.wav`))
    assert.ok(told.includes(`removed ${alone}`) && !told.includes(`removed ${shared}`))
    await db.tx((db) => api.discard(db, shared, 'catalog.track:2'))
    await app.jobs.drain()
    assert.is(await usedBytes(), before)
    assert.equal(await mediaOrphans(ctx), [])
  })

  test('a file whose job was lost is processed after all [FILE-07]', async (context) => {
    const { ctx, app, ann } = context
    const id = await leaveAsset(app.site, ann, 'lost')
    await changeAsset(ctx.db, id, ['failed'], { state: 'processing', refusalJson: null })
    assert.is((await sweep(openDesk(ctx))).resumed, 0)
    await ctx
      .db('media_assets')
      .where({ id })
      .update({ updatedAt: isoTime(new Date(longAgo)) })
    assert.is((await sweep(openDesk(ctx))).resumed, 1)
    await app.jobs.drain()
    assert.is((await findAsset(ctx.db, id))?.state, 'ready')
  })

  test('the command line lists, retries and sweeps [FILE-10]', async (context) => {
    const { ctx, app, ann } = context
    const id = await leaveAsset(app.site, ann, 'by-hand')
    const run = async (name: string, input: object) => {
      const command = commands.find((one) => one.name === name)
      const result = await command?.run(input as never, ctx as never, {} as never)
      return command?.text(result as never) ?? ''
    }
    assert.match(await run('media list', { state: 'failed' }), `${id}  failed      by-hand.wav  (by-hand)`)
    assert.match(await run('media retry', { id }), '“by-hand.wav” is processed once more')
    assert.match(await run('media list', { state: 'inspecting' }), id)
    assert.match(await run('media sweep', {}), /^Removed 0 uploads, 0 unused files/)
    assert.is(await run('media list', { state: 'failed' }).then((text) => text.includes(id)), false)
    const missing = await run('media retry', { id: newId() }).catch((error: Error) => error.message)
    assert.match(missing, /No file has the id/)
  })

  test('the doctor finds the encoders that are needed [FILE-07]', async () => {
    assert.is(await encodersCheck.run(), null)
  })

  test.run()
}
