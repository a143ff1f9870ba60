import { execFileSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const kinds = [
  { ending: 'mp3', args: ['-c:a', 'libmp3lame', '-b:a', '128k', '-id3v2_version', '4'] },
  { ending: 'flac', args: ['-c:a', 'flac'] },
] as const
const marked = { title: 'Song 000000', album: 'Album 000000', artist: 'Artist 000000' }

/**
 * So many tagged files of two seconds with a cover in them, ten an album, MP3 and FLAC by turns; each has its own sound
 * and its own names. Made of one file of a kind by changing bytes.
 */
export async function layShortFiles(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true })
  const bases = kinds.map(({ ending, args }) => base(folder, ending, args))
  const files = await Promise.all(bases.map((path) => readFile(path)))
  for (let album = 0; album * 10 < count; album++) {
    const place = join(folder, `Artist ${album % 20}`, `Album ${album}`)
    await mkdir(place, { recursive: true })
    const at = album % kinds.length
    for (let track = 0; track < 10 && album * 10 + track < count; track++)
      await writeFile(
        join(place, `${String(track + 1).padStart(2, '0')}.${kinds[at]?.ending}`),
        changed(files[at] ?? Buffer.alloc(0), album, track),
      )
  }
  execFileSync('rm', bases)
}

function base(folder: string, ending: string, args: readonly string[]): string {
  const path = join(folder, `base.${ending}`)
  const noise = 'anoisesrc=d=2:c=pink:a=0.3:r=44100'
  const picture = 'testsrc2=s=600x600:d=0.04'
  const tags = Object.entries({ ...marked, genre: 'Techno', date: '2024', ISRC: 'USABC2100001' })
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', noise, '-f', 'lavfi', '-i', picture],
    ...['-map', '0:a', '-map', '1:v', '-frames:v', '1', '-c:v', 'mjpeg', '-disposition:v', 'attached_pic'],
    ...[...args, ...tags.flatMap(([name, value]) => ['-metadata', `${name}=${value}`]), path],
  ])
  return path
}

function changed(file: Buffer, album: number, track: number): Buffer {
  const bytes = Buffer.from(file)
  const names = { ...marked, title: album * 10 + track, album, artist: album % 20 }
  for (const [name, text] of Object.entries(marked)) {
    const value = String(names[name as keyof typeof names]).padStart(6, '0')
    const at = bytes.indexOf(text)
    if (at < 0) throw new Error(`ffmpeg wrote no ${name}.`)
    bytes.write(`${text.slice(0, -6)}${value}`, at)
  }
  bytes.writeUInt32LE(album * 10 + track, bytes.length - 200)
  return bytes
}
