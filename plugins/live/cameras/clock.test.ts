import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { TestAccount } from '../../../test/kit/app.ts'
import * as contract from '../contract.ts'
import { channelWithKey, eventually, type LiveApp, liveApp, replaysOf, statusOf } from '../testdata/kit.ts'
import { SlowLine } from '../testdata/slow-line.ts'

const run = promisify(execFile)
const firstWaitMs = 1_200
const frameMs = 40
const test = suite<LiveApp & { port: number; admin: TestAccount }>('two real cameras')

test.before(async (context) => {
  Object.assign(context, await liveApp({ roles: ['web', 'worker', 'ingest'] }))
  const { app } = context
  context.admin = await app.addAccount({ roles: ['admin'] })
  context.port = await eventually('the ingest to listen', async () => {
    const { body } = await app.as(context.admin).call(contract.myChannels)
    return Number(new URL(body.ingest.rtmp).port)
  })
})
test.after(({ app }) => app.close())

/** Black, with a white flash in the fourth second, sent to both places by one encoder in real time. */
async function film(urls: string[], seconds: number): Promise<void> {
  const picture = `color=black:size=160x90:rate=25,drawbox=color=white:t=fill:enable='between(t,3,3.5)'`
  const sources = ['-re', '-f', 'lavfi', '-i', picture, '-re', '-f', 'lavfi', '-i', 'sine=sample_rate=48000']
  const codecs = '-c:v libx264 -preset ultrafast -tune zerolatency -g 25 -b:v 200k -c:a aac -b:a 64k'.split(
    ' ',
  )
  const outputs = urls.map((url) => `[f=flv]${url}`).join('|')
  const tee = ['-flags', '+global_header', '-map', '0', '-map', '1', '-f', 'tee', outputs]
  const args = ['-nostdin', '-loglevel', 'error', ...sources, '-t', String(seconds), ...codecs, ...tee]
  const encoder = spawn('ffmpeg', args, { stdio: 'ignore' })
  const [code] = await once(encoder, 'exit')
  assert.is(code, 0)
}

/** The date of the first white frame of a recording, by its playlist. */
async function flashAt(app: LiveApp['app'], hls: string): Promise<number> {
  const read = async (path: string) => (await app.request(path)).text()
  const variant = (await read(hls)).split('\n').findLast((line) => line !== '' && !line.startsWith('#'))
  const list = await read(hls.replace(/[^/]+$/, variant ?? ''))
  const begin = Date.parse(/#EXT-X-PROGRAM-DATE-TIME:(\S+)/.exec(list)?.[1] ?? '')
  const gray = ['-vf', 'scale=1:1,format=gray', '-f', 'rawvideo', '-']
  const args = ['-nostdin', '-loglevel', 'error', '-i', app.url + hls, '-map', '0:v', ...gray]
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer' })
  const frame = stdout.findIndex((luma) => luma > 128)
  assert.ok(frame > 0, 'the flash is in the recording')
  return begin + frame * frameMs
}

test('a flash that two cameras see is at one moment, though one line held its beginning back [LIVE-10] [LIVE-11]', async (context) => {
  const { app, ctx, port } = context
  const { key } = await channelWithKey(ctx, 'event')
  const line = await SlowLine.to(port, { firstMs: firstWaitMs, jitterMs: 40 })
  const filmed = film(
    [`rtmp://127.0.0.1:${port}/live/${key}`, `rtmp://127.0.0.1:${line.port}/live/${key}?cam=2`],
    6,
  )
  try {
    const angles = await eventually('both cameras on air, their clocks measured', async () => {
      const { body } = await app.call(contract.getChannel, { params: { slug: 'event' } })
      const angles = body.playback?.angles ?? []
      return Math.abs(angles[1]?.offsetMs ?? 0) > 100 ? angles : null
    })
    assert.equal(
      angles.map(({ camera }) => camera),
      [1, 2],
    )
    await filmed
  } finally {
    line.close()
  }
  await app.as(context.admin).call(contract.endStream, { params: { slug: 'event' } })
  await eventually('the end of the show', async () => (await statusOf(context, 'event')) === 'offline')
  const replay = await eventually('the replay of both', async () => {
    const [newest] = await replaysOf(context, 'event')
    return newest?.playback?.angles?.length === 2 && newest
  })
  const [main, second] = replay.playback?.angles ?? []
  assert.equal([main?.id, main?.offsetMs], [replay.id, 0])
  const dates = [await flashAt(app, main?.hls ?? ''), await flashAt(app, second?.hls ?? '')] as const
  const apart = dates[1] + (second?.offsetMs ?? 0) - dates[0]
  assert.ok(Math.abs(apart) <= 100, `${apart} ms`)
})

test.run()
