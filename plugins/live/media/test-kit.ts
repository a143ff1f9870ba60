import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import HLS from 'hls-parser'
import * as assert from 'uvu/assert'
import { FeedClient } from './feed-client.ts'
import { FeedServer } from './feed-server.ts'
import { createHlsHandler, type HlsHandler, type HlsOptions } from './hls-handler.ts'
import type { LiveDelivery } from './live-delivery.ts'
import { LiveWindows } from './live-windows.ts'
import type { Sample, StreamReceiver, StreamTarget, TrackConfig } from './types.ts'

/** What an encoder sends: settings and samples in the order they come. */
export type Sent = TrackConfig | Sample

/** Runs a program to its end; its output, and its words on stderr. */
export async function run(program: string, args: string[]): Promise<{ stdout: Buffer; stderr: string }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const stdout: Buffer[] = []
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${stderr}`)
  return { stdout: Buffer.concat(stdout), stderr }
}

export interface SourceOptions {
  seconds: number
  /** Frames between key frames at 30 frames a second. */
  gop?: number
  size?: string
  without?: 'video' | 'audio'
  rate?: number
  /** H.264's; high unless said. */
  profile?: 'baseline' | 'main' | 'high'
  /** Another picture than the usual one: what ffmpeg makes it by. */
  picture?: string
}

/** Real H.264 with B-frames and AAC, as ffmpeg would publish it. */
export async function encode(options: SourceOptions): Promise<Sent[]> {
  const { seconds, gop = 60, size = '320x180', without, rate = 48_000, profile = 'high' } = options
  const made = options.picture
    ? `color=black:size=${size}:rate=30,${options.picture}`
    : `testsrc2=size=${size}:rate=30`
  const picture = ['-f', 'lavfi', '-i', made]
  const sound = ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=${rate}`]
  const keys = ['-g', String(gop), '-keyint_min', String(gop), '-sc_threshold', '0']
  const x264 = [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-profile:v',
    profile,
    '-pix_fmt',
    'yuv420p',
    '-bf',
    '2',
  ]
  const inputs = [...(without === 'video' ? [] : picture), ...(without === 'audio' ? [] : sound)]
  const video = without === 'video' ? [] : [...x264, ...keys]
  const audio = without === 'audio' ? [] : ['-c:a', 'aac', '-ac', '2', '-b:a', '96k']
  const quiet = ['-hide_banner', '-loglevel', 'error']
  const args = [...quiet, ...inputs, '-t', String(seconds), ...video, ...audio, '-f', 'flv', 'pipe:1']
  return parseFlv((await run('/usr/bin/ffmpeg', args)).stdout)
}

/** Whole tags of an FLV file. */
export function parseFlv(flv: Buffer): Sent[] {
  const sent: Sent[] = []
  let at = flv.readUInt32BE(5) + 4
  while (at + 11 <= flv.length && at + 11 + flv.readUIntBE(at + 1, 3) <= flv.length) {
    const type = flv[at]!
    const size = flv.readUIntBE(at + 1, 3)
    const dtsMs = flv.readUIntBE(at + 4, 3) + flv[at + 7]! * 0x1000000
    const tag = flv.subarray(at + 11, at + 11 + size)
    if (type === 9) pushVideo(sent, tag, dtsMs)
    if (type === 8) pushAudio(sent, tag, dtsMs)
    at += 11 + size + 4
  }
  return sent
}

function pushVideo(sent: Sent[], tag: Buffer, dtsMs: number): void {
  if (tag[1] === 0) sent.push({ track: 'video', config: tag.subarray(5) })
  if (tag[1] !== 1) return
  const isKey = tag[0]! >> 4 === 1
  sent.push({ track: 'video', dtsMs, ctsMs: tag.readIntBE(2, 3), isKey, data: tag.subarray(5) })
}

function pushAudio(sent: Sent[], tag: Buffer, dtsMs: number): void {
  if (tag[1] === 0) sent.push({ track: 'audio', config: tag.subarray(2) })
  else sent.push({ track: 'audio', dtsMs, ctsMs: 0, isKey: true, data: tag.subarray(2) })
}

export function isSample(sent: Sent): sent is Sample {
  return 'data' in sent
}

/** Hands what an encoder sent to a receiver. */
export function publish(receiver: StreamReceiver, sent: readonly Sent[]): void {
  for (const one of sent) {
    if (isSample(one)) receiver.sample(one)
    else receiver.config(one)
  }
}

