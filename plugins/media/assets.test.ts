import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import { newId } from '#sdk'
import type { TestAccount } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { mediaOrphans } from '../../test/kit/orphans.ts'
import { killed } from '../../test/kit/processes.ts'
import { eventually } from '../../test/kit/wait.ts'
import { type AssetRow, changeAsset, findAsset } from './assets.ts'
import * as contract from './contract.ts'
import type { Desk } from './desk.ts'
import { openDesk } from './open-desk.ts'
import { processOne } from './process.ts'
import { type MediaApp, mediaApp, send, tone } from './testdata/kit.ts'
import { smallWav } from './testdata/leave.ts'
import { encoders, encoding, slowly } from './testdata/slow.ts'

interface Context extends MediaApp {
  ann: TestAccount
  ben: TestAccount
  desk: Desk
}
type AssetTest = Test<Context>
for (const kind of databaseKinds) {
  const test = suite<Context>(`assets on ${kind}`)
  test.before(async (context) => {
    Object.assign(context, await mediaApp({ kind }))
    context.desk = openDesk(context.ctx)
    context.ann = await context.app.addAccount({ roles: ['artist'] })
    context.ben = await context.app.addAccount({ roles: ['artist'] })
  })
  test.after((context) => context.close())
  testLife(test)
  if (kind === 'sqlite') testTrouble(test)
  testLeaving(test)
  test('no file is left that no row leads to [FILE-03]', async ({ ctx }) => {
    assert.equal(await mediaOrphans(ctx), [])
    assert.ok((await ctx.db('media_assets')).length > 0)
  })
  test.run()
}

const asset = async ({ app, ann }: Context, id: string) =>
  (await app.as(ann).call(contract.getAsset, { params: { id } })).body

const run = (signal = new AbortController().signal) => ({
  id: newId(),
  attempt: 1,
  signal,
  progress: async () => {},
})

/** Brought and inspected, its processing still to come. */
async function inspected(context: Context, hz: number): Promise<string> {
  const { ctx, api, folder } = context
  const path = await tone(folder, `${hz}.wav`, { hz, seconds: 15 })
  const { assetId } = await api.bring({ path, relativePath: '', ownerId: context.ann.id, batch: null })
  await ctx.db('jobs').where({ name: contract.processAsset.name, key: assetId }).delete()
  return assetId
}

