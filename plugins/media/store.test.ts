import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { isoTime, newId, ProblemError } from '#sdk'
import { migrate } from '../../server/db/index.ts'
import { somebody } from '../../test/kit/account.ts'
import { databaseKinds, type TestDatabase, testDatabase } from '../../test/kit/databases.ts'
import * as assets from './assets.ts'
import { downloadsByIds, listUnusedSince, wishDownload } from './downloads.ts'
import { insertHold, isHeld, removeHold } from './holds.ts'
import { findRendition, insertRendition, replaceRenditions } from './renditions.ts'
import { admitUpload } from './room.ts'
import { MediaSettings } from './settings.ts'
import { findUpload, insertUpload, markArchive, markUploadDone, planArchive, usedBytes } from './uploads.ts'

const migrations = [{ owner: 'media', folder: new URL('./migrations/', import.meta.url) }]
type StoreTest = Test<{ database: TestDatabase }>

for (const kind of databaseKinds) {
  const test = suite<{ database: TestDatabase }>(`media store on ${kind}`)
  test.before(async (context) => {
    context.database = await testDatabase(kind)
    await migrate(context.database, migrations)
  })
  test.after(({ database }) => database.close())
  testAssets(test)
  testHolds(test)
  testUploads(test)
  testMade(test)
  test.run()
}

async function makeAsset({ db }: TestDatabase, more: Partial<assets.AssetRow> = {}): Promise<string> {
  const id = newId()
  const file = { fileName: 'a.wav', sizeBytes: 100, ownerId: newId(), state: 'inspecting' as const }
  await assets.insertAsset(db, { id, ...file, ...more })
  return id
}

const announced = (accountId: string, sizeBytes = 10) => ({
  id: newId(),
  accountId,
  fileName: 'a.wav',
  relativePath: null,
  batch: null,
  sizeBytes,
  metadataJson: { filename: 'a.wav', empty: null },
})

async function nameOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return error instanceof ProblemError ? error.problem.name : String(error)
}

function testAssets(test: StoreTest) {
  test('an asset is made once, and comes back as it was kept [FILE-01]', async ({ database }) => {
    const { db } = database
    const ownerId = newId()
    const id = await makeAsset(database, { ownerId, momentaryJson: [[-230, 4]], sizeBytes: 6_000_000_000 })
    assert.is(
      await assets.insertAsset(db, { id, ownerId: newId(), fileName: 'b', sizeBytes: 1, state: 'ready' }),
      false,
    )
    const found = await assets.findAsset(db, id)
    assert.equal(
      [found?.ownerId, found?.sizeBytes, found?.momentaryJson, found?.isDamaged, found?.tagsJson],
      [ownerId, 6_000_000_000, [[-230, 4]], false, null],
    )
    assert.is(found?.looseAt, found?.createdAt)
  })

  test('lists go by pages, by owner, state and use [FILE-01]', async ({ database }) => {
    const { db } = database
    const ownerId = newId()
    const ids: string[] = []
    for (let count = 0; count < 5; count++) ids.push(await makeAsset(database, { ownerId }))
    await makeAsset(database)
    await assets.changeAsset(db, ids[0]!, ['inspecting'], { state: 'ready' })
    await insertHold(db, ids[1]!, 'catalog.track:1')
    const first = await assets.listAssets(db, { ownerId, limit: 3 })
    const rest = await assets.listAssets(db, { ownerId, limit: 3, after: first.next! })
    const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)
    assert.equal([...idsOf(first.items), ...idsOf(rest.items)], ids.toReversed())
    assert.is(rest.next, null)
    const ready = await assets.listAssets(db, { ownerId, limit: 9, state: 'ready' })
    assert.equal(idsOf(ready.items), [ids[0]])
    const held = await assets.listAssets(db, { ownerId, limit: 9, isLoose: false })
    assert.equal(idsOf(held.items), [ids[1]])
    assert.is((await assets.listAssets(db, { ownerId, limit: 9, isLoose: true })).items.length, 4)
  })

  test('of many that publish at once one wins, and a change of state is asked for by its own state [FILE-07]', async ({
    database,
  }) => {
    const { db } = database
    const id = await makeAsset(database, { state: 'processing' })
    const won = await Promise.all(
      [1, 2, 3, 4].map((folder) =>
        assets.changeAsset(db, id, ['processing'], {
          state: 'ready',
          folder: newId(),
          filesJson: [['a', folder]],
        }),
      ),
    )
    assert.equal(won.filter(Boolean).length, 1)
    const winner = won.indexOf(true) + 1
    assert.equal((await assets.findPlayed(db, id))?.filesJson, [['a', winner]])
    assert.is(await assets.beginAttempt(db, id, ['processing']), null)
  })

  test('attempts are counted where they begin, all of them [FILE-07]', async ({ database }) => {
    const { db } = database
    const id = await makeAsset(database)
    await Promise.all([1, 2, 3].map(() => assets.beginAttempt(db, id, ['inspecting', 'processing'])))
    await assets.giveAttemptBack(db, id)
    assert.is((await assets.beginAttempt(db, id, ['inspecting']))?.attempts, 3)
    assert.is(await assets.beginAttempt(db, newId(), ['inspecting']), null)
  })

  test('the same sound is found by its hash, the oldest first [FILE-09]', async ({ database }) => {
    const { db } = database
    const [audioHash, contentHash] = [newId().repeat(1), newId()]
    const first = await makeAsset(database, { audioHash, contentHash })
    const second = await makeAsset(database, { audioHash, contentHash: newId() })
    assert.is(await assets.findSameSound(db, audioHash, second), first)
    assert.is(await assets.findSameSound(db, audioHash, first), second)
    assert.is(await assets.findByContent(db, contentHash), first)
    assert.equal([...(await assets.byAudioHash(db, [audioHash, 'unknown']))], [[audioHash, first]])
    await assets.changeAsset(db, second, ['inspecting'], { sameAs: first })
    assert.is(await assets.removeUnheld(db, first), true)
    assert.is((await assets.findAsset(db, second))?.sameAs, null)
  })
}

