import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { TestBrowser } from '../kit/browser.ts'
import { ClockPublisher, readClock } from '../kit/time-code.ts'
import { hlsApplication, startNginx } from './kit/nginx.ts'
import { quantile, sleep } from './kit/numbers.ts'
import { until } from './kit/program.ts'
import type { Finding } from './kit/report.ts'
import { channelName, publishUrls, startVeza, type Veza } from './kit/veza.ts'

const settleMs = 8_000
const looks = 60
const everyMs = 200
const hlsJs = join(fileURLToPath(new URL('../../node_modules/hls.js/dist/', import.meta.url)), 'hls.min.js')

/** Delay in milliseconds, from the frame that was made to the page that shows it. */
async function watch(page: Page): Promise<number[]> {
  await until('the page shows the clock', async () => (await readClock(page)) !== null)
  await sleep(settleMs)
  const delays: number[] = []
  for (let look = 0; look < looks; look++) {
    const seen = await readClock(page)
    if (seen) delays.push(seen.delayMs)
    await sleep(everyMs)
  }
  return delays
}

/** A bare page with hls.js and nothing else. */
async function barePage(
  browser: TestBrowser,
  { url, home }: { url: string; home: string },
  settings: object,
) {
  const { page } = await browser.visitor('bare')
  // nginx lets only its own pages read what it serves; one that is not there will do.
  await page.goto(home)
  await page.setContent('<video muted autoplay playsinline></video>')
  await page.addScriptTag({ path: hlsJs })
  await page.evaluate(
    ({ url, settings }) => {
      const { Hls } = globalThis as never as {
        Hls: new (settings: object) => { loadSource(url: string): void; attachMedia(video: Element): void }
      }
      const hls = new Hls(settings)
      hls.loadSource(url)
      hls.attachMedia(document.querySelector('video')!)
    },
    { url, settings },
  )
  return page
}

interface Playback {
  hls: string
  hlsPlain: string
}

async function playbackOf(veza: Veza): Promise<Playback> {
  let found: Playback | null = null
  await until('the channel plays', async () => {
    const answer = await fetch(`${veza.http}/api/v1/live/channels/${channelName(0)}`)
    found = ((await answer.json()) as { playback: Playback | null }).playback
    return found !== null
  })
  return found!
}

/** From the frame to the eye: a clock in the picture, read back in Chromium. */
export async function glass(): Promise<Finding> {
  const [veza, nginx] = [await startVeza(), await startNginx(hlsApplication)]
  const browser = await TestBrowser.open(veza.http)
  const publisher = new ClockPublisher([...publishUrls(veza, 1), `${nginx.rtmpUrl}/clock`])
  try {
    const { hls, hlsPlain } = await playbackOf(veza)
    const at = (path: string) => new URL(path, veza.http).href
    const home = `${nginx.http}/none`
    const nginxUrl = `${nginx.http}/clock.m3u8`
    await until('nginx plays', async () => (await fetch(nginxUrl)).ok)
    const own = (await browser.visitor('viewer')).page
    await own.goto(`${veza.http}/live/${channelName(0)}`)
    const rows: [string, number[]][] = [
      ['Veza’s own page (low latency, fixed target)', await watch(own)],
      [
        'hls.js, low latency, catching up to 1.05x',
        await watch(
          await barePage(
            browser,
            { url: at(hls), home },
            {
              lowLatencyMode: true,
              liveSyncDuration: 1.05,
              maxLiveSyncPlaybackRate: 1.05,
            },
          ),
        ),
      ],
      ['hls.js, plain playlists', await watch(await barePage(browser, { url: at(hlsPlain), home }, {}))],
      [
        'nginx with its RTMP module, hls.js',
        await watch(await barePage(browser, { url: nginxUrl, home }, {})),
      ],
    ]
    const p95 = (at: number) => quantile(rows[at]![1], 0.95)
    return {
      name: 'glass',
      title: 'From glass to glass',
      how: `A 25 fps clock (H.264, key frame each 2 s) is made, pushed by ffmpeg, and read back from the picture in Chromium, ${looks} looks after ${settleMs / 1000} s. One machine does it all, so a line’s own delay comes on top. Milliseconds.`,
      columns: ['player', 'p50', 'p95', 'greatest'],
      rows: rows.map(([what, ms]) => [
        what,
        quantile(ms, 0.5).toFixed(0),
        quantile(ms, 0.95).toFixed(0),
        Math.max(...ms).toFixed(0),
      ]),
      aims: [
        { what: 'low latency with a fixed target, p95', measured: p95(0), atMost: 2200, unit: 'ms' },
        { what: 'low latency, catching up, p95', measured: p95(1), atMost: 1400, unit: 'ms' },
        { what: 'plain playlists, p95 (three target durations)', measured: p95(2), atMost: 6000, unit: 'ms' },
      ],
    }
  } finally {
    await publisher.stop()
    await browser.close()
    await nginx.stop()
    await veza.stop()
  }
}
