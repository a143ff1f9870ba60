import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tone } from '../journeys/songs.ts'
import { type Publisher, publish } from '../kit/publisher.ts'
import { startServer } from '../kit/server.ts'
import { eventually } from '../kit/wait.ts'
import { endGroup, startGroup } from '../tools/process.ts'
import { type Driver, field, named, shootTo } from './driver.ts'
import { openFirefox } from './firefox.ts'
import { openWebKit, program } from './webkit.ts'

/**
 * Watches and listens in Firefox and in WebKitGTK, as one Debian has them: `npm run build && npm run test:browsers`, or
 * with `-- firefox` or `-- webkit` in one of them. Pictures of the pages go to VEZA_SHOTS, where that is set.
 */
const needed = {
  'firefox-esr': '/usr/bin/firefox-esr',
  'webkit2gtk-driver': program,
  'gstreamer1.0-libav': '/usr/lib/x86_64-linux-gnu/gstreamer-1.0/libgstlibav.so',
  xvfb: '/usr/bin/xvfb-run',
  xauth: '/usr/bin/xauth',
  pulseaudio: '/usr/bin/pulseaudio',
  ffmpeg: '/usr/bin/ffmpeg',
}
const missing = Object.entries(needed).filter(([, path]) => !existsSync(path))
if (missing.length > 0) {
  const names = missing.map(([name]) => name).join(' ')
  console.error(`Not installed: ${names}\nRemedy: apt-get install -y --no-install-recommends ${names}`)
  process.exit(1)
}

const wanted = process.argv.slice(2)
/** Both take patience on a machine that draws without a graphics card. */
const slowly = 120_000
let passed = 0
let failed = 0

