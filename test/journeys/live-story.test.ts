import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Visitor } from '../kit/browser.ts'
import { type Line, layLine } from '../kit/line.ts'
import { decode } from '../kit/publisher.ts'
import { ClockPublisher, readClock } from '../kit/time-code.ts'
import { eventually } from '../kit/wait.ts'
import { freePort } from '../tools/servers.ts'
import { inChapters } from './chapters.ts'
import { hearsPlayer } from './ear.ts'
import { makesChannel, plansSet, setsGoal, takesKeys, trims } from './live-desk.ts'
import { addressesOf, givesSuperchat, makesClip, plainMomentMs } from './live-guests.ts'
import { card, type Keyed, log, say, seesClock } from './live-night.ts'
import { goesOnAir, names, probe, type Radio } from './live-radio.ts'
import { canBeRead, playsPast } from './screen.ts'
import { type OpenStage, openStage } from './stage.ts'

const icecastPort = await freePort()
const env = {
  VEZA_PLUGINS_PAYMENTS_SANDBOX: 'true',
  VEZA_PLUGINS_LIVE_WINDOW_S: '10',
  VEZA_ICECAST_PORT: String(icecastPort),
}
const path = '/live/night-shift'
const set = 'A night of slow records'
const opening = 'Good evening from Ada'
const words = 'The bass line, please, once more'
const closing = 'What a second half'
const song = 'Nadia Struiwigh - Oxydo'

let stage: OpenStage
let folder: string
let dj: Visitor
let ada: Visitor
let guest: Visitor
let cameras: [Keyed, Keyed]
let line: Line | undefined
let encoder: ClockPublisher | undefined
let radio: Radio | undefined
let beganAt = 0

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veza-story-'))
  stage = await openStage({ env })
})
test.after(async () => {
  await radio?.stop()
  await encoder?.stop()
  await line?.close()
  await stage?.close()
  await rm(folder, { recursive: true, force: true })
})
const chapter = inChapters(() => stage)

/** A machine with two cameras that see one clock, on a line that can be cut. */
function broadcast({ url: near }: Line): ClockPublisher {
  const { port } = new URL(near)
  return new ClockPublisher(cameras.map(({ url, key }) => `${url.replace(/:\d+\//, `:${port}/`)}/${key}`))
}

chapter('a set is planned, a goal set, two cameras get keys [LIVE-01] [LIVE-06] [LIVE-10]', async (open) => {
  dj = await open.owner()
  await makesChannel(dj)
  await plansSet(dj, set)
  await setsGoal(dj)
  cameras = await takesKeys(dj)
  assert.is(cameras[0].url, `rtmp://127.0.0.1:${open.server.rtmpPort}/live`)
  await canBeRead(dj, 'story-desk-before')
})

chapter('it is announced, with a countdown, a mail and a date for the calendar [LIVE-06]', async (open) => {
  ada = await open.member('Ada')
  guest = await open.visitor('guest', { width: 390, height: 844, theme: 'dark' })
  for (const person of [ada, guest]) {
    await person.goTo(path)
    await person.sees(person.page.getByRole('link', { name: set }))
    await person.sees(/^in \d+/)
  }
  const { page } = ada
  await page.getByRole('button', { name: 'Remind me' }).click()
  await ada.sees('You get a mail shortly before it begins.')
  const calendar = await page.getByRole('link', { name: 'Add to calendar' }).getAttribute('href')
  assert.match(await (await page.request.get(calendar ?? '')).text(), `SUMMARY:${set}`)
  await canBeRead(guest, 'story-announced')
  await page.getByRole('link', { name: set }).click()
  await ada.sees(page.getByRole('heading', { level: 1, name: set }))
  const cover = page.locator('.set-page img')
  await eventually('the cover', () => cover.evaluate((image) => (image as HTMLImageElement).naturalWidth > 0))
  await ada.shoot('story-set')
  await ada.goTo(path)
})

chapter('it begins by itself, sooner than plain HLS [LIVE-01] [LIVE-03] [LIVE-16]', async (open) => {
  line = await layLine(open.server.rtmpPort)
  encoder = broadcast(line)
  beganAt = Date.now()
  await dj.sees(dj.page.getByRole('heading', { level: 1, name: 'You are live' }))
  for (const person of [ada, guest]) await playsPast(person, 0)
  for (const person of [ada, guest]) {
    await person.sees(person.page.getByText('2 watching', { exact: true }))
    await eventually(`${person.name} to be nearer than plain HLS can be`, async () => {
      const seen = await readClock(person.page)
      return seen && seen.clockMs > (await plainMomentMs(person, 'night-shift'))
    })
  }
  await say(ada, opening)
  await guest.sees(log(guest).getByText(opening))
  await ada.sees(ada.page.getByText(/^LIVE · [\d.]+ s behind$/))
  await canBeRead(ada, 'story-live')
  await canBeRead(guest, 'story-live-phone')
})

