import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Visitor } from '../kit/browser.ts'
import { publish } from '../kit/publisher.ts'
import type { RunningServer } from '../kit/server.ts'
import { eventually } from '../kit/wait.ts'
import { lookAt, playsPast } from './screen.ts'
import { onStage } from './stage.ts'

const channel = '/live/saturday'

test('carries a stream from the encoder to two browsers, over a lost line, to its replay [LIVE-01] [LIVE-03] [LIVE-07] [LIVE-13] [LIVE-16] [CHAT-04]', () =>
  onStage(async ({ server, member, visitor }) => {
    const { url, key } = await streamKey(server)
    const [ada, ben] = [await member('Ada'), await member('Ben')]
    await ada.goTo(channel)
    await ada.sees('Nothing was broadcast here yet.')

    const startedAt = Date.now()
    const first = publish({ url, key, size: '640x360', videoBitrate: '800k' })
    // Ada's page begins by itself; Ben comes when it has begun.
    await playsPast(ada, 1)
    await ben.goTo(channel)
    await playsPast(ben, 1)
    for (const person of [ada, ben]) await watches(person)
    await ada.shoot('live')
    for (const person of [ada, ben]) await person.sees(person.page.getByText('2 watching', { exact: true }))

    await say(ada, 'Good evening from Ada')
    await ben.sees(ben.page.getByRole('log').getByText('Good evening from Ada'))
    await say(ben, 'And from Ben')
    await ada.sees(ada.page.getByRole('log').getByText('And from Ben'))

    const stranger = await visitor('stranger')
    await stranger.goTo('/')
    await stranger.sees('On air now')
    await stranger.shoot('home-live')

    await first.kill()
    for (const person of [ada, ben])
      await person.sees(person.page.getByRole('status').getByText('Back in a moment').first())
    const before = await lookAt(ben)
    assert.ok(before, 'the last picture stays')
    const second = publish({ url, key, size: '640x360', videoBitrate: '800k' })
    for (const person of [ada, ben]) {
      await playsPast(person, before.bufferedToS + 2)
      await watches(person)
      await person.missesOut(person.page.getByText('Back in a moment').first())
    }
    assert.is(
      await ben.page.getByRole('log').getByText('Good evening from Ada').count(),
      1,
      'the same chat goes on',
    )

    await eventually('half a minute on the air', () => Date.now() - startedAt > 30_000, 31_000)
    await second.stop()
    await ada.sees(ada.page.getByRole('status').getByText('Not on air', { exact: true }))
    const replay = ada.page.getByRole('link', { name: /^\d+:\d\d/ }).first()
    await eventually('the replay on the page', () => replay.isVisible(), 40_000)
    await ada.shoot('live-ended')
    await replay.click()
    await ada.page.waitForURL(/\/live\/saturday\/replays\/[0-9a-f-]{36}$/)
    const { durationS } = await playsPast(ada, 1)
    assert.ok(durationS > 15, `the replay holds both parts, it lasts ${durationS} s`)
    await watches(ada)
    await ada.page.getByRole('slider', { name: 'Position' }).fill(String(Math.round(durationS - 12)))
    const sought = await playsPast(ada, durationS - 11)
    assert.ok(sought.atS < durationS + 1)
    await watches(ada)
    await ada.shoot('replay')

    await stranger.goTo('/')
    await stranger.sees(stranger.page.getByRole('heading', { name: 'Replays' }))
  }))

/** `veza stream-key create`, as a label's script would. */
async function streamKey(server: RunningServer): Promise<{ url: string; key: string }> {
  const { code, stdout, stderr } = await server.cli([
    'stream-key',
    'create',
    '--channel',
    'saturday',
    '--json',
  ])
  assert.is(code, 0, stderr)
  return JSON.parse(stdout) as { url: string; key: string }
}

/** The video moves, is not black and has sound. */
async function watches(person: Visitor): Promise<void> {
  const from = await playsPast(person, 0)
  const to = await playsPast(person, from.atS + 1)
  assert.ok(to.contrast > 20, `${person.name} sees a picture, its contrast is ${to.contrast}`)
  assert.ok(to.soundBytes > 0, `${person.name} gets sound`)
}

async function say(person: Visitor, text: string): Promise<void> {
  await person.page.getByRole('textbox', { name: 'Message to' }).fill(text)
  await person.page.getByRole('button', { name: 'Send', exact: true }).click()
}

test.run()