function testHolds(test: StoreTest) {
  test('what is held stays, until its last holder lets go [FILE-10]', async ({ database }) => {
    const { db } = database
    const id = await makeAsset(database)
    await insertHold(db, id, 'catalog.track:1')
    await insertHold(db, id, 'catalog.track:1')
    await insertHold(db, id, 'catalog.track:2')
    assert.is((await assets.findAsset(db, id))?.looseAt, null)
    assert.is(await assets.removeUnheld(db, id), false)
    await removeHold(db, id, 'catalog.track:1')
    await removeHold(db, id, 'catalog.track:3')
    assert.equal([await isHeld(db, id), (await assets.findAsset(db, id))?.looseAt], [true, null])
    await removeHold(db, id, 'catalog.track:2')
    const looseAt = (await assets.findAsset(db, id))?.looseAt ?? ''
    assert.ok(looseAt >= isoTime(new Date(Date.now() - 5000)), looseAt)
    assert.is(await assets.removeUnheld(db, id, looseAt), false)
    assert.is(await assets.removeUnheld(db, id, `${looseAt}~`), true)
    assert.is(await nameOf(insertHold(db, id, 'catalog.track:1')), 'not-found')
  })

  test('holders that come and go at once leave it held or loose as they are [FILE-10]', async ({
    database,
  }) => {
    const { db } = database
    const id = await makeAsset(database)
    await insertHold(db, id, 'a')
    await Promise.all([removeHold(db, id, 'a'), insertHold(db, id, 'b'), insertHold(db, id, 'c')])
    assert.is((await assets.findAsset(db, id))?.looseAt, null)
    await Promise.all([removeHold(db, id, 'b'), removeHold(db, id, 'c')])
    assert.ok((await assets.findAsset(db, id))?.looseAt)
  })
}