function testLife(test: AssetTest) {
  test('from the last byte to what plays, told to its owner as it goes [FILE-04] [FILE-07] [FILE-08]', async (context) => {
    const { app, ann, ben, told, folder, api } = context
    await writeFile(join(folder, 'cover.png'), pixel)
    const path = await tone(folder, 'full.flac', {
      hz: 523,
      seconds: 2,
      args: ['-metadata', 'title=Nachtflug', '-metadata', 'artist=Ann', '-metadata', 'ISRC=DEA123456789'],
    })
    const [own, other] = [await app.socket(ann), await app.socket(ben)]
    const place = { channel: contract.assetChannel.name, params: { accountId: ann.id } }
    for (const socket of [own, other]) socket.send({ op: 'join', id: 1, ...place })
    assert.is((await own.until((frame) => frame.op === 'joined' || frame.op === 'refused')).op, 'joined')
    assert.is((await other.until((frame) => frame.op === 'joined' || frame.op === 'refused')).op, 'refused')

    const { id, status } = await send(app, ann, path, {
      filename: 'full.flac',
      relativePath: 'Album/full.flac',
    })
    assert.is(status, 204)
    assert.equal([(await asset(context, id)).state, (await asset(context, id)).title], ['inspecting', null])
    await app.jobs.drain()
    const ready = await asset(context, id)
    assert.equal(
      [ready.state, ready.progress, ready.title, ready.format, ready.isLossless, ready.isDamaged],
      ['ready', 1, 'Nachtflug', 'FLAC', true, false],
    )
    assert.equal(
      [ready.sampleRate, ready.bitDepth, ready.channels, ready.durationMs, ready.leadSilenceMs],
      [44_100, 16, 2, 2000, 0],
    )
    assert.ok(Math.abs((ready.loudnessLufs ?? 0) + 21) < 2, `${ready.loudnessLufs} LUFS`)
    assert.ok(Math.abs((ready.truePeakDbtp ?? 0) + 21) < 2, `${ready.truePeakDbtp} dBTP`)
    assert.equal(told, [`inspected ${id}`, `ready ${id}`])
    const states = own.received
      .filter((frame) => frame.type === 'changed')
      .map((frame) => (frame.data as contract.Asset).state)
    assert.equal([states[0], states.at(-1)], ['inspecting', 'ready'])
    assert.not.ok(other.received.some((frame) => frame.type === 'changed'))
    for (const socket of [own, other]) socket.close()

    const facts = (await api.assetsByIds([id])).get(id)
    assert.equal(
      [facts?.tags.title, facts?.tags.artists, facts?.tags.isrc, facts?.relativePath, facts?.ownerId],
      ['Nachtflug', ['Ann'], 'DEA123456789', 'Album/full.flac', ann.id],
    )
    assert.ok((facts?.momentary.length ?? 0) > 0 && (facts?.contentHash?.length ?? 0) === 64)
    assert.is((await api.assetsByIds([])).size, 0)
  })

  test('the same sound under other tags is found, other sound is not [FILE-09]', async (context) => {
    const { app, ann, folder, api } = context
    const ids: string[] = []
    for (const [name, hz, title] of [
      ['one.mp3', 300, 'One'],
      ['two.mp3', 300, 'Two'],
      ['three.mp3', 301, 'One'],
    ] as const) {
      const path = await tone(folder, name, { hz, args: ['-metadata', `title=${title}`] })
      ids.push((await send(app, ann, path, { filename: name })).id)
      await app.jobs.drain()
    }
    const [one, two, three] = await Promise.all(ids.map((id) => asset(context, id)))
    assert.equal([one?.sameAs, two?.sameAs, three?.sameAs], [null, ids[0], null])
    assert.equal([one?.isLossless, one?.format], [false, 'MP3'])
    const facts = await api.assetsByIds(ids)
    const hash = facts.get(ids[1]!)?.audioHash ?? ''
    assert.equal([...(await api.byAudioHash([hash, 'f'.repeat(64)]))], [[hash, ids[0]]])
    assert.is(facts.get(ids[0]!)?.playable?.hasLossless, false)
    assert.equal(
      facts.get(ids[0]!)?.playable?.progressive.map(({ file }) => file),
      ['aac-256.mp4', 'aac-96.mp4'],
    )
  })

  test('a file of the machine is copied in once, and its cover with it [FILE-10]', async (context) => {
    const { api, app, folder, told, ctx } = context
    const path = await tone(folder, 'import.aiff', { hz: 700 })
    const wish = { path, relativePath: 'Ann/Album/import.aiff', ownerId: null, batch: 'import-1' }
    const [first, second] = await Promise.all([api.bring(wish), api.bring(wish)])
    assert.is(first?.assetId, second?.assetId)
    assert.equal([first?.isNew, second?.isNew].sort(), [false, true])
    assert.equal(await api.bring(wish), { assetId: first?.assetId, isNew: false })
    const id = first?.assetId ?? ''
    const before = await findAsset(ctx.db, id)
    assert.equal([before?.state, before?.ownerId, before?.batch], ['processing', null, 'import-1'])
    assert.is(before?.coverKey, `media/${id}/cover-beside.png`)
    await app.jobs.drain()
    assert.equal(told.slice(-2), [`inspected ${id}`, `ready ${id}`])
    const original = await (await ctx.storage.read(`media/${id}/original.aiff`))?.stream.toArray()
    assert.ok(Buffer.concat(original ?? []).equals(await readFile(path)))
    await writeFile(join(folder, 'not.mp3'), 'This is no music at all, only words.')
    const refused = await api.bring({ ...wish, path: join(folder, 'not.mp3') }).catch((error) => error)
    assert.is(refused.problem?.name, 'media.not-audio')
    await writeFile(join(folder, 'empty.wav'), '')
    const empty = await api.bring({ ...wish, path: join(folder, 'empty.wav') }).catch((error) => error)
    assert.is(empty.problem?.status, 422)
  })

  test('of two workers with one file one publishes, and nothing of the other stays [FILE-07]', async (context) => {
    const { desk, told, ctx, app } = context
    const id = await inspected(context, 811)
    await Promise.all([processOne(desk, id, run()), processOne(desk, id, run())])
    await app.jobs.drain()
    assert.equal(told.filter((line) => line === `ready ${id}`).length, 1)
    const row = (await findAsset(ctx.db, id)) as AssetRow
    assert.equal(await foldersOf(context, id), [row.folder])
    await processOne(desk, id, run())
    assert.equal(await foldersOf(context, id), [row.folder])
  })
}

async function foldersOf({ ctx }: Context, id: string): Promise<string[]> {
  const folders = new Set<string>()
  for await (const { key } of ctx.storage.list(`media/${id}`))
    if (key.split('/').length > 3) folders.add(key.split('/')[2] ?? '')
  return [...folders]
}

