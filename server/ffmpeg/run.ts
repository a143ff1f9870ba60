import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
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
}

export type FfmpegFault = 'missing' | 'failed' | 'timeout' | 'aborted' | 'too-much-output'

/** Why ffmpeg gave no result. `lastLine` is the last thing it said itself. */
export class FfmpegError extends Error {
  readonly fault: FfmpegFault
  readonly lastLine: string
  constructor(fault: FfmpegFault, lastLine: string) {
    super(`ffmpeg: ${fault}${lastLine ? ` (${lastLine})` : ''}`)
    this.fault = fault
    this.lastLine = lastLine
  }
}

const always = ['-nostdin', '-hide_banner', '-loglevel', 'error']
/** An input may name files and pipes, never the network: a playlist sent by a stranger cannot make us fetch. */
const whitelist = ['-protocol_whitelist', 'file,pipe']
const slots = createSlots(2)
const keptErrorLength = 4096

/** Runs ffmpeg at low priority, two at once in this process. Resolves with its standard output, or throws FfmpegError. */
export async function runFfmpeg(args: readonly string[], options: FfmpegOptions = {}): Promise<Buffer> {
  const programs = await currentFfmpeg()
  if (!programs) throw new FfmpegError('missing', ffmpegRemedy())
  const release = await slots.take(options.signal).catch(() => {
    throw new FfmpegError('aborted', '')
  })
  try {
    return await runOnce(programs.ffmpeg, [...always, ...guarded(args)], options)
  } finally {
    release()
    if (options.input instanceof Readable) options.input.destroy()
  }
}

/** The whitelist is an option of each input. */
const guarded = (args: readonly string[]) =>
  args.flatMap((arg) => (arg === '-i' ? [...whitelist, arg] : [arg]))

async function runOnce(program: string, args: string[], options: FfmpegOptions): Promise<Buffer> {
  const child = spawn(program, args, { env: plainEnvironment() })
  let fault: FfmpegFault | null = null
  const kill = (reason: FfmpegFault) => {
    fault ??= reason
    child.kill('SIGKILL')
  }
  const timer = setTimeout(() => kill('timeout'), options.timeoutMs ?? 60_000)
  const aborted = () => kill('aborted')
  options.signal?.addEventListener('abort', aborted, { once: true })
  try {
    lowerPriority(child.pid)
    const output = collect(child, options.maxOutputBytes ?? 16 * 1024 * 1024, kill)
    let inputFault: string | null = null
    feed(child, options.input, (error) => {
      inputFault = error.message
      kill('failed')
    })
    const code = await ended(child)
    if (inputFault !== null) throw new FfmpegError('failed', inputFault)
    if (fault) throw new FfmpegError(fault, output.lastLine())
    if (code !== 0) throw new FfmpegError('failed', output.lastLine())
    return Buffer.concat(output.chunks)
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', aborted)
  }
}

function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Already gone; its exit tells.
  }
}

function collect(
  child: ChildProcessWithoutNullStreams,
  maxBytes: number,
  kill: (reason: FfmpegFault) => void,
): { chunks: Buffer[]; lastLine: () => string } {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  child.stdout.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length
    if (sizeBytes > maxBytes) kill('too-much-output')
    else chunks.push(chunk)
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors = (errors + chunk).slice(-keptErrorLength)
  })
  return { chunks, lastLine: () => errors.trim().split('\n').at(-1)?.trim() ?? '' }
}

function feed(
  child: ChildProcessWithoutNullStreams,
  input: Readable | Buffer | undefined,
  failed: (error: Error) => void,
): void {
  // It may have enough before the end of what is fed; whether that was a fault, its exit code tells.
  const ignore = () => {}
  child.stdin.on('error', ignore)
  if (!(input instanceof Readable)) return void child.stdin.end(input)
  input.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'EPIPE') failed(error)
  })
  pipeline(input, child.stdin).catch(ignore)
}

function ended(child: ChildProcessWithoutNullStreams): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new FfmpegError('missing', error.message)))
    child.once('close', (code) => resolve(code))
  })
}
