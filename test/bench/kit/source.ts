import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launch, type Program, runToEnd } from './program.ts'

const seconds = 60

/** One minute of 720p30 H.264 at 2.5 Mbit/s with key frames each 2 s, and AAC at 128 kbit/s; made on first use. */
export function sourceFile(): string {
  const dir = join(tmpdir(), 'veza-bench-media')
  const file = join(dir, `720p30-${seconds}s.mp4`)
  if (existsSync(file)) return file
  mkdirSync(dir, { recursive: true })
  const unfinished = join(dir, `unfinished-${process.pid}.mp4`)
  const picture = `testsrc2=size=1280x720:rate=30:duration=${seconds},noise=alls=12:allf=t`
  const sound = `sine=frequency=440:sample_rate=48000:duration=${seconds}`
  const rate = ['-b:v', '2500k', '-minrate', '2500k', '-maxrate', '2500k', '-bufsize', '2500k']
  const keys = ['-g', '60', '-keyint_min', '60', '-sc_threshold', '0', '-x264-params', 'nal-hrd=cbr']
  const video = ['-c:v', 'libx264', '-preset', 'superfast', '-pix_fmt', 'yuv420p', ...rate, ...keys]
  const audio = ['-c:a', 'aac', '-b:a', '128k', '-ac', '2']
  const inputs = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound]
  runToEnd('ffmpeg', ['-v', 'error', '-y', ...inputs, ...video, ...audio, unfinished])
  renameSync(unfinished, file)
  return file
}

/** Publishes the source in real time, over and over, without encoding. */
export function publish(url: string): Program {
  const input = ['-re', '-stream_loop', '-1', '-i', sourceFile()]
  return launch('ffmpeg', ['-v', 'error', '-nostdin', ...input, '-c', 'copy', '-f', 'flv', url])
}

/** Publishes to each address; `stop` ends all of them. */
export async function publishAll(urls: readonly string[]): Promise<{ stop(): Promise<void> }> {
  const publishers = urls.map(publish)
  return {
    stop: async () => {
      await Promise.all(publishers.map((publisher) => publisher.stop()))
    },
  }
}
