import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { tone } from '../journeys/songs.ts'
import { onStage, type Stage } from '../journeys/stage.ts'
import type { Visitor, VisitorOptions } from '../kit/browser.ts'
import { eventually } from '../kit/wait.ts'
import { drawCover, sendScene } from './scenes.ts'

/** Makes the pictures of README.md anew, of the built product: `npm run build && npm run pictures`. */
const target = new URL('../../docs/pictures/', import.meta.url)
const folder = await mkdtemp(join(tmpdir(), 'veza-pictures-'))
try {
  await onStage(take, { env: { VEZA_PLUGINS_PAYMENTS_SANDBOX: 'true' } })
} finally {
  await rm(folder, { recursive: true })
}

async function take(stage: Stage): Promise<void> {
  const owner = await stage.owner()
  await send(owner, 'PATCH', '/admin/settings', { title: 'Low Tide Records' })
  const release = await music(stage, owner)
  const cameras = await goOnAir(stage, owner)
  try {
    await people(stage, owner)
    await shootPages(stage, owner, release)
  } finally {
    for (const camera of cameras) await camera.end()
  }
}

/** An album with a cover; its address. */
async function music({ server }: Stage, owner: Visitor): Promise<string> {
  const titles = ['Breakwater', 'Long Shadows', 'Salt', 'The Last Ferry']
  const tags = { album: 'Low Tide Architecture', artist: 'Mira Sol', genre: 'Dub techno', date: '2026-11-14' }
  for (const [at, title] of titles.entries())
    await tone(join(folder, `${at}.flac`), {
      hz: 110 + 30 * at,
      seconds: 31 + 7 * at,
      tags: { ...tags, title, track: at + 1 },
    })
  const { code, stderr } = await server.cli(['import', folder])
  if (code !== 0) throw new Error(stderr)
  const slug = await published(owner)
  await send(owner, 'PATCH', `/catalog/releases/${slug}`, { catalogNumber: 'LT-042' })
  await send(owner, 'PUT', `/catalog/releases/${slug}/cover`, await drawCover(1400, 1400))
  return `/releases/${slug}`
}

/** The address of the first release, once the server has made its files and shows it; a busy machine takes its time. */
async function published(owner: Visitor): Promise<string> {
  for (let second = 0; second < 300; second++) {
    const { items } = (await send(owner, 'GET', '/catalog/releases')) as {
      items: { slug: string; status: string }[]
    }
    if (items[0]?.status === 'published') return items[0].slug
    await owner.page.waitForTimeout(1_000)
  }
  throw new Error('The release was not published within five minutes.')
}

/** A channel with two cameras, a goal and a planned set. */
async function goOnAir({ server }: Stage, owner: Visitor) {
  const at = '/live/channels/saturday'
  await send(owner, 'POST', '/live/channels', { slug: 'saturday', title: 'Saturday, slowly' })
  await send(owner, 'PATCH', `${at}/mix`, {
    cameras: [1, 2].map((camera) => ({ camera, title: camera === 1 ? 'Booth' : 'Crowd' })),
  })
  await send(owner, 'PUT', '/tips/goals/saturday', { title: 'A second turntable', amountMinor: 12_000 })
  const cameras = []
  for (const [at, scene] of (['booth', 'crowd'] as const).entries()) {
    const camera = ['--camera', String(at + 1)]
    const { stdout } = await server.cli([
      'stream-key',
      'create',
      '--channel',
      'saturday',
      ...camera,
      '--json',
    ])
    const { url, key } = JSON.parse(stdout) as { url: string; key: string }
    cameras.push(await sendScene(scene, `${url}/${key}`, folder))
  }
  const live = async () => ((await send(owner, 'GET', at)) as { status: string }).status === 'live'
  await eventually('the channel to be on air', live)
  return cameras
}

