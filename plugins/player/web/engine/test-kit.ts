import { createReadStream } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { runFfmpeg } from '#ffmpeg'
import type { Playable, PlaybackManifest, Profile, Rendition } from './types.ts'

export const sampleRate = 48_000

/** Mono samples of a sum of sines of equal parts, from sample `from` on: cut pieces go on into each other. */
export function tones(frequencies: number[], from: number, count: number, level = 0.5): Float32Array {
  const samples = new Float32Array(count)
  const share = level / frequencies.length
  for (let at = 0; at < count; at++)
    for (const frequency of frequencies)
      samples[at]! += share * Math.sin((2 * Math.PI * frequency * (from + at)) / sampleRate)
  return samples
}

const encoders: Record<Profile, string[]> = {
  'aac-96': ['-c:a', 'aac', '-b:a', '96k'],
  'aac-256': ['-c:a', 'aac', '-b:a', '256k'],
  flac: ['-c:a', 'flac', '-sample_fmt', 's16', '-strict', '-2'],
}

export interface Making {
  samples: Float32Array
  profiles: Profile[]
  fragmentMs: number
}

/** A folder with manifest, renditions of short fragments, and a plain MP3, as the server keeps them. */
export async function makeTrack(folder: string, { samples, profiles, fragmentMs }: Making): Promise<void> {
  const pcm = join(folder, 'source.f32')
  await writeFile(pcm, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength))
  const input = [
    '-f',
    'f32le',
    '-ar',
    String(sampleRate),
    '-ac',
    '1',
    '-i',
    pcm,
    '-ac',
    '2',
    '-map_metadata',
    '-1',
  ]
  const fragmented = ['-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-use_editlist', '0']
  const made = profiles.map(async (profile) => {
    const file = `${profile}.mp4`
    const fragments = ['-frag_duration', String(fragmentMs * 1000)]
    await runFfmpeg(['-y', ...input, ...encoders[profile], ...fragmented, ...fragments, join(folder, file)])
    const bytes = await readFile(join(folder, file))
    return describe(profile, file, bytes, samples.length)
  })
  await runFfmpeg(['-y', ...input, '-c:a', 'libmp3lame', '-b:a', '320k', join(folder, 'plain.mp3')])
  const manifest: PlaybackManifest = {
    version: 1,
    sampleRate,
    sampleCount: samples.length,
    renditions: await Promise.all(made),
  }
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest))
}

function describe(profile: Profile, file: string, bytes: Buffer, sampleCount: number): Rendition {
  const segments: Rendition['segments'] = []
  let initLength = 0
  for (const { type, at, size } of boxes(bytes, 0, bytes.length)) {
    if (type === 'ftyp' || type === 'moov') initLength = at + size
    if (type === 'moof') segments.push([at, size, samplesOf(bytes, at, size)])
    if (type === 'mdat') segments.at(-1)![1] += size
  }
  return {
    profile,
    codec: profile === 'flac' ? 'flac' : 'mp4a.40.2',
    bitrateKbps: profile === 'flac' ? 700 : Number(profile.slice(4)),
    sampleRate,
    channels: 2,
    file,
    encoderDelay: profile === 'flac' ? 0 : 1024,
    sampleCount,
    init: [0, initLength],
    segments,
  }
}

function* boxes(
  bytes: Buffer,
  from: number,
  to: number,
): Generator<{ type: string; at: number; size: number }> {
  for (let at = from; at + 8 <= to; ) {
    const size = bytes.readUInt32BE(at)
    yield { type: bytes.toString('latin1', at + 4, at + 8), at, size }
    at += size
  }
}

