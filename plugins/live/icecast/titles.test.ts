import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { databaseKinds } from '../../../test/kit/databases.ts'
import * as contract from '../contract.ts'
import { insertKey } from '../stream-keys.ts'
import { insertStream, markLive } from '../streams.ts'
import { type LiveApp, liveApp } from '../testdata/kit.ts'
import { keepTitle } from './titles.ts'

for (const kind of databaseKinds) {
  const test = suite<LiveApp>(`songs of a stream on ${kind}`)
  test.before(async (context) => {
    Object.assign(context, await liveApp({ kind }))
  })
  test.after(({ app }) => app.close())

  test('the page is told what was played last, and nobody what members alone may hear [LIVE-05]', async ({
    app,
    ctx,
  }) => {
    const artist = await app.addAccount({ roles: ['artist'] })
    const body = { slug: 'stage', title: 'Stage', description: '' }
    const { id } = (await app.as(artist).call(contract.createChannel, { body })).body
    const { row } = await insertKey(ctx.db, id)
    const stream = await insertStream(ctx.db, { channelId: id, keyId: row.id, title: 'Stage' })
    await markLive(ctx.db, stream.id, { hasVideo: false, hasAudio: true, startedAt: null })
    for (const [atMs, title] of [
      [0, 'One'],
      [180_000, 'Two'],
    ] as const)
      await keepTitle(ctx, { slug: 'stage' }, { type: 'title', streamId: stream.id, atMs, title })
    const params = { slug: 'stage' }
    const stranger = await app.socket()
    stranger.send({ op: 'join', id: 1, channel: contract.channelRoom.name, params })
    await stranger.until(({ id: answered }) => answered === 1)
    const { items } = (await app.call(contract.listTitles, { params })).body
    assert.equal(
      items.map(({ title, atMs }) => [title, atMs]),
      [
        ['Two', 180_000],
        ['One', 0],
      ],
    )
    assert.ok(items.every(({ at }) => Math.abs(Date.parse(at) - Date.now()) < 120_000))
    await ctx.db('live_streams').where({ id: stream.id }).update({ access: 'members' })
    assert.equal((await app.call(contract.listTitles, { params })).body.items, [])
    assert.is((await app.as(artist).call(contract.listTitles, { params })).body.items.length, 2)
    await keepTitle(ctx, params, { type: 'title', streamId: stream.id, atMs: 360_000, title: 'Secret' })
    const told = await stranger.until(({ op }) => op === 'message', 'word of a song')
    assert.equal([told.type, told.data], ['titles', { streamId: stream.id }])
    await ctx.db('live_streams').where({ id: stream.id }).update({ access: null })
    await keepTitle(ctx, params, { type: 'title', streamId: stream.id, atMs: 540_000, title: 'Open' })
    const open = await stranger.until(({ type }) => type === 'title', 'the song itself')
    assert.is((open.data as contract.PlayedTitle).title, 'Open')
    stranger.close()
  })
  test.run()
}
