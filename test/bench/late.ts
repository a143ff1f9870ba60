import { textAt } from './kit/http.ts'
import { quantile, sleep } from './kit/numbers.ts'
import type { Finding } from './kit/report.ts'
import { publishAll } from './kit/source.ts'
import { channelName, playlistOf, publishUrls, startVeza, type Veza } from './kit/veza.ts'

const streams = 50
const warmUpMs = 15_000
const watchMs = 30_000
const everyMs = 250
/** Segments of 2 s: one that is listed half a segment after its end would be missed by a player without reserve. */
const lateMs = 1_000

/** Address of a channel's plain playlist of pictures. */
async function plainOf(veza: Veza, slug: string): Promise<string> {
  const index = await playlistOf(veza, slug)
  if (index === null) throw new Error(`${slug} does not play.`)
  const plain = new URL('plain.m3u8', index).href
  return new URL(/^video-plain\.m3u8.*$/m.exec(await textAt(plain))?.[0] ?? '', plain).href
}

/** The newest segment of a playlist, and when its last picture was there. */
function newestOf(text: string): { name: string; endsAtMs: number } {
  const name = text.trimEnd().split('\n').at(-1) ?? ''
  const durations = [...text.matchAll(/#EXTINF:([\d.]+)/g)].map(([, seconds]) => Number(seconds) * 1000)
  const begin = [...text.matchAll(/#EXT-X-PROGRAM-DATE-TIME:(\S+)/g)].at(-1)?.[1] ?? ''
  const tagged = text.slice(text.lastIndexOf('#EXT-X-PROGRAM-DATE-TIME'))
  const since = [...tagged.matchAll(/#EXTINF/g)].length
  const lasted = durations.slice(-since).reduce((sum, ms) => sum + ms, 0)
  return { name, endsAtMs: Date.parse(begin) + lasted }
}

/** Fifty publishers at once: how long after its last picture a segment is in the playlist. */
export async function late(): Promise<Finding> {
  const veza = await startVeza()
  const publishers = await publishAll(publishUrls(veza, streams))
  try {
    await sleep(warmUpMs)
    const slugs = Array.from({ length: streams }, (_none, at) => channelName(at))
    const lists = await Promise.all(slugs.map((slug) => plainOf(veza, slug)))
    const seen = new Map<string, string>()
    const delays: number[] = []
    const until = Date.now() + watchMs
    while (Date.now() < until) {
      await Promise.all(
        lists.map(async (list) => {
          const { name, endsAtMs } = newestOf(await textAt(list))
          const before = seen.get(list)
          seen.set(list, name)
          if (before !== undefined && before !== name) delays.push(Date.now() - endsAtMs)
        }),
      )
      await sleep(everyMs)
    }
    const isLate = (ms: number) => ms > lateMs
    const missed = delays.filter(isLate).length
    return {
      name: 'late',
      title: 'Fifty publishers at once: is a segment late?',
      how: `${streams} streams of 720p30, plain playlists of pictures read every ${everyMs} ms for ${watchMs / 1000} s; from a segment's end by its own date to its line in the playlist, so the figure holds up to ${everyMs} ms of looking. Milliseconds.`,
      columns: ['segments', 'p50', 'p95', 'greatest', `later than ${lateMs} ms`],
      rows: [
        [
          String(delays.length),
          ...[0.5, 0.95, 1].map((share) => quantile(delays, share).toFixed(0)),
          String(missed),
        ],
      ],
      aims: [{ what: 'late segments', measured: missed, atMost: 0, unit: '' }],
    }
  } finally {
    await publishers.stop()
    await veza.stop()
  }
}
