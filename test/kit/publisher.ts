import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface PublishOptions {
  /** `rtmp://host:port/live` */
  url: string
  key: string
  /** How long; until stopped unless said. */
  seconds?: number
  video?: boolean
  audio?: boolean
  size?: string
  videoBitrate?: string
  /** Frames between key frames, at 25 a second. */
  gop?: number
}

/** A real encoder on the air. */
export interface Publisher {
  /** Says goodbye, as "Stop streaming" does; the exit code. */
  stop(): Promise<number | null>
  /** Vanishes as a lost line does. */
  kill(): Promise<number | null>
  /** Exit code once it ended; not 0 when it was refused. */
  ended: Promise<number | null>
  /** What it complained about. */
  said(): string
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** ffmpeg sends a test picture and a tone in real time, H.264 and AAC. */
export function publish(options: PublishOptions): Publisher {
  const { url, key, seconds, video = true, audio = true } = options
  const { size = '320x180', videoBitrate = '300k', gop = 25 } = options
  const picture = video ? ['-re', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25`] : []
  const sound = audio ? '-re -f lavfi -i sine=frequency=440:sample_rate=48000'.split(' ') : []
  const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p']
  const rate = ['-g', String(gop), '-b:v', videoBitrate, '-minrate', videoBitrate, '-maxrate', videoBitrate]
  const encoded = [
    ...(video ? [...h264, ...rate, '-bufsize', videoBitrate] : []),
    ...(audio ? ['-c:a', 'aac', '-b:a', '96k', '-ac', '2'] : []),
  ]
  const length = seconds === undefined ? [] : ['-t', String(seconds)]
  const quiet = ['-nostdin', '-loglevel', 'error']
  const args = [...quiet, ...picture, ...sound, ...encoded, ...length, '-f', 'flv', `${url}/${key}`]
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return ended
  }
  return { stop: () => end('SIGINT'), kill: () => end('SIGKILL'), ended, said: () => said }
}

/** Decodes all that a player finds at an address; throws with ffmpeg's first complaint. */
export async function decode(url: string): Promise<{ codecs: string[]; durationS: number }> {
  const asked = ['-v', 'error', '-show_entries', 'stream=codec_name:format=duration', '-of', 'json', url]
  const { stdout } = await run('ffprobe', asked, { timeout: 60_000 })
  const { stderr } = await run('ffmpeg', ['-v', 'error', '-xerror', '-i', url, '-f', 'null', '-'], {
    timeout: 120_000,
  })
  if (stderr.trim() !== '') throw new Error(stderr)
  const found = JSON.parse(stdout) as { streams: { codec_name: string }[]; format: { duration?: string } }
  const codecs = [...new Set(found.streams.map((stream) => stream.codec_name))].sort()
  return { codecs, durationS: Number(found.format.duration ?? 0) }
}
