import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Visitor } from '../kit/browser.ts'
import { type Coded, codedRate, publishCoded, readCodes } from '../kit/coded-picture.ts'
import { type Line, layLine } from '../kit/line.ts'
import type { RunningServer } from '../kit/server.ts'
import { eventually } from '../kit/wait.ts'
import { canBeRead, playsPast } from './screen.ts'
import { onStage } from './stage.ts'

const env = { VEZA_PLUGINS_LIVE_WINDOW_S: '10', VEZA_PLUGINS_LIVE_GRACE_S: '60' }
/** 100 ms. */
const inStep = 0.1 * codedRate

test('a viewer watches with little delay, pauses, seeks back, chooses cameras and sound, and loses no moment [LIVE-03] [LIVE-04] [LIVE-05] [LIVE-10] [LIVE-11] [LIVE-12]', () =>
  onStage(
    async ({ server, visitor }) => {
      const line = await layLine(server.rtmpPort)
      const encoder = publishCoded([await keyOf(server, 1), await keyOf(server, 2, line)])
      try {
        const ada = await visitor('ada')
        await ada.goTo('/live/night')
        await watchesLive(ada)
        await choosesCamera(ada)
        await pausesAndGoesBack(ada)
        await onlyListens(ada)
        await losesCamera(ada, line)
        const phone = await visitor('phone', { width: 320, height: 640, theme: 'dark' })
        await phone.goTo('/live/night')
        await playsPast(phone, 1)
        await phone.page.getByRole('button', { name: 'Picture and sound' }).click()
        await canBeRead(phone, 'live-player-phone')
      } finally {
        await encoder.stop()
        await line.close()
      }
    },
    { env },
  ))

/** The address of a camera's key; `line` in place of the server's own. */
async function keyOf(server: RunningServer, camera: number, line?: Line): Promise<string> {
  const asked = ['stream-key', 'create', '--channel', 'night', '--camera', String(camera), '--json']
  const { code, stdout, stderr } = await server.cli(asked)
  assert.is(code, 0, stderr)
  const { url, key } = JSON.parse(stdout) as { url: string; key: string }
  return `${line ? url.replace(`:${server.rtmpPort}`, `:${new URL(line.url).port}`) : url}/${key}`
}

const figure = ({ page }: Visitor, name: string) =>
  page.locator('.player-figures div').filter({ hasText: name }).locator('dd')
const code = async ({ page }: Visitor) => (await readCodes(page))[0]?.code ?? 0
const clicks = ({ page }: Visitor, name: string) => page.getByRole('button', { name, exact: true }).click()

async function watchesLive(ada: Visitor): Promise<void> {
  await playsPast(ada, 1)
  await ada.sees(ada.page.getByText(/^LIVE · [\d.]+ s behind$/))
  await clicks(ada, 'Picture and sound')
  const items = ada.page.getByRole('menuitemradio')
  await ada.sees(items.filter({ hasText: 'Source 360p' }))
  assert.ok(await items.filter({ hasText: 'Source 360p' }).getAttribute('aria-checked'))
  await ada.page.keyboard.press('End')
  await ada.page.keyboard.press('Enter')
  await eventually(
    'the list with parts',
    async () => (await figure(ada, 'Playlist').innerText()) === 'low latency',
  )
  await canBeRead(ada, 'live-player-figures')
}

/** How many pictures two cameras are apart, of the last ten looks at both. */
function apartOf(looks: readonly [Coded, Coded][]): number {
  // From an element's clock to the number it shows then, by the promptest picture: others are shown late.
  const first = [0, 1].map((at) =>
    Math.max(...looks.map((look) => look[at]!.code - look[at]!.atS * codedRate)),
  )
  const moments = looks.slice(-10).map((look) => look.map(({ atS }, at) => first[at]! + atS * codedRate))
  const apart = moments.map(([main, angle]) => Math.abs(angle! - main!))
  return apart.toSorted((a, b) => a - b)[5] ?? Number.NaN
}

/** The picture of another camera comes at the moment that is heard, and goes on with it. */
async function choosesCamera(ada: Visitor): Promise<void> {
  const { page } = ada
  await page.getByRole('button', { name: 'Camera 2' }).waitFor()
  await page.keyboard.press('2')
  await page.locator('video.is-shown').waitFor()
  const from = await code(ada)
  const looks: [Coded, Coded][] = []
  // A busy machine shows many pictures late and takes a while to bring an element that began late to the moment.
  await eventually('both cameras in step', async () => {
    const [main, angle] = await readCodes(page)
    if (main && angle) looks.push([main, angle])
    return main && main.code > from + 4 * codedRate && looks.length >= 10 && apartOf(looks) <= inStep
  })
  await ada.sees(figure(ada, 'Last switch'))
  await ada.shoot('live-player-camera')
  await page.keyboard.press('k')
  await eventually('both cameras standing at one moment', async () => {
    const [before, [main, angle]] = [await code(ada), await readCodes(page)]
    return main && angle && before === main.code && Math.abs(main.code - angle.code) <= inStep
  })
  await clicks(ada, 'Main picture')
  await page.locator('video.is-shown').waitFor({ state: 'detached' })
}

