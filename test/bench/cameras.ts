import { TestBrowser } from '../kit/browser.ts'
import { ClockPublisher, readClock } from '../kit/time-code.ts'
import { quantile, sleep } from './kit/numbers.ts'
import { until } from './kit/program.ts'
import type { Finding } from './kit/report.ts'
import { channelName, startVeza } from './kit/veza.ts'

const rounds = 30
const settleMs = 10_000
const restMs = 2_500

/** Changing the camera while live: how long until the other picture is there, and whether it is the same moment. */
export async function cameras(): Promise<Finding> {
  const veza = await startVeza()
  const browser = await TestBrowser.open(veza.http)
  const keyOf = (camera: number) => {
    const args = ['stream-key', 'create', '--channel', channelName(0), '--camera', String(camera), '--json']
    return (JSON.parse(veza.command(...args)) as { key: string }).key
  }
  const urls = [1, 2].map((camera) => `rtmp://127.0.0.1:${veza.rtmpPort}/live/${keyOf(camera)}`)
  const publisher = new ClockPublisher(urls)
  try {
    const { page } = await browser.visitor('viewer')
    await until('both cameras play', async () => {
      const answer = await fetch(`${veza.http}/api/v1/live/channels/${channelName(0)}`)
      const { playback } = (await answer.json()) as { playback: { angles: unknown[] } | null }
      return playback?.angles.length === 2
    })
    await page.goto(`${veza.http}/live/${channelName(0)}`)
    const look = async () =>
      (await readClock(page, '.player video.is-shown')) ?? readClock(page, '.player video')
    await until('the page shows the clock', async () => (await look()) !== null)
    await sleep(settleMs)
    const [switches, errors]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      const wanted = (round % 2) + 1 === 1 ? 2 : 1
      const before = (await look())!
      const pressedAt = Date.now()
      await page.keyboard.press(String(wanted))
      for (;;) {
        const seen = await look()
        if (seen?.camera === wanted) {
          const now = Date.now()
          switches.push(now - pressedAt)
          // Where the first camera would be by now.
          errors.push(Math.abs(seen.delayMs - before.delayMs))
          break
        }
        if (Date.now() - pressedAt > 5_000) throw new Error(`Camera ${wanted} did not come.`)
        await sleep(15)
      }
      await sleep(restMs)
    }
    const row = (what: string, ms: readonly number[]) => [
      what,
      ...[0.5, 0.95].map((share) => quantile(ms, share).toFixed(0)),
      Math.max(...ms).toFixed(0),
    ]
    return {
      name: 'cameras',
      title: 'Another camera, the same moment',
      how: `Two pushes of one clock as two cameras of a channel; a viewer in Chromium changes between them ${rounds} times by the number keys. The time until the other camera's picture is there, and how far its clock is from where the first one would be. Milliseconds.`,
      columns: ['what', 'p50', 'p95', 'greatest'],
      rows: [row('key to picture', switches), row('distance of the moment', errors)],
      aims: [
        { what: 'change of camera, p95', measured: quantile(switches, 0.95), atMost: 400, unit: 'ms' },
        { what: 'distance of the moment, p95', measured: quantile(errors, 0.95), atMost: 100, unit: 'ms' },
      ],
    }
  } finally {
    await publisher.stop()
    await browser.close()
    await veza.stop()
  }
}