function testUploads(test: StoreTest) {
  test('an upload ends once, an archive is planned once [FILE-01]', async ({ database }) => {
    const { db } = database
    const upload = announced(newId())
    await insertUpload(db, upload)
    assert.equal((await findUpload(db, upload.id))?.metadataJson, upload.metadataJson)
    const begun = await Promise.all([1, 2].map(() => markArchive(db, upload.id, 'batch')))
    assert.equal(begun.sort(), [false, true])
    const [first, second] = [{ 'a.mp3': newId() }, { 'a.mp3': newId() }]
    assert.equal(await planArchive(db, upload.id, first), first)
    assert.equal(await planArchive(db, upload.id, second), first)
    const ended = await Promise.all([1, 2, 3].map(() => markUploadDone(db, upload.id)))
    assert.is(ended.filter(Boolean).length, 1)
    assert.is(await planArchive(db, upload.id, second), null)
  })

  test('uploads announced at once never take more than the quota [FILE-03]', async ({ database }) => {
    const { db } = database
    const account = somebody(newId(), { roles: ['artist', 'fan'] })
    const settings = MediaSettings.parse({ quotaGb: { artist: 1 / 1024, fan: 0 } })
    const limits = { settings, account, folder: '/tmp' }
    await makeAsset(database, { ownerId: account.id, sizeBytes: 100_000 })
    const names = await Promise.all(
      Array.from({ length: 8 }, () => nameOf(admitUpload(db, announced(account.id, 300_000), limits))),
    )
    assert.equal(names.sort(), [
      'media.over-quota',
      'media.over-quota',
      'media.over-quota',
      'media.over-quota',
      'media.over-quota',
      'null',
      'null',
      'null',
    ])
    assert.is(await usedBytes(db, account.id), 1_000_000)
    const manager = { ...account, permissions: new Set(['media.manage']) }
    await admitUpload(db, announced(account.id, 900_000), { ...limits, account: manager })
    const others = MediaSettings.parse({ quotaGb: { label: 0 }, maxFileMb: 1 })
    await admitUpload(db, announced(account.id, 1024 * 1024), { ...limits, settings: others })
    const large = admitUpload(db, announced(account.id, 1024 * 1024 + 1), { ...limits, settings: others })
    assert.is(await nameOf(large), 'media.file-too-large')
    assert.is(await nameOf(admitUpload(db, announced(account.id, 0), limits)), 'media.broken-audio')
    assert.is(
      await nameOf(
        admitUpload(db, announced(account.id, 1e15), {
          ...limits,
          settings: MediaSettings.parse({ maxFileMb: 1_048_576 }),
        }),
      ),
      'media.file-too-large',
    )
  })
}

function testMade(test: StoreTest) {
  test('renditions are replaced together and go with their asset [FILE-07]', async ({ database }) => {
    const { db } = database
    const assetId = await makeAsset(database)
    const one = {
      assetId,
      profile: 'aac-96',
      folder: newId(),
      file: 'aac-96.mp4',
      contentType: 'audio/mp4',
      sizeBytes: 5_000_000_000,
      sampleRate: 44_100,
      channels: 2,
      bitrateKbps: 96,
      gaplessJson: { sampleRate: 44_100, encoderDelay: 1024, sampleCount: 9 },
    }
    await replaceRenditions(db, assetId, [one])
    assert.is(await insertRendition(db, one), false)
    assert.is(await insertRendition(db, { ...one, profile: 'mp3-v0', gaplessJson: null }), true)
    const found = await findRendition(db, assetId, 'aac-96')
    assert.equal([found?.sizeBytes, found?.gaplessJson], [one.sizeBytes, one.gaplessJson])
    await replaceRenditions(db, assetId, [{ ...one, profile: 'flac' }])
    assert.is(await findRendition(db, assetId, 'mp3-v0'), null)
    await assets.removeUnheld(db, assetId)
    assert.is(await findRendition(db, assetId, 'flac'), null)
  })

  test('one wish for a download is one row, another wish another [FILE-04]', async ({ database }) => {
    const { db } = database
    const wish = { assetId: await makeAsset(database), format: 'flac' as const, coverKey: null }
    const tagsJson = { TITLE: 'A', ARTIST: ['B', 'C'] }
    const made = await Promise.all(
      [1, 2, 3].map(() => wishDownload(db, { ...wish, wishHash: 'x', tagsJson })),
    )
    assert.is(made.filter(({ isNew }) => isNew).length, 1)
    assert.is(new Set(made.map(({ row }) => row.id)).size, 1)
    assert.equal(made[0]?.row.tagsJson, tagsJson)
    const other = await wishDownload(db, { ...wish, wishHash: 'y', tagsJson })
    assert.is(other.isNew, true)
    assert.is((await downloadsByIds(db, [other.row.id, newId()])).length, 1)
    const later = isoTime(new Date(Date.now() + 1000))
    assert.is(
      (await listUnusedSince(db, later, 10)).filter(({ assetId }) => assetId === wish.assetId).length,
      2,
    )
  })
}