/** A feed with its web side and an HLS server on a free port, in a folder of their own. */
export class Stage {
  readonly root: string
  readonly feed: FeedServer
  readonly windows = new LiveWindows()
  readonly client: FeedClient
  readonly seen: string[] = []
  readonly handler: HlsHandler & { live: LiveDelivery }
  readonly #server = createServer()

  private constructor(root: string, feed: FeedServer, options: Partial<HlsOptions>) {
    this.root = root
    this.feed = feed
    this.client = new FeedClient(join(root, 'feed.sock'), this.windows)
    const handler = createHlsHandler({
      windows: this.windows,
      want: (id, height) => this.client.want(id, height),
      dirFor: (id) => (id.startsWith('unknown') ? undefined : join(root, id)),
      viewers: { seen: (id, viewer) => this.seen.push(`${id} ${viewer}`) },
      ...options,
    })
    this.handler = handler
    this.#server.on('request', (req, res) => {
      const [, , , streamId, file] = req.url!.split('?')[0]!.split('/')
      void handler(req, res, streamId!, decodeURIComponent(file ?? ''))
    })
  }

  static async start(options: Partial<HlsOptions> = {}): Promise<Stage> {
    const root = await mkdtemp(join(tmpdir(), 'veza-live-'))
    const stage = new Stage(root, await FeedServer.listen(join(root, 'feed.sock')), options)
    await new Promise<void>((resolve) => stage.#server.listen(0, '127.0.0.1', resolve))
    await until(() => stage.client.isConnected && stage.feed.subscriberCount > 0)
    return stage
  }

  target(id: string, more: Partial<StreamTarget> = {}): StreamTarget {
    return { id, dir: join(this.root, id), segmentMs: 2_000, windowMs: 30_000, ...more }
  }

  url(streamId: string, file: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hls/token/${streamId}/${file}`
  }

  async text(streamId: string, file: string): Promise<string> {
    const response = await fetch(this.url(streamId, file))
    if (!response.ok) throw new Error(`${file}: ${response.status}`)
    return response.text()
  }

  async stop(): Promise<void> {
    this.client.close()
    await this.feed.close()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
    await rm(this.root, { recursive: true, force: true })
  }
}

/** Waits for something that other parts bring about; fails after ten seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 40_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not happen')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export interface Probed {
  kind: 'video' | 'audio'
  startSeconds: number
  frames: number
}

/** Decodes everything with ffmpeg; fails on its first complaint. Returns decoded seconds. */
export async function decode(url: string): Promise<void> {
  const { stderr } = await run('/usr/bin/ffmpeg', ['-v', 'warning', '-xerror', '-i', url, '-f', 'null', '-'])
  if (stderr.trim() !== '') throw new Error(stderr)
}

/** What ffprobe counts in a playlist's tracks. */
export async function probe(url: string): Promise<{ durationSeconds: number; tracks: Probed[] }> {
  const fields = 'format=duration:stream=codec_type,start_time,nb_read_packets'
  const args = ['-v', 'error', '-count_packets', '-show_entries', fields, '-of', 'json', url]
  const { stdout } = await run('/usr/bin/ffprobe', args)
  const found = JSON.parse(stdout.toString()) as {
    format: { duration?: string }
    streams: { codec_type: 'video' | 'audio'; start_time: string; nb_read_packets: string }[]
  }
  const tracks = found.streams.map((stream) => ({
    kind: stream.codec_type,
    startSeconds: Number(stream.start_time),
    frames: Number(stream.nb_read_packets),
  }))
  return { durationSeconds: Number(found.format.duration ?? 0), tracks }
}

HLS.setOptions({ strictMode: true })

export interface Segment {
  uri: string
  duration: number
  mediaSequenceNumber: number
  discontinuity?: boolean
  programDateTime?: Date
}

/** Strictly parsed, and against the rules that a parser does not check. */
export function checkMedia(text: string): Segment[] {
  const playlist = HLS.parse(text) as unknown as {
    targetDuration: number
    segments: Segment[]
    version: number
  }
  let before = Number.NEGATIVE_INFINITY
  for (const [i, segment] of playlist.segments.entries()) {
    assert.ok(Math.round(segment.duration) <= playlist.targetDuration, `EXTINF ${segment.duration}`)
    assert.is(segment.mediaSequenceNumber, playlist.segments[0]!.mediaSequenceNumber + i)
    const at = segment.programDateTime!.getTime()
    assert.ok(at >= before, 'program date-time never goes back')
    before = at + segment.duration * 1000 - 50
  }
  return playlist.segments
}
