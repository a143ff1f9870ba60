import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Song {
  file: string
  title: string
  seconds: number
  hz: number
  rate?: number
  /** For ffmpeg: codec and container. */
  args: string[]
}

/** One of each kind that is accepted, long enough to be heard; the first one to seek in. */
export const songs: readonly Song[] = [
  { file: '01 Low Tide.wav', title: 'Low Tide', seconds: 40, hz: 220, args: ['-c:a', 'pcm_s16le'] },
  { file: '02 Salt.wav', title: 'Salt', seconds: 4, hz: 247, rate: 96_000, args: ['-c:a', 'pcm_f32le'] },
  {
    file: '03 Harbour Lights.flac',
    title: 'Harbour Lights',
    seconds: 3,
    hz: 262,
    rate: 96_000,
    args: ['-c:a', 'flac', '-sample_fmt', 's32', '-bits_per_raw_sample', '24'],
  },
  { file: '04 Undertow.aiff', title: 'Undertow', seconds: 2, hz: 294, args: ['-write_id3v2', '1'] },
  { file: '05 Sodium.mp3', title: 'Sodium', seconds: 3, hz: 330, args: ['-c:a', 'libmp3lame'] },
  { file: '06 Long Way Round.m4a', title: 'Long Way Round', seconds: 3, hz: 349, args: ['-c:a', 'aac'] },
  { file: '07 Ring Road.m4a', title: 'Ring Road', seconds: 2, hz: 392, args: ['-c:a', 'alac'] },
  {
    file: '08 Half Past Four.ogg',
    title: 'Half Past Four',
    seconds: 3,
    hz: 440,
    args: ['-c:a', 'libvorbis'],
  },
  { file: '09 First Bus.opus', title: 'First Bus', seconds: 3, hz: 494, args: ['-c:a', 'libopus'] },
]

/** A folder as an artist has it: the songs with their tags, and a text that calls itself a song. */
export async function makeAlbum(parent: string): Promise<string> {
  const folder = join(parent, 'Night Drives')
  await mkdir(folder)
  await Promise.all(songs.map((song, at) => makeSong(folder, song, at + 1)))
  await writeFile(join(folder, '10 Liner notes.mp3'), 'Recorded at night, in one take.\n'.repeat(200))
  return folder
}

async function makeSong(folder: string, song: Song, number: number): Promise<void> {
  const { file, title, seconds, hz, rate = 44_100, args } = song
  const tags = { title, artist: 'Mira Vale', album: 'Night Drives', track: number, genre: 'Ambient' }
  await tone(join(folder, file), { hz, seconds, rate, tags, args })
}

interface Tone {
  hz: number
  seconds: number
  rate?: number
  tags?: Record<string, string | number>
  args?: string[]
}

/** A stereo tone that swells, with these tags. */
export async function tone(
  path: string,
  { hz, seconds, rate = 44_100, tags = {}, args = [] }: Tone,
): Promise<void> {
  const wave = `0.5*sin(2*PI*${hz}*t)*(0.4+0.6*abs(sin(PI*t/3)))`
  const source = `aevalsrc=exprs=${wave}|${wave}:duration=${seconds}:sample_rate=${rate}`
  const words = Object.entries(tags).flatMap(([name, value]) => ['-metadata', `${name}=${value}`])
  const quiet = ['-hide_banner', '-loglevel', 'error', '-y']
  await run('ffmpeg', [...quiet, '-f', 'lavfi', '-i', source, ...words, ...args, path])
}
