import { ffmpegApplication, hlsApplication, type Nginx, startNginx } from './kit/nginx.ts'
import { interleave, median, sleep, spread } from './kit/numbers.ts'
import { commandOf, treeOf, usageOf } from './kit/processes.ts'
import type { Finding } from './kit/report.ts'
import { publishAll, sourceFile } from './kit/source.ts'
import { publishUrls, startVeza } from './kit/veza.ts'

const warmUpMs = 16_000
/** With the warm-up this is longer than the 30 s that Veza keeps in memory. */
const measureMs = 20_000
const rounds = 2

/** CPU seconds per stream-minute and memory in megabytes, by part of the server. */
type Cost = Record<string, { cpu: number; mb: number }>
type Parts = () => Record<string, number[]>

/** Publishes `count` streams and watches what the named processes use. */
async function cost(urls: readonly string[], parts: Parts): Promise<Cost> {
  const idle = mapParts(parts(), (pids) => usageOf(pids).residentMb)
  const publishers = await publishAll(urls)
  try {
    await sleep(warmUpMs)
    const started = performance.now()
    const before = mapParts(parts(), usageOf)
    await sleep(measureMs)
    const streamMinutes = (urls.length * (performance.now() - started)) / 60_000
    return mapParts(parts(), (pids, name) => {
      const { cpuS, residentMb } = usageOf(pids)
      return {
        cpu: (cpuS - (before[name]?.cpuS ?? 0)) / streamMinutes,
        mb: (residentMb - (idle[name] ?? 0)) / urls.length,
      }
    })
  } finally {
    await publishers.stop()
  }
}

function mapParts<T>(
  parts: Record<string, number[]>,
  work: (pids: number[], name: string) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(parts).map(([name, pids]) => [name, work(pids, name)]))
}

async function vezaCost(count: number): Promise<Cost> {
  const veza = await startVeza()
  try {
    const ingest = veza.ingestPid()
    return await cost(publishUrls(veza, count), () => ({ ingest: [ingest], all: treeOf(veza.pid) }))
  } finally {
    await veza.stop()
  }
}

async function nginxCost(count: number, application: (dir: string) => string): Promise<Cost> {
  const nginx: Nginx = await startNginx(application)
  try {
    const urls = Array.from({ length: count }, (_, i) => `${nginx.rtmpUrl}/channel-${i}`)
    return await cost(urls, () => {
      const all = treeOf(nginx.pid)
      return { all, ffmpeg: all.filter((pid) => commandOf(pid).includes('ffmpeg')) }
    })
  } finally {
    await nginx.stop()
  }
}

/** Streams in, HLS out: what it costs the processor and the memory. */
export async function ingest(options: readonly string[]): Promise<Finding> {
  const counts = options.length > 0 ? options.map(Number) : [1, 10, 20]
  sourceFile()
  const rows: (string | number)[][] = []
  const aims: Finding['aims'][number][] = []
  for (const count of counts) {
    const found = await interleave(rounds, {
      veza: () => vezaCost(count),
      nginx: () => nginxCost(count, hlsApplication),
    })
    const { ffmpeg } = await interleave(1, { ffmpeg: () => nginxCost(count, ffmpegApplication) })
    const column = (server: Cost[], part: string, what: 'cpu' | 'mb') => server.map((one) => one[part]![what])
    const [veza, nginx] = [found.veza!, found.nginx!]
    const child = column(veza, 'ingest', 'cpu')
    const ratio = median(child) / median(column(nginx, 'all', 'cpu'))
    const memory = median(column(veza, 'ingest', 'mb'))
    rows.push([
      count,
      spread(child, 2),
      spread(column(veza, 'all', 'cpu'), 2),
      spread(column(nginx, 'all', 'cpu'), 2),
      `${spread(column(ffmpeg!, 'ffmpeg', 'cpu'), 2)} + ${relay(ffmpeg!).toFixed(2)}`,
      ratio.toFixed(2),
      memory.toFixed(1),
      median(column(veza, 'all', 'mb')).toFixed(1),
      median(column(nginx, 'all', 'mb')).toFixed(1),
      median(column(ffmpeg!, 'all', 'mb')).toFixed(1),
    ])
    if (count >= 20) {
      const third = median(child) / median(column(ffmpeg!, 'all', 'cpu'))
      aims.push({
        what: `CPU beside nginx, ${count} streams`,
        measured: ratio,
        atMost: count >= 50 ? 1.05 : 1.2,
        unit: 'x',
      })
      aims.push({
        what: `CPU beside one ffmpeg a stream, ${count} streams`,
        measured: third,
        atMost: 0.34,
        unit: 'x',
      })
      aims.push({ what: `Ingest memory a stream, ${count} streams`, measured: memory, atMost: 4, unit: 'MB' })
    }
  }
  return {
    name: 'ingest',
    title: 'Ingest: RTMP in, HLS out',
    how: `720p30 at 2.5 Mbit/s published by ffmpeg -re -c copy, 2 s segments; CPU seconds per stream-minute over ${measureMs / 1000} s, median of ${rounds} runs taken in turns with nginx (one run with ffmpeg); memory is what resident memory grew by, per stream. "ffmpeg" is one ffmpeg a stream behind nginx: its own part + the relay.`,
    columns: [
      'streams',
      'Veza ingest, CPU s',
      'Veza all, CPU s',
      'nginx-rtmp, CPU s',
      'ffmpeg + relay, CPU s',
      'ingest / nginx',
      'Veza ingest, MB',
      'Veza all, MB',
      'nginx, MB',
      'ffmpeg, MB',
    ],
    rows,
    aims,
  }
}

function relay(costs: Cost[]): number {
  return median(costs.map((one) => one.all!.cpu - one.ffmpeg!.cpu))
}
