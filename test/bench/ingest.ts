import { interleave, median, sleep, spread } from './kit/numbers.ts'
import { nginxFfmpegPeer, nginxPeer, nmsFfmpegPeer, type Peer, vezaPeer } from './kit/peers.ts'
import { usageOf } from './kit/processes.ts'
import type { Aim, Finding } from './kit/report.ts'
import { publishAll, sourceFile } from './kit/source.ts'

/** Long enough for the compilers to have done their work, and with the measuring for 30 s of media in memory. */
const warmUpMs = 20_000
const measureMs = 20_000
const rounds = 2

/** CPU seconds per stream-minute, and megabytes a stream. */
interface Cost {
  cpu: number
  mb: number
}

/** Publishes `count` streams and watches what the parts of a server use. */
async function cost(count: number, start: (count: number) => Promise<Peer>): Promise<Record<string, Cost>> {
  const peer = await start(count)
  const idle = usages(peer)
  const publishers = await publishAll(peer.urls)
  try {
    await sleep(warmUpMs)
    const started = performance.now()
    const before = usages(peer)
    await sleep(measureMs)
    const streamMinutes = (count * (performance.now() - started)) / 60_000
    const after = Object.entries(usages(peer))
    return Object.fromEntries(
      after.map(([part, { cpuS, residentMb }]) => [
        part,
        {
          cpu: (cpuS - before[part]!.cpuS) / streamMinutes,
          mb: (residentMb - idle[part]!.residentMb) / count,
        },
      ]),
    )
  } finally {
    await publishers.stop()
    await peer.stop()
  }
}

function usages(peer: Peer) {
  return Object.fromEntries(Object.entries(peer.parts()).map(([part, pids]) => [part, usageOf(pids)]))
}

async function compare(count: number) {
  const own = await interleave(rounds, {
    veza: () => cost(count, vezaPeer),
    nginx: () => cost(count, nginxPeer),
  })
  const others = await interleave(1, {
    nginxFfmpeg: () => cost(count, nginxFfmpegPeer),
    nmsFfmpeg: () => cost(count, nmsFfmpegPeer),
  })
  const part = (runs: Record<string, Cost>[] | undefined, name: string) =>
    (runs ?? []).map((run) => run[name]!)
  return [
    { name: 'Veza, ingest process', runs: part(own.veza, 'ingest') },
    { name: 'Veza, all processes', runs: part(own.veza, 'all') },
    { name: 'nginx with its RTMP module', runs: part(own.nginx, 'all') },
    { name: 'one ffmpeg a stream behind nginx', runs: part(others.nginxFfmpeg, 'all') },
    { name: 'one ffmpeg a stream behind node-media-server', runs: part(others.nmsFfmpeg, 'all') },
  ]
}

function aimsOf(count: number, [ingest, , nginx, , ffmpeg]: Awaited<ReturnType<typeof compare>>): Aim[] {
  if (count < 20) return []
  const cpu = (server: typeof ingest) => median(server!.runs.map((run) => run.cpu))
  const mb = median(ingest!.runs.map((run) => run.mb))
  const atMost = count >= 50 ? 1.05 : 1.2
  return [
    { what: `${count} streams, CPU beside nginx`, measured: cpu(ingest) / cpu(nginx), atMost, unit: 'x' },
    {
      what: `${count} streams, CPU beside node-media-server with ffmpeg`,
      measured: cpu(ingest) / cpu(ffmpeg),
      atMost: 0.33,
      unit: 'x',
    },
    { what: `${count} streams, ingest memory a stream`, measured: mb, atMost: 4, unit: 'MB' },
  ]
}

/** Streams in, HLS out: what it costs the processor and the memory. The options are numbers of streams. */
export async function ingest(options: readonly string[]): Promise<Finding> {
  const counts = options.length > 0 ? options.map(Number) : [1, 10, 20]
  sourceFile()
  const rows: (string | number)[][] = []
  const aims: Aim[] = []
  for (const count of counts) {
    const servers = await compare(count)
    const nginx = median(servers[2]!.runs.map((run) => run.cpu))
    for (const { name, runs } of servers) {
      const cpu = runs.map((run) => run.cpu)
      const mb = runs.map((run) => run.mb)
      rows.push([count, name, spread(cpu, 2), (median(cpu) / nginx).toFixed(2), spread(mb, 1)])
    }
    aims.push(...aimsOf(count, servers))
  }
  return {
    name: 'ingest',
    title: 'Ingest: RTMP in, HLS out',
    how: `720p30 at 2.5 Mbit/s published by ffmpeg -re -c copy, 2 s segments, 30 s playlists. CPU over ${measureMs / 1000} s after ${warmUpMs / 1000} s; memory is what the resident memory grew by. Veza and nginx ${rounds} times in turns: median (least to greatest); ffmpeg once. Veza also records everything, keeps 30 s in the memory of its web process and makes thumbnails.`,
    columns: ['streams', 'server', 'CPU s per stream-minute', 'beside nginx', 'MB a stream'],
    rows,
    aims,
  }
}
