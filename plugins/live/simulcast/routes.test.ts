import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import type { TestAccount } from '../../../test/kit/app.ts'
import { databaseKinds } from '../../../test/kit/databases.ts'
import { eventually } from '../../../test/kit/wait.ts'
import * as contract from '../contract.ts'
import type { SentOn, ToIngest } from '../media/types.ts'
import { insertStream, markLive } from '../streams.ts'
import {
  acceptedId,
  changeSetting,
  channelWithKey,
  FakeIngest,
  type LiveApp,
  liveApp,
} from '../testdata/kit.ts'
import { SimulcastDesk } from './simulcast-desk.ts'

type Context = LiveApp & { artist: TestAccount; other: TestAccount }
const params = { slug: 'stage' }
const body = { title: 'Twitch', url: 'rtmp://live.twitch.tv/app', key: 'live_1234_secret', isOn: true }

for (const kind of databaseKinds) {
  const test = suite<Context>(`destinations on ${kind}`)
  test.before(async (context) => {
    Object.assign(context, await liveApp({ kind }))
    context.artist = await context.app.addAccount({ roles: ['artist'] })
    context.other = await context.app.addAccount({ roles: ['artist'] })
    const channel = { slug: 'stage', title: 'Stage', description: '' }
    await context.app.as(context.artist).call(contract.createChannel, { body: channel })
  })
  test.after(({ app }) => app.close())

  test('are kept with a sealed key that nobody is shown again [LIVE-19]', async ({ app, artist, ctx }) => {
    const dj = app.as(artist)
    const made = await dj.call(contract.createSimulcast, { params, body })
    assert.is(made.status, 201)
    const { id } = made.body
    assert.not.match(JSON.stringify(made.body), /secret/)
    const listed = await dj.call(contract.listSimulcasts, { params })
    assert.equal(
      listed.body.items.map(({ title, state, isOn }) => [title, state, isOn]),
      [['Twitch', 'off', true]],
    )
    const rows = JSON.stringify([await ctx.db('live_simulcasts'), await ctx.db('secrets')])
    assert.not.match(rows, /live_1234/)
    assert.is(await ctx.secrets.read(ctx.db, `simulcast/${id}`), body.key)
    const changed = await dj.call(contract.updateSimulcast, {
      params: { id },
      body: { isOn: false, key: 'new-key' },
    })
    assert.is(changed.body.isOn, false)
    assert.is(await ctx.secrets.read(ctx.db, `simulcast/${id}`), 'new-key')
    assert.is((await dj.call(contract.removeSimulcast, { params: { id } })).status, 204)
    assert.is(await ctx.secrets.read(ctx.db, `simulcast/${id}`), null)
    assert.equal((await dj.call(contract.listSimulcasts, { params })).body.items, [])
  })

  test('belong to who may go live on the channel alone [LIVE-19]', async ({ app, artist, other }) => {
    const { id } = (await app.as(artist).call(contract.createSimulcast, { params, body })).body
    const stranger = app.as(other)
    assert.is((await app.call(contract.listSimulcasts, { params })).status, 401)
    assert.is((await stranger.call(contract.listSimulcasts, { params })).status, 403)
    assert.is((await stranger.call(contract.createSimulcast, { params, body })).status, 403)
    assert.is(
      (await stranger.call(contract.updateSimulcast, { params: { id }, body: { isOn: false } })).status,
      403,
    )
    assert.is((await stranger.call(contract.removeSimulcast, { params: { id } })).status, 403)
    await app.as(artist).call(contract.removeSimulcast, { params: { id } })
  })

  test('have an address of RTMP and no odd signs, and are ten at most [LIVE-19]', async ({ app, artist }) => {
    const dj = app.as(artist)
    for (const url of [
      'http://a.example/app',
      'rtmp://',
      'rtmp://host',
      'rtmp://a b/app',
      'rtmp://me@host/app',
      'file:///etc/passwd',
    ])
      assert.is(
        (await dj.call(contract.createSimulcast, { params, body: { ...body, url } })).status,
        422,
        url,
      )
    assert.is(
      (await dj.call(contract.createSimulcast, { params, body: { ...body, key: 'a b\r\n' } })).status,
      422,
    )
    const made = await Promise.all(
      Array.from({ length: 10 }, () => dj.call(contract.createSimulcast, { params, body })),
    )
    assert.ok(made.every(({ status }) => status === 201))
    const eleventh = await dj.call(contract.createSimulcast, { params, body })
    assert.equal([eleventh.status, eleventh.problem], [409, contract.tooManySimulcasts.name])
    for (const { body } of made) await dj.call(contract.removeSimulcast, { params: { id: body.id } })
  })

  test('on this machine and in private networks are not connected to, and that is said [LIVE-19]', async ({
    app,
    artist,
    ctx,
  }) => {
    const dj = app.as(artist)
    const inside = [
      'rtmp://127.0.0.1:6379/app',
      'rtmp://127.1/app',
      'rtmps://[::1]/app',
      'rtmp://169.254.169.254/app',
    ]
    for (const url of inside) await dj.call(contract.createSimulcast, { params, body: { ...body, url } })
    const sent: ToIngest[] = []
    const desk = new SimulcastDesk(ctx, (message) => sent.push(message))
    const channel = await ctx.db('live_channels').where({ slug: 'stage' }).first()
    try {
      await desk.begin({ id: 'stream', channelId: channel.id }, 'stage')
      await eventually('the refusals', () => desk.statesOf(channel.id).size === inside.length)
      assert.ok([...desk.statesOf(channel.id).values()].every(({ state }) => state === 'refused'))
      assert.ok(sent.every((message) => message.type === 'simulcast' && message.targets.length === 0))
    } finally {
      desk.stop()
    }
  })
  test('the ingest is told what the director chose, and what the channel falls back to [LIVE-19] [LIVE-10]', async (context) => {
    const { app, ctx, artist } = context
    await changeSetting(app, ctx, { simulcastToPrivate: true })
    const { key } = await channelWithKey(ctx, 'cameras', artist.id)
    const at = { params: { slug: 'cameras' } }
    await app
      .as(artist)
      .call(contract.createSimulcast, { ...at, body: { ...body, url: 'rtmp://127.0.0.1:1/a' } })
    const mix = (change: contract.MixChange) =>
      app.as(artist).call(contract.updateMix, { ...at, body: change })
    const sent: SentOn[] = []
    const ingest = new FakeIngest(ctx)
    const desk = new SimulcastDesk(ctx, (message) => message.type === 'simulcast' && sent.push(message))
    ingest.desk.simulcast = desk
    const told = async () => {
      await desk.look()
      const { picture, sound, soundOffsetMs } = sent.at(-1)!
      return [picture, sound, soundOffsetMs]
    }
    try {
      const one = acceptedId(await ingest.publish(key))
      await ingest.playing(one)
      assert.equal(await told(), [one, one, 0])
      const two = acceptedId(await ingest.publish(key, { cam: '2' }))
      await ingest.playing(two)
      assert.equal(await told(), [one, one, 0])
      assert.equal(sent.at(-1)?.streamIds, [one, two])
      await mix({ mainCamera: 2 })
      assert.equal(await told(), [two, two, 0])
      await mix({ audioCamera: 1, cameras: [{ camera: 1, offsetMs: 200 }] })
      assert.equal(await told(), [two, one, 200])
      const before = sent.length
      await told()
      assert.is(sent.length, before)
      await ingest.gone(two, 'dropped')
      assert.equal(await told(), [one, one, 0])
      await ingest.ended(two)
      await told()
      assert.equal(sent.at(-1)?.streamIds, [one])
      await ingest.ended(one)
      await told()
      assert.equal([sent.at(-1)?.targets, sent.at(-1)?.picture], [[], null])
    } finally {
      desk.stop()
      await ingest.director.stop()
      await changeSetting(app, ctx, { simulcastToPrivate: false })
    }
  })

  test('a camera of another machine is sent on by that machine alone, one after the other [LIVE-19] [LIVE-16]', async (context) => {
    const { app, ctx, artist } = context
    await changeSetting(app, ctx, { simulcastToPrivate: true })
    const { key, channel } = await channelWithKey(ctx, 'apart', artist.id)
    const at = { params: { slug: 'apart' } }
    const url = 'rtmp://127.0.0.1:1/a'
    await app.as(artist).call(contract.createSimulcast, { ...at, body: { ...body, url } })
    const show = (mainCamera: number) =>
      app.as(artist).call(contract.updateMix, { ...at, body: { mainCamera } })
    const sent: SentOn[] = []
    const ingest = new FakeIngest(ctx)
    const take = (message: ToIngest) => message.type === 'simulcast' && sent.push(message)
    const desk = new SimulcastDesk(ctx, take, 100)
    ingest.desk.simulcast = desk
    const told = async () => {
      await desk.look()
      return [sent.at(-1)?.picture, sent.at(-1)?.targets.length]
    }
    try {
      const one = acceptedId(await ingest.publish(key))
      await ingest.playing(one)
      assert.equal(await told(), [one, 1])
      const input = { channelId: channel.id, keyId: newId(), title: 'Far', camera: 2, showId: one }
      const far = await insertStream(ctx.db, { ...input, originId: newId() })
      await markLive(ctx.db, far.id, { hasVideo: true, hasAudio: true, startedAt: null })
      assert.equal(await told(), [one, 1], 'still the picture')
      await show(2)
      assert.equal(await told(), [null, 0], 'the other machine sends it')
      await show(1)
      assert.equal(await told(), [null, 0], 'the other one may not have looked yet')
      await eventually('our turn', () => sent.at(-1)?.picture === one && sent.at(-1)?.targets.length === 1)
    } finally {
      desk.stop()
      await ingest.director.stop()
      await changeSetting(app, ctx, { simulcastToPrivate: false })
    }
  })
  test.run()
}
