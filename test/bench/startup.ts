import { TimedEncoder } from './kit/encoder.ts'
import { textAt } from './kit/http.ts'
import { hlsApplication, startNginx } from './kit/nginx.ts'
import { interleave, median, quantile, sleep, spread } from './kit/numbers.ts'
import type { Finding } from './kit/report.ts'
import { sourceFile } from './kit/source.ts'
import { channelName, playlistOf, publishUrls, startVeza } from './kit/veza.ts'

const segments = 7
const rounds = 3
const pollMs = 3

/** Milliseconds, from the publisher's side. */
interface Timing {
  accepted: number
  firstPlayable: number
  /** From the last frame of a segment to that segment in the playlist. */
  delays: number[]
}

/** Publishes once and watches the playlist, whose text `read` gives, empty while there is none. */
async function timing(url: string, read: () => Promise<string>): Promise<Timing> {
  const encoder = await TimedEncoder.publish(url)
  const accepted = performance.now() - encoder.startedAt
  const seenAt: number[] = []
  try {
    while (seenAt.length < segments) {
      const count = (await read()).split('#EXTINF').length - 1
      while (seenAt.length < count) seenAt.push(performance.now())
      if (performance.now() - encoder.startedAt > 60_000) throw new Error('No segments in a minute')
      await sleep(pollMs)
    }
  } finally {
    encoder.stop()
  }
  // The first one is counted by `firstPlayable`.
  const delays = seenAt.slice(1).map((at, i) => at - (encoder.lastFramesAt[i + 1] ?? at))
  return { accepted, firstPlayable: seenAt[0]! - encoder.startedAt, delays }
}

async function vezaTiming(): Promise<Timing> {
  const veza = await startVeza()
  try {
    const [url] = publishUrls(veza, 1)
    let playlist: string | null = null
    return await timing(url!, async () => {
      const index = playlist ?? (await playlistOf(veza, channelName(0)))
      if (index === null) return ''
      const found = playlist ?? /^video\.m3u8.*$/m.exec(await textAt(index))?.[0]
      if (!found) return ''
      playlist = new URL(found, index).href
      return textAt(playlist)
    })
  } finally {
    await veza.stop()
  }
}

async function nginxTiming(): Promise<Timing> {
  const nginx = await startNginx(hlsApplication)
  try {
    return await timing(`${nginx.rtmpUrl}/one`, () => textAt(`${nginx.http}/one.m3u8`))
  } finally {
    await nginx.stop()
  }
}

/** From the encoder's first byte to a picture, and how far behind the playlist is. */
export async function startup(): Promise<Finding> {
  sourceFile()
  const found = await interleave(rounds, { veza: vezaTiming, nginx: nginxTiming })
  const rows = Object.entries({ Veza: found.veza!, 'nginx-rtmp': found.nginx! }).map(([name, runs]) => {
    const delays = runs.flatMap((one) => one.delays)
    return {
      name,
      accepted: runs.map((one) => one.accepted),
      first: runs.map((one) => one.firstPlayable),
      delays,
    }
  })
  const [veza, nginx] = rows as [(typeof rows)[number], (typeof rows)[number]]
  return {
    name: 'startup',
    title: 'From the first RTMP byte to a playable segment, and behind the encoder',
    how: `One encoder of 720p30 with key frames each 2 s, which notes when it sends each frame; the playlist is read every ${pollMs} ms. Median of ${rounds} runs taken in turns (least to greatest); delays over ${segments - 1} segments a run. Veza's playlist address is first asked of the API. Milliseconds.`,
    columns: [
      'server',
      'publish accepted',
      'first playable segment',
      'last frame to playlist',
      'p95 of that',
    ],
    rows: rows.map(({ name, accepted, first, delays }) => [
      name,
      spread(accepted, 0),
      spread(first, 0),
      spread(delays, 0),
      quantile(delays, 0.95).toFixed(0),
    ]),
    aims: [
      {
        what: 'First playable segment beside nginx',
        measured: median(veza.first) / median(nginx.first),
        atMost: 1,
        unit: 'x',
      },
      {
        what: 'Last frame to playlist beside nginx',
        measured: median(veza.delays) / median(nginx.delays),
        atMost: 1,
        unit: 'x',
      },
    ],
  }
}