/** Of a fragment: its durations one by one, or the default one so many times (ISO 14496-12, `tfhd` and `trun`). */
function samplesOf(bytes: Buffer, moof: number, size: number): number {
  const traf = [...boxes(bytes, moof + 8, moof + size)].find(({ type }) => type === 'traf')!
  const inside = [...boxes(bytes, traf.at + 8, traf.at + traf.size)]
  const tfhd = inside.find(({ type }) => type === 'tfhd')!.at
  const trun = inside.find(({ type }) => type === 'trun')!.at
  const headFlags = bytes.readUInt32BE(tfhd + 8) & 0xffffff
  const before = [0x1, 0x2].reduce((sum, flag) => sum + (headFlags & flag ? (flag === 1 ? 8 : 4) : 0), 0)
  const usual = headFlags & 0x8 ? bytes.readUInt32BE(tfhd + 16 + before) : 0
  const flags = bytes.readUInt32BE(trun + 8) & 0xffffff
  const count = bytes.readUInt32BE(trun + 12)
  if (!(flags & 0x100)) return count * usual
  const first = trun + 16 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0)
  const step = [0x100, 0x200, 0x400, 0x800].reduce((sum, flag) => sum + (flags & flag ? 4 : 0), 0)
  let samples = 0
  for (let at = 0; at < count; at++) samples += bytes.readUInt32BE(first + at * step)
  return samples
}

/** What the page's server would say of a track in a folder of that name. */
export function playable(id: string, change: Partial<Playable> & { samples: number }): Playable {
  const { samples, ...rest } = change
  return {
    id,
    releaseId: 'album',
    discNumber: 1,
    trackNumber: 1,
    durationMs: (samples / sampleRate) * 1000,
    title: id,
    manifestUrl: `/media/${id}/manifest.json?key=good`,
    hlsUrl: `/media/${id}/index.m3u8`,
    progressive: [{ codec: 'mp3', mime: 'audio/mpeg', url: `/media/${id}/plain.mp3?key=good` }],
    trackGainDb: null,
    albumGainDb: null,
    truePeakDbtp: null,
    albumTruePeakDbtp: null,
    ...rest,
  }
}

export interface MediaServer {
  url: string
  requests: { path: string; range: string | null; status: number }[]
  /** Answers to media: as they are, none at all, or after so many milliseconds. */
  line: { isCut: boolean; delayMs: number }
  close(): Promise<void>
}

/** The page with the engine, and a folder of tracks in byte ranges; `key=expired` is refused. */
export async function serveMedia(folder: string): Promise<MediaServer> {
  const script = await bundle()
  const line = { isCut: false, delayMs: 0 }
  const requests: MediaServer['requests'] = []
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname === '/') return send(response, 'text/html', page)
    if (url.pathname === '/page.js') return send(response, 'text/javascript', script)
    if (url.pathname === '/recorder.js') return send(response, 'text/javascript', recorder)
    if (!url.pathname.startsWith('/media/')) return response.writeHead(404).end()
    if (line.isCut) return response.destroy()
    if (line.delayMs) await new Promise((resolve) => setTimeout(resolve, line.delayMs))
    const status = await sendFile(join(folder, url.pathname.slice('/media/'.length)), url, request, response)
    requests.push({ path: url.pathname, range: request.headers.range ?? null, status })
  }
  const server: Server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, requests, line, close }
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { 'content-type': type }).end(body)
}

const types: Record<string, string> = { json: 'application/json', mp4: 'audio/mp4', mp3: 'audio/mpeg' }

async function sendFile(
  path: string,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<number> {
  const info = await stat(path).catch(() => null)
  const status =
    url.searchParams.get('key') === 'expired' ? 403 : info ? (request.headers.range ? 206 : 200) : 404
  if (!info || status >= 400) {
    response.writeHead(status).end()
    return status
  }
  const [, first = '0', last = ''] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? []
  const start = Number(first)
  const end = last ? Math.min(Number(last), info.size - 1) : info.size - 1
  response.writeHead(status, {
    'content-type': types[path.split('.').at(-1)!] ?? 'application/octet-stream',
    'content-length': end - start + 1,
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    ...(status === 206 && { 'content-range': `bytes ${start}-${end}/${info.size}` }),
  })
  createReadStream(path, { start, end }).pipe(response)
  return status
}

const page =
  '<!doctype html><title>Player</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'

/** Keeps what it hears, and hands it over when asked. */
const recorder = `registerProcessor('recorder', class extends AudioWorkletProcessor {
  parts = []
  constructor() {
    super()
    this.port.onmessage = () => { this.port.postMessage(this.parts); this.parts = [] }
  }
  process([input]) {
    this.parts.push(input[0] ? input[0].slice() : new Float32Array(128))
    return true
  }
})`

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('./testdata/page.ts', import.meta.url))
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
  })
  return outputFiles[0]!.text
}
