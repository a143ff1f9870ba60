import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findFfmpeg, makeAudio, probeAudio, runFfmpeg } from '../../server/ffmpeg/index.ts'
import { interleave, median, spread } from './kit/numbers.ts'
import { runToEnd, scratch } from './kit/program.ts'
import type { Finding } from './kit/report.ts'

const seconds = 240
const rounds = 5

/** Renditions, playlists, manifest, loudness and waveforms of a track beside bare ffmpeg doing the same encodes. */
export async function renditions(): Promise<Finding> {
  await findFfmpeg()
  const { dir, remove } = await scratch()
  try {
    const source = makeSource(dir)
    const facts = await probeAudio(source)
    const inFolder = (work: (folder: string) => Promise<unknown>) => async () => {
      const folder = join(dir, 'made')
      await mkdir(folder)
      const startedAt = performance.now()
      await work(folder)
      const elapsed = (performance.now() - startedAt) / 1000
      await rm(folder, { recursive: true })
      return elapsed
    }
    const times = await interleave(rounds, {
      bare: inFolder((folder) => bare(source, folder)),
      encodes: inFolder((folder) => bare(source, folder)),
      veza: inFolder((folder) =>
        makeAudio(source, folder, { facts, profiles: ['aac-96', 'aac-256', 'flac'] }),
      ),
      analysis: inFolder((folder) => makeAudio(source, folder, { facts, profiles: [] })),
    })
    return finding(times)
  } finally {
    await remove()
  }
}

/** Something with the spectrum and the dynamics of music: pink noise that beats, and tones that move. */
function makeSource(dir: string): string {
  const source = join(dir, 'source.flac')
  const tones = "aevalsrc='0.3*sin(2*PI*(200+50*sin(t))*t)|0.3*sin(2*PI*330*t)':d=240:s=44100"
  const beat = '[0]tremolo=f=2:d=0.9,aformat=channel_layouts=stereo[n];[n][1]amix=2'
  const noise = `anoisesrc=c=pink:a=0.5:d=${seconds}:r=44100`
  const inputs = ['-f', 'lavfi', '-i', noise, '-f', 'lavfi', '-i', tones]
  runToEnd('ffmpeg', ['-v', 'error', ...inputs, '-filter_complex', beat, '-sample_fmt', 's16', source])
  return source
}

/** At the priority that Veza gives it. */
async function bare(source: string, folder: string): Promise<void> {
  const output = (name: string, args: string[]) => ['-map', '0:a:0', ...args, '-f', 'mp4', join(folder, name)]
  await runFfmpeg([
    ...['-i', source, ...output('aac-96.mp4', ['-c:a', 'aac', '-b:a', '96k'])],
    ...output('aac-256.mp4', ['-c:a', 'aac', '-b:a', '256k']),
    ...output('flac.mp4', ['-c:a', 'flac', '-strict', '-2']),
  ])
}

function finding(times: Record<string, number[]>): Finding {
  const of = (name: string) => times[name] ?? []
  const ratios = (name: string) => of(name).map((time, i) => time / (of('bare')[i] ?? Number.NaN))
  const row = (what: string, name: string) => [what, spread(of(name), 2), `${spread(ratios(name), 2)}x`]
  return {
    name: 'renditions',
    title: 'Renditions and analysis of a 4-minute FLAC beside bare ffmpeg',
    how: `AAC 96 and 256 kbit/s and FLAC of ${seconds} s of stereo at 44.1 kHz, 16 bit, made in turns: by one plain ffmpeg command, by the same once more (what chance does), by makeAudio with byte-range tables, playlists, EBU R128, silence and three waveforms, and by makeAudio for the analysis alone. Same priority. Median of ${rounds} rounds (least to greatest). Seconds.`,
    columns: ['what', 'seconds', 'beside bare ffmpeg'],
    rows: [
      row('bare ffmpeg', 'bare'),
      row('bare ffmpeg again', 'encodes'),
      row('renditions and analysis', 'veza'),
      row('analysis alone', 'analysis'),
    ],
    aims: [
      {
        what: 'renditions and analysis / bare ffmpeg',
        measured: median(ratios('veza')),
        atMost: 1.15,
        unit: 'x',
      },
    ],
  }
}