chapter('it stands still and goes back, and on to where the others are [LIVE-12]', async () => {
  const { page } = ada
  await page.locator('.player').hover()
  const before = await seesClock(ada, 'the stream', () => true)
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await ada.sees(page.getByRole('button', { name: 'Go to live' }))
  // More than the live list holds.
  await eventually('a stream that has run for a while', () => Date.now() - beganAt > 18_000)
  const stood = await seesClock(ada, 'what it saw', () => true)
  const missedMs = Date.now() - stood.clockMs
  assert.ok(
    stood.clockMs - before.clockMs < missedMs,
    `it went on from ${before.clockMs} to ${stood.clockMs}`,
  )
  await page.getByRole('slider', { name: 'Position' }).press('Home')
  await page.getByRole('button', { name: 'Play', exact: true }).last().click()
  const first = await seesClock(ada, 'the beginning', ({ clockMs }) => clockMs < beganAt + 6_000)
  await seesClock(ada, 'it go on', ({ clockMs }) => clockMs > first.clockMs + 500)
  await page.getByRole('button', { name: 'Go to live' }).click()
  await seesClock(ada, 'what is live', ({ clockMs }) => clockMs > stood.clockMs + 4_000)
  await ada.sees(page.getByText(/^LIVE · [\d.]+ s behind$/))
})

chapter('it is seen from where each wants, and where the director looks [LIVE-10] [LIVE-11]', async () => {
  const { page } = ada
  const [main, angle] = ['.player video:not(.is-shown)', 'video.is-shown']
  await page.getByRole('button', { name: /^Crowd/ }).click()
  await seesClock(ada, 'the other camera', ({ camera }) => camera === 2, angle)
  // How old each picture is, read one right after the other.
  await eventually('both cameras at one moment', async () => {
    const [heard, shown] = [await readClock(page, main), await readClock(page, angle)]
    return heard?.camera === 1 && shown && Math.abs(heard.delayMs - shown.delayMs) < 1_000
  })
  await ada.shoot('story-angle')
  await card(dj, 'Cameras').getByRole('button', { name: 'Make main (Crowd)' }).click()
  await seesClock(guest, 'what the director chose', ({ camera }) => camera === 2)
  await page.getByRole('button', { name: 'Main picture' }).click()
  await seesClock(ada, 'it as well', ({ camera }) => camera === 2)
})

chapter(
  'a superchat is pinned before all, and the goal comes nearer [LIVE-07] [LIVE-08] [LIVE-09]',
  async () => {
    await givesSuperchat(ada, words)
    for (const person of [guest, ada, dj]) {
      const pinned = person.page.getByRole('region', { name: 'Pinned superchats' })
      await person.sees(pinned.getByText(words))
      const goal = person.page.getByRole('progressbar', { name: 'Goal A second turntable' })
      await eventually('the goal', async () => (await goal.getAttribute('aria-valuenow')) === '25')
    }
    await dj.sees(card(dj, 'Tips').getByText('This stream, 1 tip'))
    await canBeRead(guest, 'story-superchat-phone')
  },
)

chapter('it is cut into a clip by who saw it, for all to open [LIVE-14]', async (open) => {
  await playsPast(ada, 1)
  const seen = await seesClock(ada, 'the moment', () => true)
  await makesClip(ada, 'That bass line')
  const reader = await open.visitor('reader')
  await reader.goTo('/')
  await reader.sees('On air now')
  await reader.goTo(new URL(ada.page.url()).pathname)
  await reader.sees('Clip by Ada')
  await reader.page.locator('video').evaluate((video) => (video as HTMLVideoElement).play())
  const { clockMs } = await seesClock(reader, 'the clip', () => true)
  assert.ok(clockMs > beganAt - 1_000 && clockMs < seen.clockMs + 60_000, `it is of ${new Date(clockMs)}`)
  await canBeRead(reader, 'story-clip')
  await reader.context.close()
  await ada.goTo(path)
})

chapter('it outlives a lost line, in the same chat [LIVE-03] [CHAT-04]', async () => {
  line?.cut()
  for (const person of [ada, guest])
    await person.sees(person.page.getByRole('status').getByText('Back in a moment').first())
  await encoder?.stop()
  line?.mend()
  const backAt = Date.now()
  encoder = line && broadcast(line)
  for (const person of [ada, guest]) {
    await seesClock(person, 'it go on', ({ clockMs }) => clockMs > backAt)
    await person.missesOut(person.page.getByText('Back in a moment').first())
    assert.is(await log(person).getByText(opening).count(), 1)
  }
})

