import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { decibel, heard, open, play, type Recording, toneAt, until, untilAt, worst } from './testdata/ears.ts'
import type { Rig } from './testdata/page.ts'
import { openStudio, type Studio, share, track } from './testdata/studio.ts'

declare const rig: Rig

const engine = suite<Studio>('player engine: transport')
engine.before(async (context) => {
  Object.assign(context, await openStudio())
})
engine.after((context) => context.close?.())

engine(
  'goes to a moment exactly, before the start and while it plays [PLAY-02] [PLAY-08]',
  async ({ page }) => {
    // A quarter of the common period of 1 s: the phase of the low tone tells where it is.
    const phaseAt = (recording: Recording) => toneAt(recording, 61, 0, Math.round(recording.rate / 10)).phase
    const turnsOf = (seconds: number) => (2 * Math.PI * 61 * seconds) % (2 * Math.PI)
    const off = (phase: number, seconds: number) => {
      const turn = phase - turnsOf(seconds)
      return (Math.atan2(Math.sin(turn), Math.cos(turn)) / (2 * Math.PI * 61)) * 1000
    }
    await open(page, { tracks: [track('long')], settings: { quality: 'lossless' } })
    await play(page, [track('long')], 1754)
    await untilAt(page, 2000)
    const first = await heard(page)
    assert.ok(Math.abs(off(phaseAt(first), 1.754)) < 2, `${off(phaseAt(first), 1.754)} ms off`)
    // A busy machine swallows sound, so of three tries the best one counts.
    const lengths: number[] = []
    while (lengths.length < 3 && !lengths.some((ms) => Math.abs(ms - (5000 - 4105)) < 40)) {
      await page.evaluate(async () => {
        rig.player.pause()
        await rig.until('paused')
        rig.player.seek(4105)
      })
      await page.waitForTimeout(200)
      await heard(page)
      await page.evaluate(() => rig.player.play())
      await until(page, 'ended')
      const rest = await heard(page)
      lengths.push((rest.samples.length / rest.rate) * 1000)
      await page.evaluate(() => rig.player.play())
    }
    const best = Math.min(...lengths.map((ms) => Math.abs(ms - (5000 - 4105))))
    assert.ok(best < 40, `${lengths} ms from 4105 ms to the end`)
  },
)

engine(
  'restarts after three seconds, else goes to the one before; stops and plays again [PLAY-01] [PLAY-08]',
  async ({ page }) => {
    const tracks = [track('low'), track('long')]
    await open(page, { tracks })
    await page.evaluate((all) => rig.player.playNow(all, 1, 3100), tracks)
    await untilAt(page, 3150)
    await page.evaluate(() => rig.player.previous())
    assert.ok((await page.evaluate(() => rig.player.time().positionMs)) < 1000)
    await until(page, 'playing', 'long')
    await page.evaluate(() => rig.player.previous())
    await until(page, 'playing', 'low')
    await page.evaluate(() => rig.player.next())
    await until(page, 'playing', 'long')
    await page.evaluate(() => rig.player.stop())
    assert.equal(await page.evaluate(() => [rig.player.state.value.status, rig.player.time().positionMs]), [
      'paused',
      0,
    ])
    await page.evaluate(() => rig.player.toggle())
    await until(page, 'playing', 'long')
  },
)

engine('asks for fresh addresses once when they have expired [PLAY-07]', async ({ page, server }) => {
  server.requests.length = 0
  const old = track('low', { manifestUrl: '/media/low/manifest.json?key=expired' })
  await open(page, { tracks: [old] })
  await play(page, [old])
  await until(page, 'playing')
  assert.equal(await page.evaluate(() => rig.resolved), [['low']])
  const answers = server.requests.filter(({ path }) => path === '/media/low/manifest.json')
  assert.equal(
    answers.map(({ status }) => status),
    [403, 200],
  )
})

