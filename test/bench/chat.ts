import { fileURLToPath } from 'node:url'
import { quantile, sleep } from './kit/numbers.ts'
import { usageOf } from './kit/processes.ts'
import { numbersFrom } from './kit/program.ts'
import type { Finding } from './kit/report.ts'
import { publishAll } from './kit/source.ts'
import { channelName, publishUrls, startVeza } from './kit/veza.ts'

const seconds = 20
const clients = fileURLToPath(new URL('./kit/chat-clients.ts', import.meta.url))

/** From one person's send to another's screen, in the room of a running stream. */
export async function chat(): Promise<Finding> {
  const veza = await startVeza()
  const publishers = await publishAll(publishUrls(veza, 1))
  try {
    await sleep(5_000)
    const before = usageOf([veza.pid]).cpuS
    const times = numbersFrom(clients, [veza.http, channelName(0), String(seconds)])
    const cpuS = usageOf([veza.pid]).cpuS - before
    const at = (share: number) => quantile(times, share)
    const messages = times.length / 200
    return {
      name: 'chat',
      title: 'Chat: from send to arrival',
      how: `200 WebSocket clients of another process in the room of a running stream, 20 of them write every 1.5 s (${(messages / seconds).toFixed(0)} messages a second, each stored in SQLite and sent to all 200) for ${seconds} s. Every message arrived everywhere. Milliseconds.`,
      columns: ['arrivals', 'p50', 'p95', 'p99', 'greatest', 'CPU ms per message'],
      rows: [
        [
          times.length,
          at(0.5).toFixed(1),
          at(0.95).toFixed(1),
          at(0.99).toFixed(1),
          at(1).toFixed(1),
          ((cpuS * 1000) / messages).toFixed(1),
        ],
      ],
      aims: [{ what: 'p95', measured: at(0.95), atMost: 50, unit: 'ms' }],
    }
  } finally {
    await publishers.stop()
    await veza.stop()
  }
}