process.env.VEZA_TEST_BUILT = '1'
const folder = await mkdtemp(join(tmpdir(), 'veza-browsers-'))
const speaker = openSpeaker()
const server = await startServer()
try {
  await bringAlbum()
  for (const [name, open] of Object.entries({ firefox: openFirefox, webkit: openWebKit }))
    if (wanted.length === 0 || wanted.includes(name)) await tryIn(await open())
} finally {
  await server.close()
  endGroup(speaker)
  await rm(folder, { recursive: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1

/** A sound device that nobody hears: without one Firefox plays no sound alone. */
function openSpeaker() {
  const socket = join(folder, 'sound')
  process.env.PULSE_SERVER = `unix:${socket}`
  const modules = ['module-null-sink', `module-native-protocol-unix socket=${socket} auth-anonymous=1`]
  const args = ['-n', '--exit-idle-time=-1', '--use-pid-file=no', ...modules.flatMap((one) => ['-L', one])]
  const env = { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder }
  return startGroup('pulseaudio', args, { env, stdio: 'ignore' })
}

async function tryIn(driver: Driver): Promise<void> {
  const cameras: Publisher[] = []
  const check = async (sentence: string, work: () => Promise<unknown>) => {
    try {
      await work()
      passed += 1
      console.log(`ok   ${driver.name}: ${sentence}`)
    } catch (error) {
      failed += 1
      console.log(`FAIL ${driver.name}: ${sentence}\n     ${String(error)}`)
    }
    await shoot(driver, sentence)
  }
  try {
    for (const camera of [1, 2]) cameras.push(publish({ ...(await keyOf(camera)), size: '320x576' }))
    await check('signs in', () => signsIn(driver))
    await check('a live stream plays with its sound', () => watchesLive(driver))
    await check('another camera is shown in step', () => choosesCamera(driver))
    await check('a lower quality is shown', () => choosesQuality(driver))
    for (const camera of cameras) await camera.stop()
    await check('the recording plays, and from another place', () => watchesReplay(driver))
    await check('a track plays, and the next one', () => playsTrack(driver))
    await check('the browser complains of nothing', async () => {
      const complaints = driver.complaints()
      if (complaints.length > 0) throw new Error(complaints.join('\n     '))
    })
  } finally {
    for (const camera of cameras) await camera.kill()
    await driver.close()
  }
}

async function shoot(driver: Driver, sentence: string): Promise<void> {
  const shots = process.env.VEZA_SHOTS
  if (!shots) return
  await mkdir(shots, { recursive: true })
  await shootTo(driver, join(shots, `${driver.name}: ${sentence}`.replace(/\W+/g, '-').concat('.png')))
}

async function ran(args: string[]): Promise<string> {
  const { code, stdout, stderr } = await server.cli([...args, '--json'])
  if (code !== 0) throw new Error(stderr)
  return stdout
}

async function keyOf(camera: number): Promise<{ url: string; key: string }> {
  return JSON.parse(
    await ran(['stream-key', 'create', '--channel', 'night', '--camera', String(camera)]),
  ) as { url: string; key: string }
}

async function bringAlbum(): Promise<void> {
  const tags = { album: 'Night Drives', artist: 'Mira Vale' }
  const kinds = { 'Low Tide.flac': ['-c:a', 'flac'], 'Salt.mp3': ['-c:a', 'libmp3lame'] }
  for (const [at, [file, args]] of Object.entries(kinds).entries()) {
    const own = { title: file.slice(0, file.indexOf('.')), track: at + 1 }
    await tone(join(folder, file), { hz: 220 + 40 * at, seconds: 6, tags: { ...tags, ...own }, args })
  }
  await ran(['import', folder, '--wait'])
}

async function signsIn(driver: Driver): Promise<void> {
  const { email, password } = server.owner
  await driver.resize(1280, 900)
  await driver.goTo(`${server.url}/login`)
  await driver.press(field('E-mail address'))
  await driver.type(email)
  await driver.press(field('Password'))
  await driver.type(password)
  await driver.press(named('Sign in'))
  await driver.press(named('Account: …'))
}

interface Video {
  atS: number
  height: number
  isPaused: boolean
  isMuted: boolean
  isShown: boolean
}

function videosOf(driver: Driver): Promise<Video[]> {
  return driver.look(`[...document.querySelectorAll('.player video')].map((video) => ({
    atS: video.currentTime, height: video.videoHeight, isPaused: video.paused, isMuted: video.muted,
    isShown: video.classList.contains('is-shown') }))`)
}

/** Waits until a video of the player that is such a one has played on for two seconds. */
async function playsOn(driver: Driver, what: string, isIt: (video: Video) => boolean): Promise<void> {
  let from: number | null = null
  await eventually(
    what,
    async () => {
      const video = (await videosOf(driver)).find((one) => isIt(one) && !one.isPaused)
      // Another element, or another list, begins elsewhere.
      if (!video || from === null || video.atS < from) from = video?.atS ?? null
      return video !== undefined && from !== null && video.atS > from + 2
    },
    slowly,
  )
}

function isThere(driver: Driver, what: string, expression: string): Promise<boolean> {
  return eventually(what, () => driver.look<boolean>(expression), slowly)
}

async function watchesLive(driver: Driver): Promise<void> {
  await driver.goTo(`${server.url}/live/night`)
  await playsOn(driver, 'a picture', ({ height }) => height === 576)
  await isThere(driver, 'to be at the edge', `/^LIVE/.test(document.querySelector('.player-edge').innerText)`)
  const isSilent = (await videosOf(driver))[0]?.isMuted
  if (isSilent) await driver.press(named('Tap for sound'))
  await playsOn(driver, 'sound', ({ isMuted }) => !isMuted)
}

async function choosesCamera(driver: Driver): Promise<void> {
  await driver.press(named('Camera 2…'))
  await playsOn(driver, 'the other camera', ({ isShown, height }) => isShown && height > 0)
  await driver.press(named('Main picture'))
  await isThere(driver, 'the main picture', `document.querySelector('video.is-shown') === null`)
}

async function choosesQuality(driver: Driver): Promise<void> {
  // The buttons hide from who has not moved for a while.
  await driver.look(`document.querySelector('.player').dispatchEvent(new PointerEvent('pointermove'))`)
  await driver.press(named('Picture and sound'))
  await driver.press(named('480p'))
  await playsOn(driver, 'the lower picture', ({ height }) => height === 480)
}

async function watchesReplay(driver: Driver): Promise<void> {
  const found = await eventually('a recording', async () => {
    const answer = await fetch(`${server.url}/api/v1/live/channels/night/replays`)
    return ((await answer.json()) as { items: { id: string }[] }).items[0]
  })
  await driver.goTo(`${server.url}/live/night/replays/${found.id}`)
  await driver.press(named('Play'))
  await playsOn(driver, 'the recording', ({ height }) => height === 576)
  await driver.look(`document.querySelector('.player-seek').focus()`)
  // Home and the arrow to the right, as WebDriver names keys.
  await driver.type('\uE011')
  await driver.type('\uE014')
  await playsOn(driver, 'it from ten seconds on', ({ atS }) => atS >= 10)
}

async function playsTrack(driver: Driver): Promise<void> {
  await driver.goTo(`${server.url}/releases/mira-vale-night-drives`)
  await driver.press(`//main${named('Play Low Tide')}`)
  const bar = `document.querySelector('.player-bar [role=slider]')`
  const words = `document.querySelector('.player-bar').innerText`
  await isThere(driver, 'the track', `${bar}?.ariaValueNow >= 2`)
  await isThere(driver, 'the next', `${words}.includes('Salt') && ${bar}.ariaValueNow >= 2`)
}