engine('tells of a track that cannot be had and plays the next one [PLAY-04]', async ({ page }) => {
  await open(page, { tracks: [track('low')] })
  await page.evaluate((low) => rig.player.playNow(['nowhere', low]), track('low'))
  await until(page, 'playing', 'low')
  const [fault] = await page.evaluate(() => rig.events)
  assert.equal(fault, ['fault', { trackId: 'nowhere', title: null, kind: 'gone' }])
})

engine('waits while the network is lost and goes on by itself [PLAY-07]', async ({ page, server }) => {
  server.line.delayMs = 250
  await open(page, { tracks: [track('long')], settings: { quality: 'high' } })
  await page.evaluate((one) => rig.player.playNow([one]), track('long'))
  await until(page, 'playing')
  server.line.isCut = true
  await until(page, 'stalled')
  assert.is(await page.evaluate(() => rig.player.state.value.isOnline), false)
  server.line.isCut = false
  server.line.delayMs = 0
  await until(page, 'ended')
  const seen = await page.evaluate(() => rig.states.map(({ status }) => status))
  assert.equal([...new Set(seen.slice(seen.indexOf('stalled')))], ['stalled', 'playing', 'ended'])
})

engine('falls back to a plain file where its loader cannot [PLAY-07]', async ({ page }) => {
  const odd = track('long', { manifestUrl: '/media/odd/manifest.json', durationMs: 1 })
  await open(page, { tracks: [odd], settings: { quality: 'high' } })
  await play(page, [odd], 500)
  await until(page, 'playing')
  await untilAt(page, 900)
  const sounding = await page.evaluate(() => rig.player.state.value.sounding)
  assert.equal([sounding?.way, sounding?.codec], ['progressive', 'mp3'])
  const recording = await heard(page)
  const { level } = toneAt(recording, 997, 2000, 8000)
  assert.ok(Math.abs(decibel(level / share)) < 0.5, `${level} at 997 Hz`)
})

engine('ends the evening at a time or with the track, then waits [LIST-23]', async ({ page }) => {
  const tracks = [track('low'), track('high')]
  await open(page, { tracks, settings: { quality: 'high' } })
  await play(page, tracks)
  await until(page, 'playing')
  await page.evaluate(() => rig.player.sleep(700))
  await until(page, 'paused')
  const recording = await heard(page)
  const tail = recording.samples.subarray(-400)
  assert.ok(worst([...tail]) < 0.1, 'it faded out before it paused')
  await page.evaluate(() => {
    rig.player.sleep('end-of-track')
    rig.player.play()
  })
  await until(page, 'paused', 'high')
  const { sleep, status } = await page.evaluate(() => rig.player.state.value)
  assert.equal([sleep, status], [null, 'paused'])
})

engine('waits for a gesture where the browser refuses to sound [PLAY-01]', async ({ page }) => {
  await open(page, { tracks: [track('low')], settings: { quality: 'high' } })
  await page.evaluate((low) => {
    rig.refuseOnce()
    rig.player.playNow([low])
  }, track('low'))
  await until(page, 'blocked')
  await page.evaluate(() => rig.player.toggle())
  await until(page, 'playing')
})

engine('shows the track to the system and obeys its buttons [PLAY-09]', async ({ page }) => {
  const tracks = [track('low'), track('long')]
  await open(page, { tracks, settings: { quality: 'high' } })
  await page.evaluate((all) => {
    rig.connectSession()
    rig.player.playNow(all)
  }, tracks)
  await until(page, 'playing', 'low')
  const press = (action: string, details = {}) =>
    page.evaluate(
      ([name, more]) => rig.handlers.get(name)?.({ action: name as MediaSessionAction, ...more }),
      [action, details] as const,
    )
  await press('nexttrack')
  await until(page, 'playing', 'long')
  assert.equal(
    await page.evaluate(() => [navigator.mediaSession.metadata?.title, navigator.mediaSession.playbackState]),
    ['long', 'playing'],
  )
  await press('seekto', { seekTime: 3 })
  await untilAt(page, 3000)
  await press('pause')
  await until(page, 'paused')
  assert.is(await page.evaluate(() => navigator.mediaSession.playbackState), 'paused')
})

engine.run()
