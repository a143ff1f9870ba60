import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Health } from '../plugins/live/contract.ts'
import { inspect, tune } from '../plugins/live/listen/test-kit.ts'
import { run } from '../plugins/live/media/test-kit.ts'
import { type RunningServer, startServer } from './kit/server.ts'
import { Visitor } from './kit/visitor.ts'
import { eventually } from './kit/wait.ts'
import { freePort } from './tools/servers.ts'

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** The programs of others, as people use them: each reads the protocols in its own way. */
const test = suite<Context>('programs of others that send and play')

interface Context {
  server: RunningServer
  visitor: Visitor
  icecastPort: number
  dir: string
  programs: Program[]
}

test.before(async (context) => {
  context.programs = []
  context.dir = await mkdtemp(join(tmpdir(), 'veza-counterparts-'))
  context.icecastPort = await freePort()
  const env = { VEZA_PLUGINS_LIVE_SEGMENT_MS: '1000', VEZA_ICECAST_PORT: String(context.icecastPort) }
  context.server = await startServer({ env })
  context.visitor = new Visitor(context.server)
  await context.visitor.signIn()
})
test.after(async ({ programs, server, dir }) => {
  for (const program of programs) await program.kill()
  await server?.close()
  await rm(dir, { recursive: true, force: true })
})

/** Runs until it is killed; all that it says is kept. */
class Program {
  readonly #name: string
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  #said = ''

  constructor(name: string, args: readonly string[]) {
    this.#name = name
    this.#child = spawn(name, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    running.add(this.#child)
    this.#child.once('exit', () => running.delete(this.#child))
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.#said += chunk))
    this.#ended = once(this.#child, 'close')
  }

  get said(): string {
    return this.#said
  }

