import { fileURLToPath } from 'node:url'
import { median, quantile, sleep, spread } from './kit/numbers.ts'
import { usageOf } from './kit/processes.ts'
import { numbersFrom } from './kit/program.ts'
import type { Finding } from './kit/report.ts'
import { publishAll } from './kit/source.ts'
import { channelName, publishUrls, startVeza } from './kit/veza.ts'

const clients = 50
/** In all fewer requests than the 120,000 a minute that one address may send. */
const seconds = 4
const rounds = 3
const loader = fileURLToPath(new URL('./kit/api-clients.ts', import.meta.url))

/** What the player page asks for first, by many at once. */
export async function api(): Promise<Finding> {
  const veza = await startVeza()
  const publishers = await publishAll(publishUrls(veza, 1))
  try {
    await sleep(5_000)
    const url = `${veza.http}/api/v1/live/channels/${channelName(0)}`
    numbersFrom(loader, [url, String(clients), '2'])
    const found: { times: number[]; perCpuS: number }[] = []
    for (let round = 0; round < rounds; round++) {
      const before = usageOf([veza.pid]).cpuS
      const times = numbersFrom(loader, [url, String(clients), String(seconds)])
      found.push({ times, perCpuS: times.length / (usageOf([veza.pid]).cpuS - before) })
    }
    const at = (share: number) => found.map((one) => quantile(one.times, share))
    return {
      name: 'api',
      title: 'API: the channel of a running stream',
      how: `GET /api/v1/live/channels/{slug} by ${clients} clients at once, each asking again as soon as it is answered, from another process, SQLite. Median of ${rounds} rounds of ${seconds} s after a warm-up (least to greatest). Milliseconds.`,
      columns: ['p50', 'p95', 'p99', 'requests/s', 'requests per CPU second'],
      rows: [
        [
          spread(at(0.5), 1),
          spread(at(0.95), 1),
          spread(at(0.99), 1),
          spread(
            found.map((one) => one.times.length / seconds),
            0,
          ),
          spread(
            found.map((one) => one.perCpuS),
            0,
          ),
        ],
      ],
      aims: [{ what: 'p95', measured: median(at(0.95)), atMost: 25, unit: 'ms' }],
    }
  } finally {
    await publishers.stop()
    await veza.stop()
  }
}
