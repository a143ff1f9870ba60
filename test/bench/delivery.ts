import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { get, textAt } from './kit/http.ts'
import { hlsApplication, type Nginx, startNginx } from './kit/nginx.ts'
import { interleave, median, sleep, spread } from './kit/numbers.ts'
import { treeOf, usageOf } from './kit/processes.ts'
import { runToEnd } from './kit/program.ts'
import type { Finding } from './kit/report.ts'
import { publishAll } from './kit/source.ts'
import { channelName, playlistOf, publishUrls, startVeza, type Veza } from './kit/veza.ts'

const seconds = 6
const rounds = 3
const connections = 64
/** One address may ask for media 600,000 times a minute: no two rounds of playlists in one. */
const restMs = 60_000

interface Rate {
  perCpuS: number
  perS: number
  mbPerS: number
}

/** What wrk gets from an address, and what that costs the processes that answer. */
async function rate(url: string, pids: readonly number[]): Promise<Rate> {
  const { body } = await get(url)
  const before = usageOf(pids).cpuS
  const text = runToEnd('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, url])
  const requests = Number(/(\d+) requests in/.exec(text)?.[1])
  if (!requests || /Non-2xx/.test(text)) throw new Error(`wrk could not fetch ${url}:\n${text}`)
  const perS = requests / seconds
  return { perCpuS: requests / (usageOf(pids).cpuS - before), perS, mbPerS: (perS * body.length) / 1e6 }
}

/** Addresses of the media playlist and of the newest segment. */
async function newest(veza: Veza): Promise<{ playlist: string; segment: string }> {
  const index = await playlistOf(veza, channelName(0))
  if (index === null) throw new Error('The channel does not play.')
  const plain = new URL('plain.m3u8', index)
  const playlist = new URL(/^video-plain\.m3u8.*$/m.exec(await textAt(plain.href))?.[0] ?? '', plain).href
  const text = await textAt(playlist)
  const name = text.trimEnd().split('\n').at(-1) ?? ''
  return { playlist, segment: new URL(name, playlist).href }
}

async function measure(veza: Veza, nginx: Nginx) {
  const [web, peer] = [[veza.pid], treeOf(nginx.pid)]
  /** The stream goes on, so nginx is given what Veza serves in this very round. */
  const copied = async (url: string, name: string) => {
    await writeFile(join(nginx.dir, 'www', name), (await get(url)).body)
    return rate(url, web)
  }
  return interleave(rounds, {
    vezaSegment: async () => copied((await newest(veza)).segment, 'same.m4s'),
    nginxSegment: () => rate(`${nginx.http}/same.m4s`, peer),
    vezaPlaylist: async () => {
      await sleep(restMs)
      return copied((await newest(veza)).playlist, 'same.m3u8')
    },
    nginxPlaylist: () => rate(`${nginx.http}/same.m3u8`, peer),
  })
}

/** HLS to many viewers: how much a second of the processor is worth. */
export async function delivery(): Promise<Finding> {
  const [veza, nginx] = [await startVeza(), await startNginx(hlsApplication)]
  const publishers = await publishAll(publishUrls(veza, 1))
  try {
    await sleep(34_000)
    const found = await measure(veza, nginx)
    const row = (what: string, name: string, rates: Rate[]) => {
      const column = (of: keyof Rate) => rates.map((one) => one[of])
      return [
        what,
        name,
        spread(column('perCpuS'), 0),
        spread(column('perS'), 0),
        spread(column('mbPerS'), 0),
      ]
    }
    const worth = (name: string) => median(found[name]!.map((one) => one.perCpuS))
    const ratio = (what: string) => worth(`veza${what}`) / worth(`nginx${what}`)
    return {
      name: 'delivery',
      title: 'Delivery: HLS to viewers',
      how: `wrk with ${connections} kept connections for ${seconds} s, ${rounds} rounds in turns, a 2 s segment of 720p and a 30 s playlist of a running stream; nginx serves the same bytes from a file. Median (least to greatest).`,
      columns: ['what', 'server', 'requests per CPU second', 'requests/s', 'MB/s'],
      rows: [
        row('segment', 'Veza', found.vezaSegment!),
        row('segment', 'nginx', found.nginxSegment!),
        row('playlist', 'Veza', found.vezaPlaylist!),
        row('playlist', 'nginx', found.nginxPlaylist!),
      ],
      aims: [
        { what: 'Segments beside nginx', measured: ratio('Segment'), atLeast: 0.65, unit: 'x' },
        { what: 'Playlists beside nginx', measured: ratio('Playlist'), atLeast: 1, unit: 'x' },
      ],
    }
  } finally {
    await publishers.stop()
    await veza.stop()
    await nginx.stop()
  }
}
