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
import { makesChannel, plansSet, setsGoal, takesKeys } from './live-desk.ts'
import { card, channelOf, type Keyed, log, plainMomentMs, readList, say, seesClock } from './live-night.ts'
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
const opening = 'Good evening from Ada'
const closing = 'What a second half'
const words = 'The bass line, please, once more'

let stage: OpenStage
let folder: string
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

let dj: Visitor
let ada: Visitor
let guest: Visitor
let cameras: [Keyed, Keyed]
let line: Line
let encoder: ClockPublisher | undefined
let beganAt = 0
let radio: Radio | undefined

/** A machine with two cameras that see one clock, on a line that can be cut. */
function broadcast(): ClockPublisher {
  const near = new URL(line.url).port
  return new ClockPublisher(cameras.map(({ url, key }) => `${url.replace(/:\d+\//, `:${near}/`)}/${key}`))
}

chapter(
  'plans a set, sets a goal and takes keys for two cameras [LIVE-01] [LIVE-06] [LIVE-10]',
  async (open) => {
    dj = await open.owner()
    await makesChannel(dj)
    await plansSet(dj)
    await setsGoal(dj)
    cameras = await takesKeys(dj)
    assert.is(cameras[0].url, `rtmp://127.0.0.1:${open.server.rtmpPort}/live`)
    line = await layLine(open.server.rtmpPort)
    await dj.page.evaluate(() => scrollTo(0, 0))
    await canBeRead(dj, 'story-desk-before')
  },
)

chapter('is announced, with a countdown, a mail and a date for the calendar [LIVE-06]', async (open) => {
  ;[ada, guest] = [
    await open.member('Ada'),
    await open.visitor('guest', { width: 390, height: 844, theme: 'dark' }),
  ]
  for (const person of [ada, guest]) {
    await person.goTo(path)
    await person.sees(person.page.getByRole('link', { name: 'A night of slow records' }))
    await person.sees(/^in \d+/)
  }
  await ada.page.getByRole('button', { name: 'Remind me' }).click()
  await ada.sees(ada.page.getByText('You get a mail shortly before it begins.'))
  const calendar = ada.page.getByRole('link', { name: 'Add to calendar' })
  const file = await ada.page.request.get((await calendar.getAttribute('href')) ?? '')
  assert.match(await file.text(), /SUMMARY:A night of slow records/)
  await canBeRead(guest, 'story-announced')
  await ada.page.getByRole('link', { name: 'A night of slow records' }).click()
  await ada.sees(ada.page.getByRole('heading', { level: 1, name: 'A night of slow records' }))
  await eventually('the cover', () =>
    ada.page.locator('.set-page img').evaluate((image) => (image as HTMLImageElement).naturalWidth > 0),
  )
  await ada.shoot('story-set')
  await ada.goTo(path)
})

chapter(
  'goes on air by itself before all who wait, with less delay than plain HLS [LIVE-01] [LIVE-03] [LIVE-07]',
  async () => {
    encoder = broadcast()
    beganAt = Date.now()
    await dj.sees(dj.page.getByRole('heading', { level: 1, name: 'You are live' }))
    for (const person of [ada, guest]) {
      await playsPast(person, 0)
      await person.sees(person.page.getByText('2 watching', { exact: true }))
    }
    await say(ada, opening)
    await guest.sees(log(guest).getByText(opening))
    for (const person of [ada, guest])
      await eventually(`${person.name} to be nearer than plain HLS can be`, async () => {
        const seen = await readClock(person.page)
        return seen && seen.clockMs > (await plainMomentMs(person, 'night-shift'))
      })
    await ada.sees(ada.page.getByText(/^LIVE · [\d.]+ s behind$/))
    await canBeRead(ada, 'story-live')
    await canBeRead(guest, 'story-live-phone')
  },
)

chapter('stands still and goes back for who wants it, and on to where the others are [LIVE-12]', async () => {
  const { page } = ada
  const stoodAt = await seesClock(ada, 'the stream', () => true)
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await ada.sees(page.getByRole('button', { name: 'Go to live' }))
  // More than the live list holds.
  await eventually('a stream that has run for a while', () => Date.now() - beganAt > 18_000)
  const stood = await seesClock(ada, 'what it saw', () => true)
  assert.ok(stood.clockMs - stoodAt.clockMs < 3_000, `it went on by ${stood.clockMs - stoodAt.clockMs} ms`)
  await page.getByRole('slider', { name: 'Position' }).press('Home')
  await page.getByRole('button', { name: 'Play', exact: true }).last().click()
  const first = await seesClock(ada, 'the beginning', ({ clockMs }) => clockMs < beganAt + 6_000)
  await seesClock(ada, 'it go on', ({ clockMs }) => clockMs > first.clockMs + 500)
  await page.getByRole('button', { name: 'Go to live' }).click()
  await seesClock(
    ada,
    'what is live',
    ({ delayMs, clockMs }) => delayMs < Date.now() - beganAt - 10_000 && clockMs > stood.clockMs + 4_000,
  )
})

