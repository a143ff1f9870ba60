import { execFileSync } from 'node:child_process'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type AudioAnalysis, albumLoudness, makeAudio, probeAudio } from '../index.ts'
import { createSounds, noise } from './test-kit.ts'

const sounds = createSounds()
const test = suite('analysis')
test.after(() => rm(sounds.dir, { recursive: true, force: true }))

async function analysed(path: string): Promise<{ analysis: AudioAnalysis; folder: string }> {
  const folder = sounds.folder()
  const { analysis } = await makeAudio(path, folder, { facts: await probeAudio(path), profiles: [] })
  return { analysis, folder }
}

/** What ebur128 itself says at the end of a whole file. */
function summary(path: string): { integrated: number; range: number; peak: number } {
  const args = ['-hide_banner', '-i', path, '-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null', '-']
  const text = execFileSync('sh', ['-c', 'exec ffmpeg "$@" 2>&1', 'sh', ...args]).toString()
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1])
  return {
    integrated: number(/I:\s+(-?[\d.]+) LUFS/),
    range: number(/LRA:\s+(-?[\d.]+) LU/),
    peak: number(/Peak:\s+(-?[\d.]+) dBFS/),
  }
}

const near = (actual: number | null, expected: number, most: number, what: string) =>
  assert.ok(actual !== null && Math.abs(actual - expected) <= most, `${what}: ${actual} for ${expected}`)

test('measures the reference tone of EBU Tech 3341, stereo, at -23 LUFS [FILE-08]', async () => {
  const tone = 'aevalsrc=0.0707946*sin(2*PI*1000*t)|0.0707946*sin(2*PI*1000*t):s=48000:d=5'
  const { analysis } = await analysed(sounds.make('tone.wav', tone, ['-c:a', 'pcm_s24le']))
  near(analysis.loudnessLufs, -23, 0.1, 'integrated')
  near(analysis.loudnessRangeLu, 0, 0.1, 'range')
  near(analysis.samplePeakDb, -23, 0.05, 'peak')
  assert.equal(
    analysis.momentary.map(([, count]) => count).reduce((a, b) => a + b),
    47,
  )
  assert.equal(
    analysis.shortTerm.map(([, count]) => count).reduce((a, b) => a + b),
    21,
  )
})

test('says what ebur128 says of sound that rises and falls, its last tenth included [FILE-08]', async () => {
  const path = sounds.make('music.wav', `${noise(12.07)},volume='0.05+0.9*pow(sin(t/4),2)':eval=frame`)
  const { analysis } = await analysed(path)
  const { integrated, range, peak } = summary(path)
  near(analysis.loudnessLufs, integrated, 0.06, 'integrated')
  near(analysis.loudnessRangeLu, range, 0.06, 'range')
  near(analysis.truePeakDbtp, peak, 0.06, 'peak')
  // Nothing but its last 30 ms is loud.
  const late = 'aevalsrc=if(gt(t\\,0.95)\\,0.5\\,0.01)*sin(2*PI*500*t):s=44100:d=0.98'
  near((await analysed(sounds.make('late.wav', late))).analysis.samplePeakDb, -6.02, 0.05, 'late peak')
})

test('tells true peaks above the samples, and floating point above full scale [FILE-08]', async () => {
  // A quarter of the sample rate, out of phase: samples at 0.707 of the wave's height.
  const between = 'aevalsrc=0.9*min(1\\,t*5)*min(1\\,5-t*5)*sin(2*PI*11025*t+PI/4):s=44100:d=1'
  const { analysis } = await analysed(sounds.make('between.wav', between))
  near(analysis.samplePeakDb, -3.93, 0.05, 'sample peak')
  near(analysis.truePeakDbtp, -0.92, 0.1, 'true peak')
  const over = sounds.make('over.wav', 'aevalsrc=2*sin(2*PI*500*t):s=44100:d=1', ['-c:a', 'pcm_f32le'])
  near((await analysed(over)).analysis.samplePeakDb, 6.02, 0.05, 'over')
})

