import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { FfmpegError, type FfmpegOptions, runFfmpeg } from './run.ts'

/** One fragmented MP4 segment and the initialisation segment it needs. */
export interface SegmentPaths {
  initPath: string
  segmentPath: string
}

/** What silence counts as. */
const floorDb = -120

/** Writes the segment's first picture as a JPEG of that width; the file is there whole or not at all. */
export async function thumbnail(
  paths: SegmentPaths,
  outPath: string,
  width: number,
  options: Pick<FfmpegOptions, 'signal' | 'timeoutMs'> = {},
): Promise<void> {
  const picture = await runFfmpeg(
    [...inputArgs, '-an', '-frames:v', '1', '-vf', `scale=${width}:-2,format=yuvj420p`].concat([
      '-c:v',
      'mjpeg',
      '-q:v',
      '4',
      '-f',
      'image2pipe',
      'pipe:1',
    ]),
    { ...options, input: segmentOf(paths) },
  )
  if (picture.length === 0) throw new FfmpegError('failed', 'The segment holds no picture.')
  const temporary = `${outPath}~${randomUUID()}`
  try {
    await writeFile(temporary, picture)
    await rename(temporary, outPath)
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Loudest sample and mean power of the segment's sound in dB below full scale (0); silence is -120. */
export async function audioLevel(
  paths: SegmentPaths,
  options: Pick<FfmpegOptions, 'signal' | 'timeoutMs'> = {},
): Promise<{ peakDb: number; rmsDb: number }> {
  const measure = 'astats=metadata=1:reset=0:measure_perchannel=none:measure_overall=Peak_level+RMS_level'
  const output = await runFfmpeg(
    [...inputArgs, '-vn', '-af', `${measure},ametadata=mode=print:file=-`, '-f', 'null', '-'],
    { ...options, input: segmentOf(paths) },
  )
  const text = output.toString()
  return { peakDb: lastLevel(text, 'Peak_level'), rmsDb: lastLevel(text, 'RMS_level') }
}

// The format is said, not guessed from what a stranger sent.
const inputArgs = ['-threads', '1', '-f', 'mp4', '-i', 'pipe:0']

function segmentOf({ initPath, segmentPath }: SegmentPaths): Readable {
  return Readable.from(bytesOf([initPath, segmentPath]), { objectMode: false })
}

async function* bytesOf(paths: string[]): AsyncIterable<Buffer> {
  for (const path of paths) yield* createReadStream(path)
}

/** The measure is printed for each frame and grows with them: the last is that of all. */
function lastLevel(text: string, name: string): number {
  const values = [...text.matchAll(new RegExp(`^lavfi\\.astats\\.Overall\\.${name}=(\\S+)$`, 'gm'))]
  const last = values.at(-1)?.[1]
  if (last === undefined) throw new FfmpegError('failed', 'The segment holds no sound.')
  const level = Number(last)
  return Number.isFinite(level) ? Math.max(level, floorDb) : floorDb
}