function testTrouble(test: AssetTest) {
  test('a job that is told to stop leaves nothing, and its attempt does not count [FILE-07]', async (context) => {
    const { desk, ctx } = context
    const id = await inspected(context, 812)
    const stop = new AbortController()
    await slowly(async () => {
      const work = processOne(desk, id, run(stop.signal)).catch((error: unknown) => error)
      await encoding()
      stop.abort(new Error('lease lost'))
      assert.ok((await work) instanceof Error)
    })
    const row = await findAsset(ctx.db, id)
    assert.equal([row?.state, row?.attempts, row?.folder], ['processing', 0, null])
    assert.equal(await foldersOf(context, id), [])
    await processOne(desk, id, run())
    assert.is((await findAsset(ctx.db, id))?.state, 'ready')
  })

  test('a killed ffmpeg is tried again, at last the file fails in words and can be retried [FILE-07]', async (context) => {
    const { desk, ctx, app, ann, told } = context
    const id = await inspected(context, 813)
    const kill = () =>
      slowly(async () => {
        const work = processOne(desk, id, run()).catch((error: unknown) => error)
        await eventually('ffmpeg to be killed', async () => (await encoders()).some(killed))
        return work
      })
    assert.ok((await kill()) instanceof Error)
    assert.is((await findAsset(ctx.db, id))?.state, 'processing')
    await changeAsset(ctx.db, id, ['processing'], { attempts: 4 })
    assert.is(await kill(), undefined)
    const failed = await asset(context, id)
    assert.equal([failed.state, failed.refusal?.name], ['failed', 'media.processing-failed'])
    assert.match(failed.refusal?.title ?? '', /try again/)
    const retried = await app.as(ann).call(contract.retryAsset, { params: { id } })
    assert.equal([retried.body.state, retried.body.refusal], ['inspecting', null])
    assert.is((await app.as(ann).call(contract.retryAsset, { params: { id } })).problem, 'conflict')
    await app.jobs.drain()
    assert.is((await asset(context, id)).state, 'ready')
    assert.equal(told.filter((line) => line.endsWith(id)).slice(-3), [
      `failed ${id}`,
      `inspected ${id}`,
      `ready ${id}`,
    ])
  })

  test('a file that kills its worker is given up after five tries [FILE-07]', async (context) => {
    const { desk, ctx } = context
    const id = await inspected(context, 814)
    await changeAsset(ctx.db, id, ['processing'], { attempts: 5 })
    await processOne(desk, id, run())
    assert.is((await findAsset(ctx.db, id))?.state, 'failed')
  })

  test('one that is removed while it is made leaves nothing [FILE-10]', async (context) => {
    const { desk, ctx, app, ann } = context
    const id = await inspected(context, 815)
    await slowly(async () => {
      const work = processOne(desk, id, run())
      await encoding()
      assert.is((await app.as(ann).call(contract.removeAsset, { params: { id } })).status, 204)
      await work.catch(() => {})
    }, 5)
    for await (const { key } of ctx.storage.list(`media/${id}`)) assert.unreachable(key)
  })

  test('a damaged file says what is wrong, and its original is kept [FILE-03]', async (context) => {
    const { app, ann, ctx, folder } = context
    const whole = await readFile(await tone(folder, 'whole.flac', { hz: 900, seconds: 3 }))
    const header = Buffer.from(smallWav.subarray(0, 44))
    header.writeUInt32LE(0, 40)
    const cases: [name: string, bytes: Buffer, state: string, refusal: string | undefined][] = [
      ['cut.flac', whole.subarray(0, whole.length * 0.6), 'ready', undefined],
      ['headers.wav', header, 'failed', 'media.broken-audio'],
      ['head.flac', whole.subarray(0, 60), 'failed', 'media.broken-audio'],
    ]
    for (const [filename, bytes, state, refusal] of cases) {
      const { id } = await send(app, ann, bytes, { filename })
      await app.jobs.drain()
      const now = await asset(context, id)
      assert.equal([now.state, now.refusal?.name], [state, refusal], filename)
      assert.is(now.isDamaged, state === 'ready', filename)
      if (refusal) assert.ok((now.refusal?.detail?.length ?? 0) > 20, filename)
      assert.ok(await ctx.storage.size((await findAsset(ctx.db, id))?.originalKey ?? ''), filename)
    }
  })
}

function testLeaving(test: AssetTest) {
  test('who leaves takes the list, unused files go, used ones are the label’s [FILE-10]', async (context) => {
    const { app, ben, api, ctx, told } = context
    const used = (await send(app, ben, smallWav, { filename: 'used.wav' })).id
    const unused = (await send(app, ben, smallWav, { filename: 'unused.wav' })).id
    await app.jobs.drain()
    await api.hold(ctx.db, used, 'catalog.track:9')
    const removal = await app.as(ben).call(contract.removeAsset, { params: { id: used } })
    assert.equal([removal.status, removal.problem], [409, 'media.in-use'])
    const [contribution] = app.site.contributions.all().filter(([owner]) => owner === 'media')
    const given = await contribution?.[1](ben.id)
    assert.equal(
      ((given?.data ?? { files: [] }) as { files: contract.Asset[] }).files.map(({ fileName }) => fileName),
      ['used.wav', 'unused.wav'],
    )
    await ctx.events.emit(ctx.db, identity.accountDeleted, { accountId: ben.id })
    await app.jobs.drain()
    assert.is(await findAsset(ctx.db, unused), null)
    assert.is((await findAsset(ctx.db, used))?.ownerId, null)
    assert.ok(told.includes(`removed ${unused}`))
    assert.ok(await ctx.storage.size(`media/${used}/original.wav`))
  })
}

/** A PNG of one pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
