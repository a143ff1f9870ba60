import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { TestBrowser, type Visitor } from '../kit/browser.ts'
import { quantile } from './kit/numbers.ts'
import type { Finding } from './kit/report.ts'
import { startVeza } from './kit/veza.ts'

const rounds = 20
const settleMs = 400

interface Timed {
  pressedAt: number
  heardAt: number
}
type Listening = typeof globalThis & { timed: Timed }

/** From the click on a release's page to the first sample that is not silence, for people who were never there. */
export async function listening(): Promise<Finding> {
  const folder = await mkdtemp(join(tmpdir(), 'veza-listening-'))
  const veza = await startVeza()
  const browser = await TestBrowser.open(veza.http)
  try {
    await makeTone(join(folder, 'Tone.flac'))
    veza.command('import', folder, '--wait', '--json')
    const page = await releaseOf(veza.http)
    const [veryFirst, next, bare]: [number[], number[], number[]] = [[], [], []]
    for (let round = 0; round < rounds; round += 1) {
      const visitor = await browser.visitor(`visitor ${round}`)
      await listen(visitor)
      veryFirst.push(await clickToSound(visitor.page, page.href))
      next.push(await seekToSound(visitor.page))
      bare.push(await bareElement(visitor.page, page.file))
      await visitor.context.close()
    }
    const p95 = quantile(veryFirst, 0.95)
    return {
      name: 'listening',
      title: 'From the click to the sound',
      how: `A 60 s FLAC, imported; its release’s page in Chromium, a new browser profile for each of ${rounds} rounds, ${settleMs} ms after the play button can be pressed. Heard is the first block of samples before the loudspeaker above -60 dBFS. The peer is a bare audio element that is given the whole AAC file of the same page. Milliseconds.`,
      columns: ['what', 'p50', 'p95', 'greatest'],
      rows: [
        row('click on a release to sound', veryFirst),
        row('play again after a seek to sound', next),
        row('bare audio element, play() to sound', bare),
      ],
      aims: [{ what: 'click to sound, p95', measured: p95, atMost: 500, unit: 'ms' }],
    }
  } finally {
    await browser.close()
    await veza.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

const row = (what: string, ms: readonly number[]) => [
  what,
  quantile(ms, 0.5).toFixed(0),
  quantile(ms, 0.95).toFixed(0),
  Math.max(...ms).toFixed(0),
]

function makeTone(path: string): void {
  const source = 'sine=frequency=440:duration=60,volume=0.5'
  const words = ['-metadata', 'title=Tone', '-metadata', 'album=Tones', '-metadata', 'artist=Bench']
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, ...words, path])
}

async function releaseOf(http: string): Promise<{ href: string; file: string }> {
  const response = await fetch(`${http}/api/v1/catalog/tracks`)
  const { items } = (await response.json()) as {
    items: { release: { href: string }; playback: { progressive: { url: string }[] } | null }[]
  }
  const [track] = items
  const file = track?.playback?.progressive[0]?.url
  if (!track || !file) throw new Error('The track cannot be played.')
  return { href: track.release.href, file }
}

/** Notes when a button is pressed, and the first sound after it on its way to the loudspeaker. */
async function listen({ context }: Visitor): Promise<void> {
  await context.addInitScript(() => {
    const timed = { pressedAt: 0, heardAt: 0 }
    Object.assign(globalThis, { timed })
    addEventListener(
      'pointerdown',
      () => Object.assign(timed, { pressedAt: performance.now(), heardAt: 0 }),
      true,
    )
    const connect = AudioNode.prototype.connect as (this: AudioNode, ...to: unknown[]) => AudioNode
    AudioNode.prototype.connect = function (this: AudioNode, ...to: unknown[]) {
      if (to[0] instanceof AudioDestinationNode) {
        const analyser = new AnalyserNode(this.context, { fftSize: 256 })
        connect.call(this, analyser)
        const samples = new Float32Array(analyser.fftSize)
        setInterval(() => {
          analyser.getFloatTimeDomainData(samples)
          const isLoud = samples.some((sample) => Math.abs(sample) > 0.001)
          if (isLoud && timed.heardAt === 0) timed.heardAt = performance.now()
        }, 2)
      }
      return connect.apply(this, to)
    } as typeof AudioNode.prototype.connect
  })
}

async function clickToSound(page: Page, href: string): Promise<number> {
  await page.goto(href)
  const button = page.locator('.play-round:enabled').first()
  await button.waitFor()
  await page.waitForTimeout(settleMs)
  await button.click()
  return heardAfter(page)
}

/** Silence is made first, by pausing: what was heard before the seek does not count. */
async function seekToSound(page: Page): Promise<number> {
  await page.locator('.play-round').first().click()
  await page.waitForTimeout(settleMs)
  const wave = page.getByRole('slider', { name: /Tone/ }).first()
  await wave.click()
  await page.waitForTimeout(settleMs)
  await page.locator('.play-round').first().click()
  return heardAfter(page)
}

async function heardAfter(page: Page): Promise<number> {
  await page.waitForFunction(() => (globalThis as Listening).timed.heardAt > 0, undefined, { polling: 20 })
  return page.evaluate(() => {
    const { pressedAt, heardAt } = (globalThis as Listening).timed
    return heardAt - pressedAt
  })
}

function bareElement(page: Page, url: string): Promise<number> {
  return page.evaluate(async (address) => {
    const context = new AudioContext()
    const audio = new Audio(address)
    const analyser = new AnalyserNode(context, { fftSize: 256 })
    context.createMediaElementSource(audio).connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    const startedAt = performance.now()
    await audio.play()
    for (;;) {
      analyser.getFloatTimeDomainData(samples)
      if (samples.some((sample) => Math.abs(sample) > 0.001)) break
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    audio.pause()
    await context.close()
    return performance.now() - startedAt
  }, url)
}
