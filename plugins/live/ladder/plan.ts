import type { AvcDescription } from '../media/avc.ts'
import type { RungOffer } from '../media/types.ts'

/** One lower rendition: what viewers are told of it, and what the encoder is. */
export interface Rung extends RungOffer {
  /** Constant quality is not kept above this, in bits a second. */
  averageBitrate: number
  level: string
  /** What it takes of a core, measured with the preset in use; more where the frames are more. */
  cores: number
}

/** Heights below the source's, with bit rates for 30 pictures a second (H.264 Main, the music stays as it is). */
const steps = [
  { height: 720, averageBitrate: 2_200_000, level: '3.1', cores: 0.6 },
  { height: 480, averageBitrate: 1_000_000, level: '3.0', cores: 0.3 },
] as const
/** A source hardly larger than a rung is that rung. */
const smallestStep = 1.2
const usualRate = 30
const levels: Record<string, { hex: string; above: string }> = {
  '3.0': { hex: '1e', above: '3.1' },
  '3.1': { hex: '1f', above: '3.2' },
  '3.2': { hex: '20', above: '4.0' },
}

/** The renditions below a source, the highest first; none for one that is small already. */
export function ladderOf(source: Pick<AvcDescription, 'width' | 'height'>, frameRate: number): Rung[] {
  const rate = Math.min(Math.max(frameRate, 1), 60)
  const isFast = rate > usualRate * 1.1
  return steps
    .filter(({ height }) => source.height >= height * smallestStep)
    .map((step) => {
      const level = isFast ? levels[step.level]!.above : step.level
      const averageBitrate = Math.round(step.averageBitrate * (isFast ? 1.4 : 1))
      return {
        height: step.height,
        // Even, as H.264 halves colours.
        width: Math.round((source.width * step.height) / source.height / 2) * 2,
        averageBitrate,
        bitrate: Math.round(averageBitrate * 1.25),
        level,
        codec: `avc1.4d40${levels[level]?.hex ?? '1f'}`,
        frameRate: rate,
        cores: step.cores * Math.max(rate / usualRate, 0.5),
      }
    })
}

/**
 * ffmpeg's arguments: FLV of pictures in, one FLV a rendition out, from one decode. Key frames stay where the source
 * has them and times are the source's, so that segments are cut alike; nothing is held back to look ahead.
 */
export function encoderArguments(rungs: readonly Rung[]): string[] {
  const names = rungs.map((_rung, at) => `r${at}`)
  const split = `[0:v]split=${rungs.length}${names.map((name) => `[${name}]`).join('')}`
  const scaled = rungs.map(({ width, height }, at) => `[r${at}]scale=${width}:${height}[s${at}]`)
  const input = '-probesize 65536 -analyzeduration 0 -threads 1 -copyts -f flv -i pipe:0'
  const outputs = rungs.flatMap((rung, at) => [
    ...[
      '-map',
      `[s${at}]`,
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-tune',
      'zerolatency',
      '-threads',
      '1',
    ],
    ...[
      '-profile:v',
      'main',
      '-level:v',
      rung.level,
      '-pix_fmt',
      'yuv420p',
      '-sc_threshold',
      '0',
      '-g',
      '9999',
    ],
    ...['-force_key_frames', 'source', '-b:v', String(rung.averageBitrate), '-maxrate', String(rung.bitrate)],
    ...['-bufsize', String(rung.bitrate), '-vsync', 'passthrough', '-flush_packets', '1'],
    ...['-flvflags', 'no_duration_filesize', '-f', 'flv', at === 0 ? 'pipe:1' : 'pipe:3'],
  ])
  return [...input.split(' '), '-filter_complex', [split, ...scaled].join(';'), ...outputs]
}
