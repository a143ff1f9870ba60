import { execFile } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const ffmpeg = (folder: string, args: string[]) =>
  run('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', ...args], { cwd: folder })

interface Sound {
  name: string
  tags?: Record<string, string>
  hasCover?: boolean
}

/** What `makeTree` lays down, in the order in which it is walked. */
const sounds: Sound[] = [
  ...[1, 2].map((number) => ({
    name: `Ann/2021 - First/0${number} - file.flac`,
    hasCover: true,
    tags: {
      title: `Song ${number}`,
      artist: 'Ann',
      album_artist: 'Ann',
      album: 'First',
      // The first file, with which the cover beside them goes, is not the first track.
      track: `${3 - number}/2`,
      date: '2021-03-04',
      genre: 'Techno',
      ISRC: `USABC210000${number}`,
    },
  })),
  ...[1, 2].map((disc) => ({
    name: `Ann/Double/CD${disc}/01.mp3`,
    tags: { title: `Disc ${disc}`, artist: 'Ann feat. Bob', album: 'Double', track: '1' },
  })),
  ...['Xa', 'Ya'].map((artist, at) => ({
    name: `Mixed/0${at + 1}.m4a`,
    tags: { title: `By ${artist}`, artist, album: 'Mixed', track: String(at + 1), compilation: '1' },
  })),
  { name: 'Björk/2001 – “Vespertine”/03 - Ünï\n日本.ogg' },
  { name: 'Solo Artist - Loose.mp3' },
]

const codecs: Record<string, string[]> = {
  flac: ['-c:a', 'flac'],
  mp3: ['-c:a', 'libmp3lame', '-b:a', '64k'],
  m4a: ['-c:a', 'aac', '-b:a', '64k'],
  ogg: ['-c:a', 'libvorbis'],
}

/** A third of a second each, every one of its own pitch, with tags and pictures, and what is no sound. */
export async function makeTree(root: string): Promise<void> {
  for (const { name } of sounds) await mkdir(join(root, dirname(name)), { recursive: true })
  const red = ['-f', 'lavfi', '-i', 'color=red:size=64x64:d=0.04']
  const inputs = sounds.flatMap((_sound, at) => [
    ...['-f', 'lavfi', '-i', `sine=frequency=${300 + 50 * at}:duration=0.3`],
  ])
  const outputs = sounds.flatMap(({ name, tags = {}, hasCover }, at) => [
    ...['-map', `${at + 1}:a`, '-fflags', '+bitexact', ...(codecs[name.split('.').at(-1) ?? ''] ?? [])],
    ...(hasCover ? ['-map', '0:v', '-frames:v', '1', '-c:v', 'mjpeg', '-disposition:v', 'attached_pic'] : []),
    ...Object.entries(tags).flatMap(([key, value]) => ['-metadata', `${key}=${value}`]),
    name,
  ])
  await ffmpeg(root, [...red, ...inputs, ...outputs])
  const blue = 'color=blue:size=64x64'
  await ffmpeg(root, ['-f', 'lavfi', '-i', blue, '-frames:v', '1', 'Ann/2021 - First/cover.jpg'])
}

/** Beside them what cannot be imported, each of another kind. */
export async function addBadFiles(root: string): Promise<void> {
  const bad = join(root, 'bad')
  await mkdir(join(bad, 'CD1'), { recursive: true })
  const video = ['-f', 'lavfi', '-i', 'testsrc=d=0.2:s=64x64', '-f', 'lavfi', '-i', 'sine=d=0.2', '-shortest']
  await ffmpeg(bad, [...video, '-c:v', 'mpeg4', '-c:a', 'aac', 'video.mp4'])
  const whole = await readFile(join(root, 'Ann/2021 - First/01 - file.flac'))
  await writeFile(join(bad, 'damaged.flac'), whole.subarray(0, 42))
  await writeFile(join(bad, 'empty.mp3'), '')
  await writeFile(join(bad, 'text.mp3'), 'Dear diary,\n'.repeat(200))
  await writeFile(join(bad, 'album.zip'), 'PK\u0003\u0004')
  await writeFile(join(bad, 'back.jpg'), 'x')
  await writeFile(join(bad, '.hidden.mp3'), 'x')
  await writeFile(join(bad, 'Thumbs.db'), 'x')
  await writeFile(Buffer.concat([Buffer.from(`${bad}/caf`), Buffer.of(0xe9), Buffer.from('.mp3')]), 'x')
  await symlink('/etc/passwd', join(bad, 'link.mp3'))
  await symlink('/etc', join(bad, 'outside'))
  await run('mkfifo', [join(bad, 'pipe.mp3')])
}

/** Every file with its size, times of change and content, to see that nothing is different afterwards. */
export async function snapshotOf(root: string): Promise<string[]> {
  const names = await readdir(root, { recursive: true })
  return Promise.all(
    names.sort().map(async (name) => {
      const { size, mtimeMs, ctimeMs, mode } = await stat(join(root, name))
      return JSON.stringify([name, size, mtimeMs, ctimeMs, mode])
    }),
  )
}

/** Nobody may write into it; undone by `isOpen`. */
export async function closeTree(root: string, isOpen: boolean): Promise<void> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true }))
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() || isOpen ? 0o755 : 0o444)
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true }))
    if (entry.isDirectory() && !isOpen) await chmod(join(entry.parentPath, entry.name), 0o555)
  await chmod(root, isOpen ? 0o755 : 0o555)
}

/** One more sound, as ffmpeg is told. */
export async function makeSound(
  root: string,
  name: string,
  args: string[] = [],
  hertz = 1234,
): Promise<void> {
  await mkdir(join(root, dirname(name)), { recursive: true })
  await ffmpeg(root, ['-f', 'lavfi', '-i', `sine=frequency=${hertz}:duration=0.3`, ...args, name])
}

/** The same sound with another title. */
export async function retagFile(root: string, name: string, title: string): Promise<void> {
  const ending = name.slice(name.lastIndexOf('.'))
  await ffmpeg(root, ['-i', name, '-map', '0', '-c', 'copy', '-metadata', `title=${title}`, `new${ending}`])
  await run('mv', [join(root, `new${ending}`), join(root, name)])
}
