import { execFile, execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sleep } from './kit/numbers.ts'
import { treeOf, usageOf } from './kit/processes.ts'
import { launch, until } from './kit/program.ts'
import type { Finding } from './kit/report.ts'
import { channelName, playlistOf, publishUrls, startVeza } from './kit/veza.ts'

const crowd = fileURLToPath(new URL('./kit/hls-crowd.ts', import.meta.url))
const seconds = 8
const patienceMs = 200
const ramps = { plain: [500, 1000, 1500, 2000, 3000], 'low-latency': [125, 250, 375, 500, 750, 1000] }
const aims = { plain: 1500, 'low-latency': 500 }

interface Told {
  requests: number
  p50: number
  p95: number
  failures: number
  own: number
}

async function ask(port: number, folder: string, mode: string, count: number): Promise<Told> {
  const args = [
    '-c',
    '1',
    process.execPath,
    '--import',
    'tsx',
    crowd,
    String(port),
    folder,
    mode,
    String(count),
    String(seconds),
  ]
  const { stdout } = await promisify(execFile)('taskset', args, { maxBuffer: 1e7 })
  return JSON.parse(stdout) as Told
}

/** How many viewers one core serves: more and more of them, until a part is late. */
export async function viewers(): Promise<Finding> {
  const veza = await startVeza({ VEZA_PLUGINS_LIVE_LADDER: 'false' })
  const [url = ''] = publishUrls(veza, 1)
  const picture =
    '-re -f lavfi -i testsrc2=size=640x360:rate=30 -f lavfi -i sine=frequency=440:sample_rate=48000'
  const coding =
    '-c:v libx264 -preset ultrafast -tune zerolatency -b:v 800k -maxrate 800k -bufsize 800k -g 60 -c:a aac -b:a 128k'
  const encoder = launch('ffmpeg', `-v error -nostdin ${picture} ${coding} -f flv ${url}`.split(' '))
  try {
    await until('the channel plays', async () => (await playlistOf(veza, channelName(0))) !== null)
    await sleep(12_000)
    const index = new URL((await playlistOf(veza, channelName(0)))!)
    const folder = index.pathname.replace(/[^/]+$/, '')
    // The web process on one core, the crowd and the encoder on the other.
    for (const pid of treeOf(veza.pid))
      execFileSync('taskset', ['-a', '-p', '-c', pid === veza.pid ? '0' : '1', String(pid)], {
        stdio: 'ignore',
      })
    execFileSync('taskset', ['-a', '-p', '-c', '1', String(encoder.pid)], { stdio: 'ignore' })
    const rows: (string | number)[][] = []
    const most: Record<string, number> = {}
    for (const mode of ['plain', 'low-latency'] as const)
      for (const count of ramps[mode]) {
        const before = usageOf([veza.pid]).cpuS
        const startedAt = performance.now()
        const told = await ask(Number(index.port), folder, mode, count)
        const cores = (usageOf([veza.pid]).cpuS - before) / ((performance.now() - startedAt) / 1000)
        const isGood = told.p95 <= patienceMs && told.failures === 0
        const perS = (told.requests / seconds).toFixed(0)
        rows.push([
          mode,
          count,
          perS,
          told.p50.toFixed(1),
          told.p95.toFixed(1),
          told.failures,
          cores.toFixed(2),
          told.own.toFixed(2),
        ])
        if (isGood) most[mode] = count
        else break
      }
    return {
      name: 'viewers',
      title: 'Viewers of one core',
      how: `A 360p stream (0.9 Mbit/s); the web process has one core, the crowd and the encoder the other. Each viewer asks as hls.js does: plain, both playlists and segments each 2 s; low latency, a blocked playlist and a part for picture and sound three times a second. More and more viewers until the p95 of a part (or segment) passes ${patienceMs} ms. Where the crowd’s own core is full, the limit is the crowd’s.`,
      columns: [
        'mode',
        'viewers',
        'media requests/s',
        'p50 ms',
        'p95 ms',
        'failures',
        'cores of the server',
        'cores of the crowd',
      ],
      rows,
      aims: (['plain', 'low-latency'] as const).map((mode) => ({
        what: `viewers, ${mode}`,
        measured: most[mode] ?? 0,
        atLeast: aims[mode],
        unit: '',
      })),
    }
  } finally {
    await encoder.stop()
    await veza.stop()
  }
}
