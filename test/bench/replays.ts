import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Replay } from '../../plugins/live/contract.ts'
import { textAt } from './kit/http.ts'
import { runToEnd, scratch, until } from './kit/program.ts'
import type { Finding } from './kit/report.ts'
import { sourceFile } from './kit/source.ts'
import { channelName, publishUrls, startVeza, type Veza } from './kit/veza.ts'

const usualMinutes = 180
const lastS = 10

/** Plays the source, a minute, so often; without `-re` it goes out as fast as it is taken. */
const source = (minutes: number) => [
  '-v',
  'error',
  '-nostdin',
  '-stream_loop',
  String(minutes - 1),
  '-i',
  sourceFile(),
  '-c',
  'copy',
  '-f',
  'flv',
]

/** From the encoder’s last word to a recording of three hours (or `replays:MINUTES`) that is whole, and to its file. */
export async function replays([asked]: readonly string[]): Promise<Finding> {
  const minutes = Number(asked ?? usualMinutes)
  const veza = await startVeza({ VEZA_PLUGINS_LIVE_DOWNLOADS: 'watchers' })
  try {
    const [url = ''] = publishUrls(veza, 1)
    const began = performance.now()
    runToEnd('ffmpeg', [...source(minutes), url])
    const times = (minutes * 60_000) / (performance.now() - began)
    // What is pushed faster than it is read is cut off by its sender's goodbye: the end comes as from an encoder.
    runToEnd('ffmpeg', ['-re', '-t', String(lastS), ...source(1), url])
    const endedAt = performance.now()
    const replay = await readyReplay(veza, minutes)
    const readyS = (performance.now() - endedAt) / 1000
    const file = await firstByteOf(veza, replay)
    const peer = await remuxed(minutes)
    return {
      name: 'replays',
      title: 'After a stream of three hours',
      how: `${minutes / 60} hours of 720p30 at 2.5 Mbit/s (${gigabytes(replay.sizeBytes)}), published by ffmpeg -c copy as fast as they are taken (${times.toFixed(0)} times real time), the last ${lastS} s as they are played. Ready is when the recording is listed, its playlist holds all of it and has an end, and its last segment was fetched; the five seconds are in it that an encoder which says goodbye has to come back. Beside it what recording servers do: ffmpeg -c copy -movflags +faststart of the same media. Once each.`,
      columns: ['what', 'seconds'],
      rows: [
        ['goodbye to a replay that is ready', readyS.toFixed(2)],
        [`its MP4 of ${gigabytes(file.bytes)}, asked for to its first bytes`, file.seconds.toFixed(2)],
        ['an MP4 made by ffmpeg of one FLV', peer.toFixed(2)],
      ],
      aims: [
        { what: 'replay ready', measured: readyS, atMost: 10, unit: 's' },
        { what: 'replay ready beside ffmpeg', measured: readyS / peer, atMost: 1, unit: 'x' },
      ],
    }
  } finally {
    await veza.stop()
  }
}

async function readyReplay(veza: Veza, minutes: number): Promise<Replay> {
  let ready: Replay | undefined
  await until('the replay', async () => {
    const answer = await fetch(`${veza.http}/api/v1/live/channels/${channelName(0)}/replays`)
    const { items } = (await answer.json()) as { items: Replay[] }
    const playback = items[0]?.playback
    if (!playback) return false
    const index = new URL(playback.hls, veza.http).href
    const variant = (await textAt(index)).split('\n').find((line) => line.startsWith('video-'))
    const list = variant ? await textAt(new URL(variant, index).href) : ''
    if (!list.includes('#EXT-X-ENDLIST')) return false
    const segments = list.split('\n').filter((line) => line.endsWith('.m4s'))
    const seconds = [...list.matchAll(/#EXTINF:([\d.]+)/g)].reduce((sum, [, each]) => sum + Number(each), 0)
    // Each round of the source is some frames short of its minute.
    if (seconds < minutes * 59.5) throw new Error(`The replay lasts ${seconds} s.`)
    const last = await fetch(new URL(segments.at(-1) ?? '', index))
    if (!last.ok) throw new Error(`Its last segment answered ${last.status}.`)
    await last.arrayBuffer()
    ready = items[0]
    return true
  })
  return ready!
}

async function firstByteOf(veza: Veza, replay: Replay): Promise<{ seconds: number; bytes: number }> {
  const from = performance.now()
  const answer = await fetch(`${veza.http}/api/v1/live/replays/${replay.id}/download`, {
    headers: { range: 'bytes=0-65535' },
  })
  const { byteLength } = await answer.arrayBuffer()
  const seconds = (performance.now() - from) / 1000
  const bytes = Number(answer.headers.get('content-range')?.split('/')[1])
  if (byteLength !== 65_536 || !bytes) throw new Error(`The file answered ${answer.status}.`)
  return { seconds, bytes }
}

/** Seconds that ffmpeg takes to make an MP4 of what a server recorded as one FLV. */
async function remuxed(minutes: number): Promise<number> {
  const { dir, remove } = await scratch()
  try {
    const [flv, mp4] = [join(dir, 'set.flv'), join(dir, 'set.mp4')]
    runToEnd('ffmpeg', [...source(minutes), flv])
    const from = performance.now()
    runToEnd('ffmpeg', ['-v', 'error', '-nostdin', '-i', flv, '-c', 'copy', '-movflags', '+faststart', mp4])
    const seconds = (performance.now() - from) / 1000
    rmSync(flv)
    if (statSync(mp4).size < minutes * 1e7) throw new Error('ffmpeg made too little of it.')
    return seconds
  } finally {
    await remove()
  }
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`