test('finds silence at head and tail in every channel, and says nothing of the loudness of silence [FILE-08]', async () => {
  // Opposite channels, which cancel each other in a mono mix.
  const tone = 'if(between(t\\,0.5\\,1.25)\\,0.3\\,0.0005)*sin(2*PI*441*t)'
  const path = sounds.make('quiet.wav', `aevalsrc=${tone}|-${tone}:s=44100:d=2`)
  const { analysis, folder } = await analysed(path)
  near(analysis.leadSilenceMs, 500, 2, 'head')
  near(analysis.tailSilenceMs, 750, 2, 'tail')
  const overview = await waveform(folder, 'waveform-overview.dat')
  near(Math.max(...overview.pixels), 0.3 * 128, 1.5, 'waveform')
  const silence = (await analysed(sounds.make('silence.wav', 'anullsrc=r=44100:d=1'))).analysis
  assert.equal(
    [
      silence.loudnessLufs,
      silence.loudnessRangeLu,
      silence.truePeakDbtp,
      silence.samplePeakDb,
      silence.momentary,
    ],
    [null, 0, -120, -120, []],
  )
  assert.equal([silence.leadSilenceMs, silence.tailSilenceMs, silence.durationMs], [1_000, 1_000, 1_000])
})

interface Waveform {
  header: number[]
  pixels: number[]
}

async function waveform(folder: string, name: string): Promise<Waveform> {
  const bytes = await readFile(join(folder, name))
  const header = [0, 4, 8, 12, 16, 20].map((at) => bytes.readInt32LE(at))
  return { header, pixels: [...new Int8Array(bytes.buffer, bytes.byteOffset + 24, bytes.length - 24)] }
}

test('writes waveforms as audiowaveform does: version 2, 8 bits, least and greatest [FILE-08]', async () => {
  // A ramp up to full scale in 3 s, above 0 only: the least and greatest of each pixel are known.
  const path = sounds.make('ramp.wav', 'aevalsrc=t/3:s=44100:d=3', ['-c:a', 'pcm_s16le'])
  const { folder, analysis } = await analysed(path)
  assert.equal((await readdir(folder)).sort(), [...analysis.waveforms].sort())
  const coarse = await waveform(folder, 'waveform-8.dat')
  assert.equal(coarse.header, [2, 1, 44_100, 5_513, 24, 1])
  const expected = Array.from({ length: 24 }, (_, i) => {
    const at = (sample: number) => Math.floor((sample / 44_100 / 3) * 128)
    return [at(i * 5_513), at(Math.min(132_299, (i + 1) * 5_513 - 1))]
  }).flat()
  assert.ok(coarse.pixels.every((value, i) => Math.abs(value - (expected[i] ?? 999)) <= 1))
  assert.is(coarse.pixels.length, 48)
  const fine = await waveform(folder, 'waveform-64.dat')
  assert.equal(fine.header, [2, 1, 44_100, 689, Math.ceil(132_300 / 689), 1])
  assert.is(fine.pixels.length, 2 * Math.ceil(132_300 / 689))
  const overview = await waveform(folder, 'waveform-overview.dat')
  const [, , , each = 0, count = 0] = overview.header
  assert.ok(count > 940 && count < 1_060, `${count} points`)
  assert.is(count, Math.ceil(132_300 / each))
  assert.equal([overview.pixels.length, overview.pixels[0], overview.pixels.at(-1)], [count * 2, 0, 127])
  assert.equal(
    [...overview.pixels].sort((a, b) => a - b),
    overview.pixels,
  )
})

test('an album is as loud as its tracks in one file, gates and all [FILE-08]', async () => {
  const levels = [0.5, 0.03, 0.2, 0.0001]
  const paths = levels.map((level, i) =>
    sounds.make(`album-${i}.wav`, `${noise(30, 44_100, i)},volume=${level}*(1+0.5*sin(t/3)):eval=frame`),
  )
  const each = []
  for (const path of paths) each.push((await analysed(path)).analysis)
  const inputs = paths.flatMap((path) => ['-i', path])
  const joined = sounds.make('album.wav', inputs, ['-filter_complex', `concat=n=${paths.length}:v=0:a=1`])
  const expected = summary(joined)
  const album = albumLoudness(each)
  near(album.loudnessLufs, expected.integrated, 0.1, 'integrated')
  near(album.loudnessRangeLu, expected.range, 0.1, 'range')
  near(albumLoudness([each[0] as AudioAnalysis]).loudnessLufs, each[0]?.loudnessLufs ?? 0, 0.06, 'one track')
  assert.equal(albumLoudness([]), { loudnessLufs: null, loudnessRangeLu: 0 })
  assert.equal(albumLoudness([{ momentary: [], shortTerm: [] }]), { loudnessLufs: null, loudnessRangeLu: 0 })
})

test.run()
