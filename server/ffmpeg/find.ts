import { execFile } from 'node:child_process'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { plainEnvironment } from '../process/environment.ts'

/** The programs that were found and run. */
export interface Ffmpeg {
  ffmpeg: string
  /** Null where there is an ffmpeg without its ffprobe. */
  ffprobe: string | null
  /** As the program says it: `5.1.9-0+deb12u1`. */
  version: string
  /** Whether it can encode H.264. */
  hasX264: boolean
}

const oldest = [4, 4] as const
/** A program that hangs is none; one that a busy machine is slow to start is there all the same. */
const startsWithinMs = 60_000
const run = promisify(execFile)
let found: Ffmpeg | null = null

/**
 * Looks for an ffmpeg of at least 4.4 that runs: the setting if there is one (and then no other), the PATH, the
 * package ffmpeg-static. Null where there is none: media features are off, `ffmpegRemedy` says what to do. What was
 * found last is what runFfmpeg uses.
 */
export async function findFfmpeg(setting?: string | null): Promise<Ffmpeg | null> {
  found = setting ? await probe(setting) : ((await probe('ffmpeg')) ?? (await probeBundled()))
  return found
}

/** What findFfmpeg found, looking first where nobody has looked yet. */
export async function currentFfmpeg(): Promise<Ffmpeg | null> {
  return found ?? findFfmpeg()
}

/** One sentence and the command for a machine without a usable ffmpeg. */
export function ffmpegRemedy(setting?: string | null): string {
  return setting
    ? `The ffmpeg setting names ${setting}, which is not an ffmpeg of at least 4.4 that runs here: correct or remove it.`
    : 'Install ffmpeg 4.4 or newer, as by `sudo apt-get install ffmpeg`, then start Veza again.'
}

async function probe(path: string): Promise<Ffmpeg | null> {
  const text = await versionText(path)
  const version = /^ffmpeg version (\S+)/.exec(text ?? '')?.[1]
  if (!text || !version || isTooOld(version)) return null
  return {
    ffmpeg: path,
    ffprobe: await probeBeside(path),
    version,
    hasX264: text.includes('--enable-libx264'),
  }
}

async function probeBeside(path: string): Promise<string | null> {
  const beside = join(dirname(path), basename(path).replace('ffmpeg', 'ffprobe'))
  for (const candidate of path === 'ffmpeg' ? ['ffprobe'] : [beside, 'ffprobe'])
    if ((await versionText(candidate))?.startsWith('ffprobe version')) return candidate
  return null
}

async function probeBundled(): Promise<Ffmpeg | null> {
  // Optional and without types: where it is not installed, there is nothing to resolve.
  const name: string = 'ffmpeg-static'
  try {
    const { default: path } = (await import(name)) as { default: unknown }
    return typeof path === 'string' ? await probe(path) : null
  } catch {
    return null
  }
}

/** Builds from the development branch (`N-109…`) have no number and are newer. */
function isTooOld(version: string): boolean {
  const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(version) ?? []
  if (major === undefined) return false
  return Number(major) < oldest[0] || (Number(major) === oldest[0] && Number(minor) < oldest[1])
}

async function versionText(path: string): Promise<string | null> {
  try {
    const { stdout } = await run(path, ['-version'], { env: plainEnvironment(), timeout: startsWithinMs })
    return stdout
  } catch {
    return null
  }
}
