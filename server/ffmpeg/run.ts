import { type ChildProcessWithoutNullStreams as Child, spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { plainEnvironment } from '../process/environment.ts'
import { currentFfmpeg, ffmpegRemedy } from './find.ts'
import { createSlots } from './slots.ts'

export interface FfmpegOptions {
  /** Kills the program. */
  signal?: AbortSignal
  /** Default 60 s, from the moment it runs. */
  timeoutMs?: number
  /** Fed to standard input (`-i pipe:0`). */
  input?: Readable | Buffer
  /** Of standard output; default 16 MiB. */
  maxOutputBytes?: number
  /** Takes standard output and what goes to `pipe:3` as it comes, instead of keeping it. What it throws ends the run. */
  onOutput?: (chunk: Buffer, pipe: 1 | 3) => void
  /** Takes what it says of errors while it goes on. */
  onMessage?: (text: string) => void
  /** Ended like `timeoutMs` when it has put out nothing for so long. */
  idleMs?: number
}

export type FfmpegFault = 'missing' | 'failed' | 'timeout' | 'aborted' | 'too-much-output'

/** Why ffmpeg gave no result. `lastLine` is the last thing it said itself. */
export class FfmpegError extends Error {
  readonly fault: FfmpegFault
  readonly lastLine: string
  /** Where it ended by itself; null where it was killed, by whomever, or never ran. */
  readonly exitCode: number | null
  constructor(fault: FfmpegFault, lastLine: string, exitCode: number | null = null) {
    super(`ffmpeg: ${fault}${lastLine ? ` (${lastLine})` : ''}`)
    this.fault = fault
    this.lastLine = lastLine
    this.exitCode = exitCode
  }
}

export const always = ['-hide_banner', '-loglevel', 'error']
/** An input may name files and pipes, never the network: a playlist sent by a stranger cannot make us fetch. */
const whitelist = ['-protocol_whitelist', 'file,pipe']
const slots = createSlots(2)
/** What only reads headers does not wait for an hour of encoding. */
const probeSlots = createSlots(2)
const keptErrorLength = 4096
/** For want of room at the end of a file ffmpeg (5.1) says so and ends as if all were well. */
const lostOutput = /^Error closing file|: (?:No space left on device|Disk quota exceeded)$/

/** Runs ffmpeg at low priority, two at once in this process. Resolves with its standard output, or throws FfmpegError. */
export async function runFfmpeg(args: readonly string[], options: FfmpegOptions = {}): Promise<Buffer> {
  const programs = await currentFfmpeg()
  return runIn(slots, programs?.ffmpeg, ['-nostdin', ...always, ...guarded(args)], options)
}

/** Runs the ffprobe beside it by the same rules, in slots of its own. */
export async function runFfprobe(args: readonly string[], options: FfmpegOptions = {}): Promise<Buffer> {
  const programs = await currentFfmpeg()
  return runIn(probeSlots, programs?.ffprobe, [...always, ...guarded(args)], options)
}

async function runIn(
  queue: typeof slots,
  program: string | null | undefined,
  args: string[],
  options: FfmpegOptions,
): Promise<Buffer> {
  if (!program) throw new FfmpegError('missing', ffmpegRemedy())
  const release = await queue.take(options.signal).catch(() => {
    throw new FfmpegError('aborted', '')
  })
  try {
    return await runOnce(program, args, options)
  } finally {
    release()
    if (options.input instanceof Readable) options.input.destroy()
  }
}

/** The whitelist is an option of each input. */
export const guarded = (args: readonly string[]) =>
  args.flatMap((arg) => (arg === '-i' ? [...whitelist, arg] : [arg]))

async function runOnce(program: string, args: string[], options: FfmpegOptions): Promise<Buffer> {
  const third = options.onOutput ? 'pipe' : 'ignore'
  const stdio = ['pipe', 'pipe', 'pipe', third] as const
  const child = spawn(program, args, { env: plainEnvironment(), stdio: [...stdio] }) as Child
  let fault: FfmpegFault | null = null
  let thrown: { error: unknown } | null = null
  const kill = (reason: FfmpegFault) => {
    fault ??= reason
    child.kill('SIGKILL')
  }
  const watch = timeLimits(options, () => kill('timeout'))
  const aborted = () => kill('aborted')
  options.signal?.addEventListener('abort', aborted, { once: true })
  try {
    lowerPriority(child.pid)
    const failed = (error: unknown) => {
      thrown ??= { error }
      kill('failed')
    }
    const output = collect(child, options, { kill, failed, alive: watch.alive })
    feed(child, options.input, (error) => failed(new FfmpegError('failed', error.message)))
    const code = await ended(child)
    if (thrown) throw (thrown as { error: unknown }).error
    if (fault) throw new FfmpegError(fault, output.lastLine())
    if (code !== 0 || lostOutput.test(output.lastLine()))
      throw new FfmpegError('failed', output.lastLine(), code)
    return Buffer.concat(output.chunks)
  } finally {
    watch.end()
    options.signal?.removeEventListener('abort', aborted)
  }
}

/** Calls when the time is over in all, or has been without a sign of life. */
function timeLimits({ timeoutMs, idleMs }: FfmpegOptions, over: () => void) {
  const timer = setTimeout(over, timeoutMs ?? 60_000)
  const idle = idleMs === undefined ? null : setTimeout(over, idleMs)
  return {
    alive: () => idle?.refresh(),
    end: () => {
      clearTimeout(timer)
      if (idle) clearTimeout(idle)
    },
  }
}

export function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Already gone; its exit tells.
  }
}

function collect(
  child: Child,
  { onOutput, onMessage, maxOutputBytes = 16 * 1024 * 1024 }: FfmpegOptions,
  run: { kill: (reason: FfmpegFault) => void; failed: (error: unknown) => void; alive: () => void },
): { chunks: Buffer[]; lastLine: () => string } {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  const keep = (chunk: Buffer) => {
    sizeBytes += chunk.length
    if (sizeBytes > maxOutputBytes) run.kill('too-much-output')
    else chunks.push(chunk)
  }
  const take = (chunk: Buffer, pipe: 1 | 3) => {
    run.alive()
    try {
      if (onOutput) onOutput(chunk, pipe)
      else keep(chunk)
    } catch (error) {
      run.failed(error)
    }
  }
  child.stdout.on('data', (chunk: Buffer) => take(chunk, 1))
  if (onOutput) (child.stdio[3] as Readable).on('data', (chunk: Buffer) => take(chunk, 3))
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors = (errors + chunk).slice(-keptErrorLength)
    onMessage?.(chunk)
  })
  return { chunks, lastLine: () => errors.trim().split('\n').at(-1)?.trim() ?? '' }
}

function feed(child: Child, input: Readable | Buffer | undefined, failed: (error: Error) => void): void {
  // It may have enough before the end of what is fed; whether that was a fault, its exit code tells.
  const ignore = () => {}
  child.stdin.on('error', ignore)
  if (!(input instanceof Readable)) return void child.stdin.end(input)
  input.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'EPIPE') failed(error)
  })
  pipeline(input, child.stdin).catch(ignore)
}

function ended(child: Child): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new FfmpegError('missing', error.message)))
    child.once('close', (code) => resolve(code))
  })
}