async function pausesAndGoesBack(ada: Visitor): Promise<void> {
  const { page } = ada
  const stoodAt = await code(ada)
  await page.keyboard.press('k')
  await ada.sees(page.getByRole('button', { name: 'Go to live' }))
  const wentOnAt = await eventually('it to go on', async () => {
    const now = await code(ada)
    return now !== stoodAt && now
  })
  assert.ok(wentOnAt - stoodAt < codedRate, `it stood at ${stoodAt} and went on at ${wentOnAt}`)

  // Far beyond what the live list holds.
  await eventually('a stream longer than the live list', async () => (await code(ada)) > 14 * codedRate)
  await pointsBack(ada)
  const position = page.getByRole('slider', { name: 'Position' })
  await position.press('Home')
  await eventually('the beginning', async () => (await code(ada)) < 4 * codedRate)
  await eventually(
    'the list of all',
    async () => (await figure(ada, 'Playlist').innerText()) === 'all that is kept',
  )
  assert.match((await position.getAttribute('aria-valuetext')) ?? '', /^0:\d\d behind live, \d+:\d\d/)
  await ada.shoot('live-player-back')
  const before = await code(ada)
  await position.press('ArrowRight')
  await eventually('ten seconds later', async () => {
    const now = await code(ada)
    return now > before + 8 * codedRate && now < before + 14 * codedRate
  })
  await page.getByRole('button', { name: 'Go to live' }).click()
  await eventually(
    'the list with parts again',
    async () => (await figure(ada, 'Playlist').innerText()) === 'low latency',
  )
  await ada.sees(page.getByText(/^LIVE · [\d.]+ s behind$/))
  assert.ok((await code(ada)) > 14 * codedRate, 'it is where the others are')
}

/** What was seen is shown in small while somebody points at the line, each moment by its own picture. */
async function pointsBack(ada: Visitor): Promise<void> {
  const { page } = ada
  const line = page.locator('.player-line')
  const still = line.locator('.player-still img')
  const pointsTo = async (share: number) => {
    const { width, height } = (await line.boundingBox()) ?? { width: 0, height: 0 }
    // The line hides from who has not moved for a while.
    await page.locator('.player').hover({ position: { x: width * share, y: 40 } })
    await line.hover({ position: { x: width * share, y: height / 2 } })
    return eventually(`a picture at ${share} of the line`, () =>
      still.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth === 160 && image.src),
    )
  }
  const early = await pointsTo(0.15)
  await ada.sees(line.getByText(/^-0:\d\d$/))
  await ada.shoot('live-player-still')
  await eventually('another picture later', async () => (await pointsTo(0.85)) !== early)
  await page.mouse.move(0, 0)
  await still.waitFor({ state: 'detached' })
}

async function onlyListens(ada: Visitor): Promise<void> {
  const { page } = ada
  const picks = async (name: string) => {
    await clicks(ada, 'Picture and sound')
    await page.getByRole('menuitemradio', { name }).click()
  }
  await picks('Audio only')
  const cover = page.locator('.player .live-cover')
  await ada.sees(cover)
  await eventually('a sound without a picture', () =>
    page.evaluate(() => {
      const [heard, other] = document.querySelectorAll<HTMLVideoElement>('.player video')
      return (
        !other && heard && heard.videoWidth === 0 && !heard.paused && !heard.muted && heard.currentTime > 0
      )
    }),
  )
  await page.reload()
  await ada.sees(cover)
  await playsPast(ada, 0)
  await picks('Automatic')
  await eventually('the picture again', async () => (await code(ada)) > 0)
  await cover.waitFor({ state: 'detached' })
}

async function losesCamera(ada: Visitor, line: Line): Promise<void> {
  const { page } = ada
  await page.getByRole('button', { name: 'Camera 2' }).click()
  await page.locator('video.is-shown').waitFor()
  line.cut()
  await ada.sees('Camera 2 is away; you are back on the main picture.')
  await page.locator('video.is-shown').waitFor({ state: 'detached' })
  const from = await code(ada)
  await eventually('the main picture to go on', async () => (await code(ada)) > from)
}

test.run()
