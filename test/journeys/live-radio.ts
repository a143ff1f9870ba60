import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import * as assert from 'uvu/assert'
import type { RunningServer } from '../kit/server.ts'
import { eventually } from '../kit/wait.ts'

const run = promisify(execFile)
const slug = 'night-radio'

/** A sender of sound alone. */
export interface Radio {
  port: number
  key: string
  stop(): Promise<void>
}

const sending = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of sending) child.kill('SIGKILL')
})

/** ffmpeg sends a tone as AAC to the Icecast port, with a key made by `veza stream-key create`. */
export async function goesOnAir(server: RunningServer, port: number): Promise<Radio> {
  const { code, stdout, stderr } = await server.cli(['stream-key', 'create', '--channel', slug, '--json'])
  assert.is(code, 0, stderr)
  const { key } = JSON.parse(stdout) as { key: string }
  const tone = '-nostdin -loglevel quiet -re -f lavfi -i sine=frequency=330:sample_rate=44100'
  const sound = '-af volume=4 -c:a aac -b:a 128k -ac 2 -f adts -content_type audio/aac'
  const url = `icecast://source:${key}@127.0.0.1:${port}/${slug}`
  const child = spawn('ffmpeg', [...`${tone} ${sound}`.split(' '), url], { stdio: 'ignore' })
  sending.add(child)
  const ended = once(child, 'close').then(() => sending.delete(child))
  await eventually('the radio on air', async () => {
    const answer = await fetch(`${server.url}/api/v1/live/channels/${slug}`)
    return ((await answer.json()) as { status: string }).status === 'live'
  })
  return {
    port,
    key,
    stop: async () => {
      child.kill('SIGINT')
      await ended
    },
  }
}

/** Says what is played, as a DJ program does. */
export async function names({ port, key }: Radio, song: string): Promise<void> {
  const query = new URLSearchParams({ mode: 'updinfo', mount: `/${slug}`, song })
  const answer = await fetch(`http://127.0.0.1:${port}/admin/metadata?${query}`, {
    headers: { authorization: `Basic ${Buffer.from(`source:${key}`).toString('base64')}` },
  })
  assert.is(answer.status, 200)
}

/** What a radio player finds at an address: ffprobe reads until it has decoded some sound. */
export async function probe(url: string): Promise<{ codec: string; title: string | null }> {
  const asked = '-v error -icy 1 -read_intervals %+1 -show_entries stream=codec_name:format_tags -of json'
  const { stdout } = await run('ffprobe', [...asked.split(' '), url], { timeout: 60_000 })
  const { streams, format } = JSON.parse(stdout) as {
    streams: { codec_name: string }[]
    format: { tags?: Record<string, string> }
  }
  return { codec: streams[0]?.codec_name ?? '', title: format.tags?.StreamTitle ?? null }
}
