import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { FfmpegError, runFfmpeg } from '#ffmpeg'
import { fragment, VIDEO_TIMESCALE } from '../../media/fmp4.ts'
import { initName, segmentName } from '../../media/stream-files.ts'
import type { IndexEntry } from '../../media/types.ts'
import { BrokenMedia, readFragments } from '../mp4/fragments.ts'
import type { StoryboardPlan } from './plan.ts'

/** Pictures of the largest size take a second each on the slowest machine. */
const timeoutMs = 300_000
/** The programs' own picture format: full-range 4:2:0, as JPEG has it. */
const pixels = 'yuvj420p'

/**
 * Paints the sheets as JPEGs. Only the key frames that are shown are read and decoded, whatever the length of the
 * recording; where one is lost the one before stands in. Throws where there is not one.
 */
export async function paintStoryboard(
  dir: string,
  plan: StoryboardPlan,
  signal: AbortSignal,
): Promise<Buffer[]> {
  const pictures: Buffer[] = []
  for (const run of runsOfInit(plan.pictures)) pictures.push(...(await decodeRun(dir, run, { plan, signal })))
  if (pictures.every((picture) => picture.length === 0))
    throw new FfmpegError('failed', 'The recording holds no picture.')
  const known = pictures.find((picture) => picture.length > 0)!
  const perSheet = plan.columns * plan.rows
  const sheets: Buffer[] = []
  for (let from = 0; from < pictures.length; from += perSheet) {
    const shown = pictures.slice(from, from + perSheet)
    sheets.push(
      await tile(
        shown.map((picture) => (picture.length > 0 ? picture : known)),
        plan,
        signal,
      ),
    )
  }
  return sheets
}

/** Pictures that follow each other with the same decoder settings. */
function runsOfInit(pictures: readonly IndexEntry[]): IndexEntry[][] {
  const runs: IndexEntry[][] = []
  for (const entry of pictures) {
    const last = runs.at(-1)
    if (last?.[0]?.initId === entry.initId) last.push(entry)
    else runs.push([entry])
  }
  return runs
}

/** The small pictures of a run, raw; empty ones where none could be decoded. */
async function decodeRun(
  dir: string,
  run: readonly IndexEntry[],
  { plan, signal }: { plan: StoryboardPlan; signal: AbortSignal },
): Promise<Buffer[]> {
  const { width, height } = plan
  const input = await keyFrames(dir, run)
  if (input.length === 1) return run.map(() => Buffer.alloc(0))
  const fit = `scale=${width}:${height}:force_original_aspect_ratio=decrease:flags=area`
  // A picture a second of made-up time: what is missing is filled with the one before.
  const filters = `${fit},pad=${width}:${height}:-1:-1,setsar=1,fps=1:eof_action=pass,format=${pixels}`
  const source = ['-threads', '1', '-skip_frame', 'nokey', '-f', 'mp4', '-i', 'pipe:0']
  const target = ['-an', '-vf', filters, '-f', 'rawvideo', '-pix_fmt', pixels, 'pipe:1']
  const raw = await runFfmpeg([...source, ...target], { signal, timeoutMs, input: Readable.from(input) })
  const size = (width * height * 3) / 2
  const count = Math.floor(raw.length / size)
  return run.map((_entry, i) => {
    const at = Math.min(i, count - 1) * size
    return count === 0 ? Buffer.alloc(0) : raw.subarray(at, at + size)
  })
}

/** The decoder settings, then a fragment with one key frame for each picture that is not the one before again. */
async function keyFrames(dir: string, run: readonly IndexEntry[]): Promise<Buffer[]> {
  const frames: Buffer[] = [await readFile(join(dir, initName('video', run[0]!.initId)))]
  for (const [i, entry] of run.entries()) {
    if (entry === run[i - 1]) continue
    const data = await readKeyFrame(join(dir, segmentName('video', entry.seq)), entry.sizeBytes)
    if (data === null) continue
    // The first that is there begins, also for those before it.
    const baseTicks = frames.length === 1 ? 0 : i * VIDEO_TIMESCALE
    const head = { track: 'video', sequence: i + 1, baseTicks } as const
    frames.push(fragment(head, [{ data, durationTicks: VIDEO_TIMESCALE, offsetTicks: 0, isKey: true }]))
  }
  return frames
}

/** The first key frame of a segment; null where it is lost or damaged. */
async function readKeyFrame(path: string, sizeBytes: number): Promise<Buffer | null> {
  try {
    const [first] = await readFragments(path, sizeBytes)
    if (first?.isSync[0] !== true) return null
    const file = await open(path, 'r')
    try {
      const data = Buffer.alloc(first.sizes[0] ?? 0)
      const { bytesRead } = await file.read(data, 0, data.length, first.dataAt)
      return bytesRead === data.length && bytesRead > 0 ? data : null
    } finally {
      await file.close()
    }
  } catch (error) {
    const isLost = (error as NodeJS.ErrnoException).code === 'ENOENT'
    if (isLost || error instanceof BrokenMedia || error instanceof RangeError) return null
    throw error
  }
}

/** One sheet; only the last one has fewer rows. */
function tile(
  pictures: readonly Buffer[],
  { width, height, columns }: StoryboardPlan,
  signal: AbortSignal,
): Promise<Buffer> {
  const rows = Math.ceil(pictures.length / columns)
  const source = ['-f', 'rawvideo', '-pixel_format', pixels, '-video_size', `${width}x${height}`]
  const target = ['-vf', `tile=${columns}x${rows}`, '-frames:v', '1', '-c:v', 'mjpeg', '-q:v', '5']
  const args = [...source, '-framerate', '1', '-i', 'pipe:0', ...target, '-f', 'image2pipe', 'pipe:1']
  return runFfmpeg(args, { signal, timeoutMs, input: Buffer.concat(pictures) })
}