chapter('is seen from where each wants, and from where the director looks [LIVE-10] [LIVE-11]', async () => {
  const { page } = ada
  await page.getByRole('button', { name: /^Crowd/ }).click()
  const angle = 'video.is-shown'
  await seesClock(ada, 'the other camera', ({ camera }) => camera === 2, angle)
  // Both at one moment: how old they are is read from the two pictures, one right after the other.
  await eventually('both cameras at one moment', async () => {
    const [main, other] = [
      await readClock(page, '.player video:not(.is-shown)'),
      await readClock(page, angle),
    ]
    return main && other && main.camera === 1 && Math.abs(main.delayMs - other.delayMs) < 1_000
  })
  await ada.shoot('story-angle')
  await card(dj, 'Cameras').getByRole('button', { name: 'Make main (Crowd)' }).click()
  await seesClock(guest, 'what the director chose', ({ camera }) => camera === 2)
  await page.getByRole('button', { name: 'Main picture' }).click()
  await seesClock(ada, 'it as well', ({ camera }) => camera === 2)
})

chapter(
  'is thanked with a superchat that all see pinned, and the goal comes nearer [LIVE-08] [LIVE-09]',
  async () => {
    const { page } = ada
    await page.getByRole('button', { name: 'Tip', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Give a tip' })
    await dialog.getByText('€10', { exact: true }).click()
    await dialog.getByRole('checkbox', { name: /^Superchat/ }).check()
    await dialog.getByLabel('Message').fill(words)
    await canBeRead(ada, 'story-tip')
    await dialog.getByRole('button', { name: 'Continue to payment' }).click()
    await ada.sees('No money moves')
    await canBeRead(ada, 'story-pay')
    await page.getByRole('button', { name: 'Pay €10.00' }).click()
    await ada.sees('Thank you. Your tip of €10.00 has arrived.')
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

chapter('is cut into a clip by who saw it, for all to open [LIVE-14]', async (open) => {
  await playsPast(ada, 1)
  const seen = await seesClock(ada, 'the moment', () => true)
  const { page } = ada
  await page.getByRole('button', { name: 'Clip', exact: true }).click()
  const maker = page.getByRole('form', { name: 'Make a clip' })
  await maker.getByLabel('Title').fill('That bass line')
  await canBeRead(ada, 'story-clip-maker')
  await maker.getByRole('button', { name: 'Make the clip' }).click()
  await page.getByRole('link', { name: 'Watch the clip' }).click()
  await ada.sees(page.getByRole('heading', { level: 1, name: 'That bass line' }))
  const reader = await open.visitor('reader')
  await reader.goTo(new URL(page.url()).pathname)
  await reader.sees('Clip by Ada')
  await reader.page.locator('video').evaluate((video) => (video as HTMLVideoElement).play())
  const clip = await seesClock(reader, 'the clip', () => true)
  assert.ok(
    Math.abs(clip.clockMs - seen.clockMs) < 60_000 && clip.clockMs > beganAt - 1_000,
    'of that evening',
  )
  await canBeRead(reader, 'story-clip')
  await reader.context.close()
  await ada.goTo(path)
})

chapter('outlives a lost line, in the same chat [LIVE-03] [LIVE-16]', async () => {
  line.cut()
  for (const person of [ada, guest])
    await person.sees(person.page.getByRole('status').getByText('Back in a moment').first())
  await encoder?.stop()
  line.mend()
  const backAt = Date.now()
  encoder = broadcast()
  for (const person of [ada, guest]) {
    await seesClock(person, 'it go on', ({ clockMs }) => clockMs > backAt)
    await person.missesOut(person.page.getByText('Back in a moment').first())
    assert.is(await log(person).getByText(opening).count(), 1)
  }
})

chapter('is watched over at the desk, and marked [LIVE-13]', async () => {
  const recording = card(dj, 'Recording')
  await recording.getByLabel('Begin a chapter').fill('The second half')
  await recording.getByRole('button', { name: 'Mark now' }).click()
  await dj.sees(/^The chapter begins at/)
  await say(ada, closing)
  await dj.sees(log(dj).getByText(closing))
  await dj.sees(card(dj, 'How it arrives').getByText(/kbit\/s|Mbit\/s/))
  await dj.sees(card(dj, 'Audience').getByText('at most at once'))
  await dj.sees(card(dj, 'Also send to').getByRole('button', { name: 'Add a destination' }))
  await canBeRead(dj, 'story-desk-live')
})

chapter(
  'is over when the DJ says so, and there to be watched within seconds, with its chapters and its chat [LIVE-07] [LIVE-13]',
  async () => {
    await dj.page.getByRole('button', { name: 'End the stream' }).click()
    await dj.page.getByRole('dialog').getByRole('button', { name: 'End the stream' }).click()
    await dj.sees('The stream is over.')
    await guest.sees(guest.page.getByRole('status').getByText('Not on air', { exact: true }))
    await encoder?.stop()
    const { page } = ada
    const replay = page.getByRole('link', { name: /^\d+:\d\d/ }).first()
    await ada.sees(replay)
    await replay.click()
    await page.waitForURL(/\/replays\/[0-9a-f-]{36}$/)
    const { durationS } = await playsPast(ada, 0)
    assert.ok(durationS > (Date.now() - beganAt) / 2000, `it holds what was before the cut, ${durationS} s`)
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
  },
)

chapter('is trimmed by its DJ and kept as a file [LIVE-13]', async () => {
  const { page } = dj
  await dj.goTo(new URL(ada.page.url()).pathname)
  const before = await playedS(dj)
  await page.getByRole('button', { name: 'Trim', exact: true }).click()
  await page.getByLabel('Begins at').fill('0:08')
  await page.getByRole('button', { name: 'Trim', exact: true }).click()
  await dj.sees(/^Trimmed: 0:0[4-8] to/)
  const after = await playedS(dj)
  assert.ok(before - after > 3 && before - after < 9, `${before} s are ${after} s`)
  await canBeRead(dj, 'story-trimmed')
  const coming = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download' }).click()
  const file = join(folder, 'set.mp4')
  await (await coming).saveAs(file)
  const found = await decode(file)
  assert.equal(found.codecs, ['aac', 'h264'])
  assert.ok(Math.abs(found.durationS - after) < 1, `${found.durationS} s in the file, ${after} s on the page`)
})

chapter(
  'is a radio from an Icecast source, heard on the page and by any player [LIVE-05] [BEY-02]',
  async (open) => {
    radio = await goesOnAir(open.server, icecastPort)
    await guest.goTo('/live/night-radio')
    await hearsPlayer(guest)
    await names(radio, 'Nadia Struiwigh - Oxydo')
    const heard = await eventually('the title among the sound', async () => {
      const found = await probe(`${open.server.url}/listen/night-radio.mp3`)
      return found.title === 'Nadia Struiwigh - Oxydo' ? found : null
    })
    assert.is(heard.codec, 'mp3')
    await guest.page.getByRole('button', { name: 'Radio address' }).click()
    await canBeRead(guest, 'story-radio-phone')
  },
)

chapter('is closed to strangers, who gain nothing by an address they were given [LIVE-20]', async (open) => {
  await ada.goTo('/live/night-radio')
  await playsPast(ada, 1)
  await dj.goTo('/go-live?channel=night-radio')
  await card(dj, 'Who may watch').getByLabel('Open to').selectOption('members')
  await guest.sees(guest.page.getByRole('heading', { name: 'For members' }))
  const { playback } = await eventually('an address for members', async () => {
    const channel = await channelOf(ada, 'night-radio')
    return (await readList(ada, channel.playback?.hls ?? '')).status === 200 && channel
  })
  const [media = ''] = (await readList(ada, playback?.hls ?? '')).uris
  const segment = (await readList(ada, media)).uris.at(-1) ?? ''
  for (const address of [playback?.hls ?? '', media, segment]) {
    assert.is((await ada.page.request.get(address)).status(), 200, address)
    assert.is((await guest.page.request.get(address)).status(), 403, address)
    assert.is((await fetch(new URL(address, open.server.url))).status, 403, address)
  }
  const { atS } = await playsPast(ada, 0)
  await playsPast(ada, atS + 2)
  await canBeRead(guest, 'story-locked-phone')
})

test.run()

async function playedS({ page }: Visitor): Promise<number> {
  const id = new URL(page.url()).pathname.split('/').at(-1)
  const answer = await page.request.get(`/api/v1/live/replays/${id}`)
  return ((await answer.json()) as { durationMs: number }).durationMs / 1000
}