/** Who says and gives something. */
async function people({ member }: Stage, owner: Visitor): Promise<void> {
  const words = {
    place: 'Marseille',
    genres: ['dub techno', 'ambient'],
    instruments: ['Juno-60', 'tape loops'],
  }
  await send(owner, 'PATCH', '/auth/me', { displayName: 'Slow Harbour' })
  const bio =
    'I play **long, slow sets** between dub techno and ambient.\n\n- Resident since 2019\n- Tapes, a Juno, a bad back'
  const links = [{ label: 'Mixes', url: 'https://example.org/mixes' }]
  await send(owner, 'PATCH', '/profiles/-/mine', { ...words, bio, links, roles: ['DJ', 'producer'] })
  await send(owner, 'PUT', '/profiles/-/avatar', await drawCover(600, 600))
  await send(owner, 'PUT', '/profiles/-/banner', await drawCover(1500, 500))
  const said = ['this blend', 'what is this one?', 'the crowd camera is lovely', 'hello from Lyon']
  const names = ['Noor', 'Ines', 'Tomas', 'Ana']
  for (const [at, name] of names.entries()) {
    const somebody = await member(name)
    await send(somebody, 'POST', '/chat/rooms/saturday/messages', { text: said[at] })
    if (at !== 2) continue
    const wish = { amountMinor: 2000, message: 'For the lights, and for that last record', isSuperchat: true }
    const { checkout } = (await send(somebody, 'POST', '/live/channels/saturday/tips', wish)) as {
      checkout: { url: string }
    }
    await send(somebody, 'POST', `/payments/${checkout.url.split('/').at(-1)}/test`, { outcome: 'paid' })
  }
  await send(owner, 'POST', '/chat/rooms/saturday/messages', { text: 'Breakwater, it is out: LT-042' })
}

async function shootPages(stage: Stage, owner: Visitor, release: string): Promise<void> {
  const phone = { width: 390, height: 844, theme: 'dark' as const }
  for (const theme of ['light', 'dark'] as const) {
    const mark = theme === 'dark' ? '-dark' : ''
    const size = { width: 1280, height: 860, theme }
    await look(stage, size, `live${mark}`, async (guest) => {
      await guest.goTo('/live/saturday')
      await guest.page.locator('video').first().waitFor()
      await guest.page.waitForTimeout(9_000)
      await guest.page.mouse.move(500, 350)
    })
    await look(stage, { ...size, height: 800 }, `release${mark}`, (guest) => play(guest, release))
  }
  await look(stage, phone, 'home-phone', async (guest) => void (await guest.goTo('/')))
  await look(stage, phone, 'player-phone', async (guest) => {
    await play(guest, release)
    await guest.page.getByRole('button', { name: 'Show what is playing' }).first().click()
    await guest.page.waitForTimeout(1_500)
  })
  const listener = await stage.visitor('listener', { width: 800, height: 600 })
  await listener.goTo('/live/saturday')
  for (const [name, path] of [
    ['go-live', '/go-live'],
    ['admin', '/admin'],
    ['roles', '/admin/roles'],
    ['profile', '/@owner'],
  ] as const) {
    await owner.page.setViewportSize({ width: 1280, height: 860 })
    await owner.goTo(path)
    await owner.page.waitForTimeout(6_000)
    await keep(owner, name, 1000)
  }
}

async function play({ page }: Visitor, release: string): Promise<void> {
  await page.goto(release)
  await page
    .getByRole('main')
    .getByRole('button', { name: /^Play Low Tide/ })
    .first()
    .click()
  await page.waitForTimeout(4_000)
}

async function look(
  stage: Stage,
  options: VisitorOptions,
  name: string,
  go: (guest: Visitor) => Promise<void>,
): Promise<void> {
  const guest = await stage.visitor(name, options)
  await go(guest)
  await guest.page.waitForTimeout(1_000)
  await keep(guest, name, options.width === 390 ? 300 : 1000)
  await guest.context.close()
}

async function keep({ page }: Visitor, name: string, width: number): Promise<void> {
  const png = await page.screenshot()
  await sharp(png)
    .resize({ width })
    .webp({ quality: 82 })
    .toFile(new URL(`${name}.webp`, target).pathname)
}

/** Does by the API what the pages do. */
async function send({ page }: Visitor, method: string, path: string, data?: object): Promise<unknown> {
  const type: Record<string, string> = Buffer.isBuffer(data) ? { 'content-type': 'image/png' } : {}
  const headers = { ...type, 'idempotency-key': randomUUID() }
  const answer = await page.request.fetch(`/api/v1${path}`, { method, headers, ...(data && { data }) })
  if (!answer.ok()) throw new Error(`${method} ${path}: ${await answer.text()}`)
  return answer.status() === 204 ? null : answer.json()
}
