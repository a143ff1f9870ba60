import { setTimeout as delay } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { PlainHttp } from './plain-http.ts'

/**
 * A crowd of viewers as a process of its own: `hls-crowd.ts PORT FOLDER MODE COUNT SECONDS`, where FOLDER is the
 * signed folder of a stream and MODE `plain` or `low-latency`. Prints what its requests took, as JSON.
 */
const [port = 0, folder = '', mode = '', count = 0, seconds = 0] = process.argv
  .slice(2)
  .map((text) => (/^\d+$/.test(text) ? Number(text) : text)) as [number, string, string, number, number]

const tookMs: number[] = []
let failures = 0
let isOver = false
/** The first look of everybody is not what is measured. */
let isMeasuring = false

const textOf = (body: Buffer): string =>
  body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body).toString() : body.toString()

/** What one shared reader learnt from each state of a playlist, so that the crowd does not parse it a thousand times. */
const parsed = new Map<string, { next: string; media: string[] }>()

function read(track: string, body: Buffer): { next: string; media: string[] } {
  const key = `${track} ${body.length} ${body.toString('latin1', Math.max(0, body.length - 60))}`
  const known = parsed.get(key)
  if (known) return known
  const text = textOf(body)
  const made = mode === 'plain' ? readPlain(track, text) : readParts(track, text)
  if (parsed.size > 200) parsed.clear()
  parsed.set(key, made)
  return made
}

function readPlain(track: string, text: string) {
  const names = [...text.matchAll(/^[va]\d+\.m4s$/gm)].map(([name]) => name)
  return { next: `${track}-plain.m3u8`, media: names.slice(-1) }
}

function readParts(track: string, text: string) {
  const parts = [...text.matchAll(/^#EXT-X-PART:.*URI="([^"]+)"/gm)].map(([, name]) => name ?? '')
  const hint = /PRELOAD-HINT:.*URI="[va](\d+)\.(\d+)[^"]*"/.exec(text)
  const next = `${track}.m3u8${hint ? `?_HLS_msn=${hint[1]}&_HLS_part=${hint[2]}` : ''}`
  return { next, media: parts.slice(-1) }
}

async function watch(track: 'video' | 'audio'): Promise<void> {
  const [lists, media] = [new PlainHttp(port), new PlainHttp(port, false)]
  let path = mode === 'plain' ? `${track}-plain.m3u8` : `${track}.m3u8`
  let last = ''
  const begin = Date.now()
  try {
    for (let turn = 1; !isOver; turn++) {
      const list = await lists.get(folder + path)
      if (list.status !== 200) throw new Error(`${path} answered ${list.status}`)
      const { next, media: names } = read(track, list.body)
      for (const name of names) {
        if (name === last) continue
        last = name
        const startedAt = performance.now()
        const { status } = await media.get(folder + name)
        if (status !== 200) throw new Error(`${name} answered ${status}`)
        if (isMeasuring) tookMs.push(performance.now() - startedAt)
      }
      path = next
      if (mode === 'plain') await delay(Math.max(0, begin + turn * 2000 - Date.now()))
    }
  } catch {
    if (!isOver) failures += 1
  } finally {
    lists.close()
    media.close()
  }
}

async function run(): Promise<void> {
  for (let viewer = 0; viewer < count; viewer++) {
    void watch('video')
    void watch('audio')
    // As people come: over two seconds, not all at one moment.
    await delay(2000 / count)
  }
  await delay(3000)
  isMeasuring = true
  const cpu = process.cpuUsage()
  await delay(seconds * 1000)
  isMeasuring = false
  const used = process.cpuUsage(cpu)
  isOver = true
  tookMs.sort((a, b) => a - b)
  const at = (share: number) => tookMs[Math.floor(tookMs.length * share)] ?? Number.POSITIVE_INFINITY
  const own = (used.user + used.system) / 1e6 / seconds
  process.stdout.write(
    JSON.stringify({ requests: tookMs.length, p50: at(0.5), p95: at(0.95), failures, own }),
  )
  process.exit(0)
}

void run()