  /** What is waited for; fails with its own words where it ends before. */
  async until<T>(what: string, ask: () => Promise<T | null | false> | T | null | false): Promise<T> {
    try {
      return await eventually(what, async () => {
        const answer = await ask()
        if (!answer && this.#child.exitCode !== null) throw new Error(`${this.#name} has ended`)
        return answer
      })
    } catch (error) {
      throw new Error(`${String(error)}\n${this.#name} said: ${this.#said.slice(-2_000)}`)
    }
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }
}

function start({ programs }: Context, name: string, args: readonly string[]): Program {
  const program = new Program(name, args)
  programs.push(program)
  return program
}

async function keyOf({ visitor }: Context, slug: string): Promise<string> {
  const made = await visitor.call('/api/v1/live/channels', { body: { slug, title: `Channel ${slug}` } })
  assert.is(made.status, 201, JSON.stringify(made.body))
  const { body } = await visitor.call<{ key: string }>(`/api/v1/live/channels/${slug}/keys`, { body: {} })
  return body.key
}

const onAir = ({ visitor }: Context, slug: string, sender: Program) =>
  sender.until(`"${slug}" on air`, async () => {
    const { status, playback } = await visitor.channel(slug)
    return status === 'live' && playback
  })

/** H.264 and AAC in real time, by a sink of GStreamer's own or by that of librtmp, which OBS has too. */
async function gstreamer(context: Context, slug: string, sink: string): Promise<Program> {
  const address = `rtmp://127.0.0.1:${context.server.rtmpPort}/live/${await keyOf(context, slug)}`
  const picture = 'videotestsrc is-live=true ! video/x-raw,format=I420,width=160,height=90,framerate=15/1'
  const h264 = 'openh264enc bitrate=200000 gop-size=15 ! h264parse'
  const sound = 'audiotestsrc is-live=true freq=440 volume=0.5 ! audio/x-raw,rate=48000,channels=2'
  const aac = 'audioconvert ! voaacenc bitrate=96000 ! aacparse'
  const line = `${picture} ! ${h264} ! queue ! flv. ${sound} ! ${aac} ! queue ! flv. flvmux name=flv streamable=true`
  return start(context, 'gst-launch-1.0', ['-q', ...`${line} ! ${sink}`.split(' '), `location=${address}`])
}

test('GStreamer publishes over RTMP by both of its sinks, ffmpeg plays it, and its DJ sees what it sends [LIVE-01] [LIVE-17]', async (context) => {
  await Promise.all([publishes(context, 'gst', 'rtmp2sink'), publishes(context, 'librtmp', 'rtmpsink')])
})

async function publishes(context: Context, slug: string, sink: string): Promise<void> {
  const { server, visitor } = context
  const sender = await gstreamer(context, slug, sink)
  const { hlsPlain } = await onAir(context, slug, sender)
  const decoded = await loudness(['-t', '2', '-i', server.url + hlsPlain])
  assert.ok(decoded.frames > 25, `${slug}: ${decoded.frames} pictures in 2 s`)
  assert.ok(Math.abs(decoded.meanDb - toneDb) < 3, `${slug}: ${decoded.meanDb} dB`)
  const health = await sender.until(`the figures of "${slug}"`, async () => {
    const { body } = await visitor.call<Health>(`/api/v1/live/channels/${slug}/health`)
    // What was held up while it began comes at once, and counts as more for some seconds.
    const isEven = body.fps > 12 && body.fps < 18 && body.bitrateKbps > 100 && body.bitrateKbps < 1_000
    return isEven && Math.abs(body.keyFrameIntervalMs - 1_000) < 150 ? body : null
  })
  assert.equal([health.width, health.height, health.audioCodec], [160, 90, 'mp4a.40.2'])
  assert.match(health.videoCodec ?? '', /^avc1\./)
  assert.match(health.encoder, /GStreamer/)
}

/** A sine of half the scale, on average. */
const toneDb = -9

/** How loud it is on average in dBFS, and how many pictures ffmpeg decodes of it. */
async function loudness(input: readonly string[]): Promise<{ meanDb: number; frames: number }> {
  const args = ['-nostdin', '-hide_banner', ...input, '-af', 'volumedetect', '-f', 'null', '-']
  const { stderr } = await run('ffmpeg', args)
  return {
    meanDb: Number(/mean_volume: (-?[\d.]+) dB/.exec(stderr)?.[1] ?? Number.NaN),
    frames: Number([...stderr.matchAll(/frame= *(\d+)/g)].at(-1)?.[1] ?? 0),
  }
}

const song = "Léa - L'été"

test('liquidsoap sends MP3 and Ogg with a title, which is shown and heard [LIVE-05] [BEY-02]', async (context) => {
  const { icecastPort: port } = context
  const to = async (slug: string) =>
    `host="127.0.0.1", port=${port}, mount="/${slug}", password="${await keyOf(context, slug)}"`
  const script = join(context.dir, 'radio.liq')
  await writeFile(
    script,
    `settings.init.allow_root.set(true)
log.stdout.set(true)
s = insert_metadata(sine(amplitude=0.5, 440.))
thread.run(every=1., fun () -> s.insert_metadata([("artist", "Léa"), ("title", "L'été")]))
output.icecast(%mp3(bitrate=96), ${await to('soap')}, s)
output.icecast(%vorbis(quality=0.2), ${await to('soap-ogg')}, s)
`,
  )
  const radio = start(context, 'liquidsoap', [script])
  await Promise.all([isHeard(context, 'soap', radio), isHeard(context, 'soap-ogg', radio)])
})

async function isHeard(context: Context, slug: string, radio: Program): Promise<void> {
  const { server, visitor } = context
  const playback = await onAir(context, slug, radio)
  assert.equal([playback.hasVideo, playback.listen], [false, `/listen/${slug}`])
  await radio.until(`the title of "${slug}"`, async () => {
    const path = `/api/v1/live/channels/${slug}/titles`
    const { body } = await visitor.call<{ items: { title: string }[] }>(path)
    return body.items[0]?.title === song
  })
  const heard = await tune(`${server.url}/listen/${slug}.aac`)
  await radio.until(
    `sound and the title of "${slug}"`,
    () => heard.sound.length > 15_000 && heard.titles.includes(song),
  )
  heard.close()
  assert.is((await inspect(heard.sound)).what, 'aac,48000,2')
}

/** What mpv says again and again: the second it is at, the picture's width, and a radio's title. */
const told = `--term-status-msg=at \${=time-pos} \${=width:none} \${metadata/by-key/icy-title:none};`

/** What it told last, once it has played two seconds that are as loud as they were sent. */
async function played(context: Context, name: string, address: string): Promise<string> {
  const file = join(context.dir, `${name}.wav`)
  const output = ['--vo=null', '--ao=pcm', `--ao-pcm-file=${file}`]
  const url = context.server.url + address
  const player = start(context, 'mpv', ['--no-config', '--no-ytdl', ...output, told, url])
  const last = await player.until(`two seconds of "${name}"`, () => {
    const places = [...player.said.matchAll(/at ([\d.]+) ([^;]+);/g)]
    const [first, now] = [places.at(0), places.at(-1)]
    return first && now && Number(now[1]) - Number(first[1]) >= 2 ? now[2]! : null
  })
  await player.kill()
  const { meanDb } = await loudness(['-i', file])
  assert.ok(Math.abs(meanDb - toneDb) < 3, `${name}: ${meanDb} dB`)
  return last
}

test('mpv plays a channel by plain and by low-latency HLS, and a radio with its title [LIVE-03] [LIVE-05]', async (context) => {
  const { playback } = await context.visitor.live('gst')
  const heard = await Promise.all([
    played(context, 'plain', playback!.hlsPlain),
    played(context, 'low-latency', playback!.hls),
    played(context, 'radio', '/listen/soap.mp3'),
  ])
  assert.equal(heard, ['160 none', '160 none', `none ${song}`])
})

test.run()
