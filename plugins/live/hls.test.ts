import type { IncomingMessage, ServerResponse } from 'node:http'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import { HlsDesk } from './hls.ts'
import { LiveWindows } from './media/live-windows.ts'
import { insertStream } from './streams.ts'
import { channelWithKey, FakeIngest, type LiveApp, liveApp } from './testdata/kit.ts'

const test = suite<LiveApp>('media of a stream that is over')
test.before(async (context) => {
  Object.assign(context, await liveApp())
})
test.after(({ app }) => app.close())

test('ends for players where the feed was lost when it said so [LIVE-13]', async ({ ctx }) => {
  const { desk, director } = new FakeIngest(ctx)
  const { channel } = await channelWithKey(ctx, 'stage')
  const { id } = await insertStream(ctx.db, { channelId: channel.id, keyId: newId(), title: 'Night' })
  const windows = new LiveWindows()
  const open = { targetDurationMs: 2_000, windowMs: 30_000, partTargetMs: null, take: 0 }
  windows.apply({ type: 'open', streamId: id, ...open }, Buffer.alloc(0))
  const hls = new HlsDesk(desk)
  hls.windows = windows
  const now = Date.now
  const ask = async () => {
    const req = { method: 'GET', headers: {} } as IncomingMessage
    const res = { writeHead: () => res, end: () => res } as unknown as ServerResponse
    const address = desk.tokens.address(id, 'index').split('/').slice(2).join('/')
    await hls.handle({ req, res, caller: async () => null }, address)
    // Asked again of the database only after some seconds.
    const later = Date.now() + 6_000
    Date.now = () => later
  }
  try {
    await ask()
    await ask()
    assert.is(windows.find(id)?.isEnded, false)
    await ctx.db('live_streams').where({ id }).update({ status: 'ended' })
    await ask()
    assert.is(windows.find(id)?.isEnded, false, 'the feed may be about to say it')
    await ask()
    assert.is(windows.find(id)?.isEnded, true)
  } finally {
    Date.now = now
    await director.stop()
  }
})

test.run()
