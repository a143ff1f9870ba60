import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { FfmpegError, runFfmpeg } from '#ffmpeg'
import { fragment, VIDEO_TIMESCALE } from '../../media/fmp4.ts'
import { initName, segmentName } from '../../media/stream-files.ts'
import type { IndexEntry } from '../../media/types.ts'
import { BrokenMedia, readFragments } from '../mp4/fragments.ts'
import type { StoryboardPlan } from './plan.ts'
import { readStill, stillDate } from './stills.ts'

/** Pictures of the largest size take a second each on the slowest machine. */
const timeoutMs = 300_000
/** The programs' own picture format: full-range 4:2:0, as JPEG has it. */
const pixels = 'yuvj420p'
const eachSecond = `fps=1:eof_action=pass,format=${pixels}`
const small = 'scale=160:160:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=area,setsar=1'
const fragments = ['-threads', '1', '-skip_frame', 'nokey', '-f', 'mp4', '-i', 'pipe:0']
const jpegs = ['-c:v', 'mjpeg', '-q:v', '5', '-f', 'image2pipe', 'pipe:1']
const endOfImage = Buffer.from([0xff, 0xd9])

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
  of: { plan: StoryboardPlan; signal: AbortSignal },
): Promise<Buffer[]> {
  const known = await decodeStills(dir, run, of)
  const rest = run.filter((entry) => !known.has(entry))
  const decoded = rest.length === 0 ? [] : await decodeFrames(dir, rest, of)
  let at = 0
  return run.map((entry) => known.get(entry) ?? decoded[at++] ?? Buffer.alloc(0))
}

/** What was made small while the stream ran. */
async function decodeStills(
  dir: string,
  run: readonly IndexEntry[],
  of: { plan: StoryboardPlan; signal: AbortSignal },
): Promise<Map<IndexEntry, Buffer>> {
  const ready = run.filter((entry, i) => entry !== run[i - 1] && of.plan.made.has(stillDate(entry)))
  const files = await Promise.all(ready.map((entry) => readStill(dir, stillDate(entry))))
  const input = files.filter((file) => file !== null)
  if (input.length === 0 || input.length < ready.length) return new Map()
  const source = ['-f', 'image2pipe', '-framerate', '1', '-c:v', 'mjpeg', '-i', 'pipe:0']
  const pictures = await decode(source, input, of)
  // One that is damaged would shift the others.
  return pictures.length === ready.length
    ? new Map(ready.map((entry, i) => [entry, pictures[i]!]))
    : new Map()
}

async function decodeFrames(
  dir: string,
  run: readonly IndexEntry[],
  of: { plan: StoryboardPlan; signal: AbortSignal },
): Promise<Buffer[]> {
  const input = await keyFrames(dir, run)
  const pictures = input.length === 1 ? [] : await decode(fragments, input, of)
  return run.map((_entry, i) => pictures[Math.min(i, pictures.length - 1)] ?? Buffer.alloc(0))
}

/** Raw pictures of the storyboard's size, one a second of the input's made-up time: what is missing is the one before. */
async function decode(
  source: readonly string[],
  input: readonly Buffer[],
  { plan: { width, height }, signal }: { plan: StoryboardPlan; signal: AbortSignal },
): Promise<Buffer[]> {
  const fit = `scale=${width}:${height}:force_original_aspect_ratio=decrease:flags=area`
  const filters = `${fit},pad=${width}:${height}:-1:-1,setsar=1,${eachSecond}`
  const target = ['-an', '-vf', filters, '-f', 'rawvideo', '-pix_fmt', pixels, 'pipe:1']
  const raw = await runFfmpeg([...source, ...target], { signal, timeoutMs, input: Readable.from(input) })
  const size = (width * height * 3) / 2
  return Array.from({ length: Math.floor(raw.length / size) }, (_none, i) =>
    raw.subarray(i * size, (i + 1) * size),
  )
}

/** Small JPEGs of key frames, in the order of the entries; empty ones where they are lost or damaged. */
export async function paintStills(
  dir: string,
  entries: readonly IndexEntry[],
  signal: AbortSignal,
): Promise<Buffer[]> {
  const painted = new Map<IndexEntry, Buffer>()
  for (const run of runsOfInit(entries.toSorted((a, b) => a.seq - b.seq))) {
    const input = await keyFrames(dir, run)
    if (input.length === 1) continue
    const args = [...fragments, '-an', '-vf', `${small},${eachSecond}`, ...jpegs]
    const pictures = splitJpegs(await runFfmpeg(args, { signal, timeoutMs, input: Readable.from(input) }))
    for (const [i, entry] of run.entries()) {
      const picture = pictures[Math.min(i, pictures.length - 1)]
      if (picture) painted.set(entry, picture)
    }
  }
  return entries.map((entry) => painted.get(entry) ?? Buffer.alloc(0))
}

/** A picture that was decoded for something else, made small. */
export async function shrinkPicture(jpeg: Buffer, signal: AbortSignal): Promise<Buffer> {
  const source = ['-f', 'image2pipe', '-c:v', 'mjpeg', '-i', 'pipe:0']
  const args = [...source, '-frames:v', '1', '-vf', `${small},format=${pixels}`, ...jpegs]
  return runFfmpeg(args, { signal, timeoutMs, input: jpeg })
}

/** Within the data of a picture a byte of ones is never followed by the mark of its end (ITU-T T.81, B.1.1.5). */
function splitJpegs(joined: Buffer): Buffer[] {
  const pictures: Buffer[] = []
  let from = 0
  for (let end = joined.indexOf(endOfImage); end >= 0; end = joined.indexOf(endOfImage, from)) {
    pictures.push(joined.subarray(from, end + endOfImage.length))
    from = end + endOfImage.length
  }
  return pictures
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
