import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { plainEnvironment } from '../process/environment.ts'
import { currentFfmpeg, ffmpegRemedy } from './find.ts'
import { always, FfmpegError, guarded, lowerPriority } from './run.ts'

export interface StreamOptions {
  /** Takes standard output as it comes, and what goes to `pipe:3`. */
  onOutput(chunk: Buffer, pipe: 1 | 3): void
  /** What people hear at this moment: as important as the server itself. Otherwise it runs at low priority. */
  isUrgent?: boolean
  /** The program, where another process has found it: looking for it means to start it twice and wait for it. */
  program?: string | undefined
  /** Told once, when the program is gone for whatever reason; the last thing it said itself. */
  onEnd(lastLine: string): void
}

/** An ffmpeg that runs for as long as something is streamed through it (`-i pipe:0`, output to `pipe:1`). */
export interface FfmpegStream {
  /** Once it is gone, what is written is thrown away. */
  write(chunk: Buffer): void
  /** Written and not yet taken by the program. */
  readonly pendingBytes: number
  /** No more input: it writes out what it holds and ends. */
  finish(): void
  kill(): void
}

const keptErrorLength = 2_048

/** Starts ffmpeg in no queue: the caller limits how many there are. Throws FfmpegError `missing`. */
export async function streamFfmpeg(args: readonly string[], options: StreamOptions): Promise<FfmpegStream> {
  const program = options.program ?? (await currentFfmpeg())?.ffmpeg
  if (!program) throw new FfmpegError('missing', ffmpegRemedy())
  const child = spawn(program, [...always, ...guarded(args)], {
    env: plainEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  }) as ChildProcessWithoutNullStreams
  if (!options.isUrgent) lowerPriority(child.pid)
  let errors = ''
  let isGone = false
  const gone = (lastLine: string) => {
    if (isGone) return
    isGone = true
    options.onEnd(lastLine)
  }
  child.stdout.on('data', (chunk: Buffer) => options.onOutput(chunk, 1))
  const third = child.stdio[3] as Readable
  third.on('data', (chunk: Buffer) => options.onOutput(chunk, 3))
  third.on('error', () => undefined)
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-keptErrorLength)
  })
  // Its end tells; what it no longer takes is lost with it.
  child.stdin.on('error', () => undefined)
  child.once('error', (error) => gone(error.message))
  child.once('close', () => gone(errors.trim().split('\n').at(-1)?.trim() ?? ''))
  return {
    write: (chunk) => {
      if (!isGone && child.stdin.writable) child.stdin.write(chunk)
    },
    get pendingBytes() {
      return isGone ? 0 : child.stdin.writableLength
    },
    finish: () => child.stdin.end(),
    kill: () => child.kill('SIGKILL'),
  }
}
