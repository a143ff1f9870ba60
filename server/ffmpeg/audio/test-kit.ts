import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Sounds made by ffmpeg in a folder of the test's own. */
export function createSounds() {
  const dir = mkdtempSync(join(tmpdir(), 'veza-audio-'))
  let made = 0
  const folder = () => mkdtempSync(join(dir, 'made-'))
  /** `from` are ffmpeg's input arguments or a lavfi source; `args` its output arguments. */
  const make = (name: string, from: string | string[], args: string[] = []): string => {
    const path = join(dir, `${made++}-${name}`)
    const input = typeof from === 'string' ? ['-f', 'lavfi', '-i', from] : from
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...input, ...args, path])
    return path
  }
  return { dir, folder, make }
}

/** A sound without repetition: only one shift fits. */
export const noise = (seconds: number, rate = 44_100, seed = 7) =>
  `anoisesrc=color=pink:amplitude=0.4:duration=${seconds}:sample_rate=${rate}:seed=${seed}`
export const stereo = (seconds: number, rate = 44_100) =>
  `${noise(seconds, rate)}[l];${noise(seconds, rate, 8)}[r];[l][r]join=inputs=2:channel_layout=stereo`

/** The first channel as numbers of -1 to 1, without anything left out that an edit list would leave out. */
export function decode(path: string, options: { rate?: number; input?: string[] } = {}): Float32Array {
  const rate = options.rate ? ['-ar', String(options.rate)] : []
  const bytes = execFileSync(
    'ffmpeg',
    [
      ...[
        '-v',
        'error',
        ...(options.input ?? []),
        '-i',
        path,
        '-map',
        '0:a:0',
        '-af',
        'pan=mono|c0=c0',
        ...rate,
      ],
    ].concat(['-f', 'f32le', 'pipe:1']),
    { maxBuffer: 1 << 28 },
  )
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}

/** By how many samples `b` lags behind `a`, and how alike they are there (1: the same). */
export function lagOf(a: Float32Array, b: Float32Array, most = 1_200): { lag: number; likeness: number } {
  const from = most
  const length = Math.min(2_048, a.length - 2 * most, b.length - 2 * most)
  let best = { lag: 0, likeness: -1 }
  for (let lag = -most; lag <= most; lag++) {
    let [ab, aa, bb] = [0, 0, 0]
    for (let i = from; i < from + length; i++) {
      const [x, y] = [a[i] as number, b[i + lag] as number]
      ab += x * y
      aa += x * x
      bb += y * y
    }
    const likeness = ab / Math.sqrt(aa * bb)
    if (likeness > best.likeness) best = { lag, likeness }
  }
  return best
}