chapter('it is watched over from the desk, and marked [LIVE-13] [LIVE-17]', async () => {
  const recording = card(dj, 'Recording')
  await recording.getByLabel('Begin a chapter').fill('The second half')
  await recording.getByRole('button', { name: 'Mark now' }).click()
  await dj.sees(/^The chapter begins at/)
  await say(ada, closing)
  await dj.sees(log(dj).getByText(closing))
  await dj.sees(
    card(dj, 'How it arrives')
      .getByText(/^\d+ kbit\/s$/)
      .first(),
  )
  await dj.sees(card(dj, 'Audience').getByText('at most at once'))
  await dj.sees(card(dj, 'Also send to').getByRole('button', { name: 'Add a destination' }))
  await canBeRead(dj, 'story-desk-live')
})

chapter('its end is a replay at once, with chapters and chat as it ran [LIVE-07] [LIVE-13]', async () => {
  await dj.page.getByRole('button', { name: 'End the stream' }).click()
  await dj.page.getByRole('dialog').getByRole('button', { name: 'End the stream' }).click()
  await dj.sees('The stream is over.')
  await guest.sees(guest.page.getByRole('status').getByText('Not on air', { exact: true }))
  await encoder?.stop()
  const { page } = ada
  await page.locator('main a[href*="/replays/"]').first().click()
  await page.waitForURL(/\/replays\/[0-9a-f-]{36}$/)
  const { durationS } = await playsPast(ada, 0)
  assert.ok(durationS > (Date.now() - beganAt) / 2000, `it lasts ${durationS} s`)
  const position = page.getByRole('slider', { name: 'Position' })
  await position.press('Home')
  await seesClock(ada, 'the beginning', ({ clockMs }) => clockMs < beganAt + 10_000)
  await ada.missesOut(log(ada).getByText(closing))
  await page.getByRole('button', { name: /The second half$/ }).click()
  await ada.sees(log(ada).getByText(closing))
  assert.is(await log(ada).getByText(words).count(), 1, 'with the superchat, where it was')
  await position.press('Home')
  await ada.missesOut(log(ada).getByText(closing))
  await canBeRead(ada, 'story-replay')
  await guest.goTo(new URL(page.url()).pathname)
  await guest.sees(guest.page.getByRole('button', { name: /The second half$/ }))
  await canBeRead(guest, 'story-replay-phone')
  await guest.goTo('/')
  await guest.sees(guest.page.getByRole('heading', { name: 'Replays' }))
})

chapter('the replay is trimmed by its DJ, and kept as a file [LIVE-13]', async () => {
  await dj.goTo(new URL(ada.page.url()).pathname)
  const lengthS = await trims(dj)
  await canBeRead(dj, 'story-trimmed')
  const coming = dj.page.waitForEvent('download')
  await dj.page.getByRole('link', { name: 'Download' }).click()
  const file = join(folder, 'set.mp4')
  await (await coming).saveAs(file)
  const { codecs, durationS } = await decode(file)
  assert.equal(codecs, ['aac', 'h264'])
  assert.ok(Math.abs(durationS - lengthS) < 1, `${durationS} s in the file, ${lengthS} s on the page`)
})

chapter('an Icecast set is heard on the page, and in any player [LIVE-05] [BEY-02]', async ({ server }) => {
  radio = await goesOnAir(server, icecastPort)
  await guest.goTo('/live/night-radio')
  await hearsPlayer(guest)
  await names(radio, song)
  const heard = await eventually('the title among the sound', async () => {
    const found = await probe(`${server.url}/listen/night-radio.mp3`)
    return found.title === song && found
  })
  assert.is(heard.codec, 'mp3')
  await guest.page.getByRole('button', { name: 'Radio', exact: true }).click()
  await canBeRead(guest, 'story-radio-phone')
  await guest.page.keyboard.press('Escape')
})

chapter('closed to strangers, it is nothing by a copied address [LIVE-20]', async ({ server }) => {
  await ada.goTo('/live/night-radio')
  await playsPast(ada, 1)
  await dj.goTo('/go-live?channel=night-radio')
  for (const person of [ada, dj, guest]) person.expects(/status of 403/)
  await card(dj, 'Who may watch').getByLabel('Open to').selectOption('members')
  await guest.sees(guest.page.getByRole('heading', { name: 'For members' }))
  const addresses = await addressesOf(ada, 'night-radio')
  assert.is(addresses.length, 3)
  for (const address of addresses) {
    assert.is((await ada.page.request.get(address)).status(), 200, address)
    assert.is((await guest.page.request.get(address)).status(), 403, address)
    assert.is((await fetch(new URL(address, server.url))).status, 403, address)
  }
  const { atS } = await playsPast(ada, 0)
  await playsPast(ada, atS + 2)
  await canBeRead(guest, 'story-locked-phone')
})

test.run()
