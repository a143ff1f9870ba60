import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { AudioKind } from '../types.ts'

const run = promisify(execFile)

export interface Format {
  name: string
  kind: AudioKind
  codec: string[]
  hasCover: boolean
}

const format = (name: string, kind: AudioKind, codec: string[], hasCover = false): Format => ({
  name,
  kind,
  codec,
  hasCover,
})

/** Every format the library takes, as ffmpeg makes it. */
export const formats: Format[] = [
  format('cbr.mp3', 'mp3', ['-c:a', 'libmp3lame', '-b:a', '128k'], true),
  format(
    'vbr.mp3',
    'mp3',
    ['-c:a', 'libmp3lame', '-q:a', '4', '-id3v2_version', '3', '-write_id3v1', '1'],
    true,
  ),
  format('pcm.wav', 'wav', ['-c:a', 'pcm_s24le']),
  format('wide.wav', 'wav', ['-c:a', 'pcm_f32le', '-rf64', 'always']),
  format('flac.flac', 'flac', ['-c:a', 'flac'], true),
  format('aiff.aiff', 'aiff', ['-write_id3v2', '1'], true),
  format('vorbis.ogg', 'ogg', ['-c:a', 'libvorbis']),
  format('opus.opus', 'ogg', ['-c:a', 'libopus']),
  format('flac.oga', 'ogg', ['-c:a', 'flac']),
  format('aac.m4a', 'm4a', ['-c:a', 'aac'], true),
  format('alac.m4a', 'm4a', ['-c:a', 'alac', '-movflags', '+faststart'], true),
  format('parts.mp4', 'm4a', [
    '-c:a',
    'aac',
    '-movflags',
    'frag_keyframe+empty_moov',
    '-frag_duration',
    '200000',
  ]),
]

/** What ffmpeg must be told again when it copies. */
const muxing = (codec: string[]) =>
  codec.slice(codec[0] === '-c:a' ? 2 : 0).filter((_, index, all) => !isQuality(all, index))
const isQuality = (all: string[], index: number) =>
  /^-(?:b:a|q:a)$/.test(all[index]!) || /^-(?:b:a|q:a)$/.test(all[index - 1] ?? '')

export async function ffmpeg(folder: string, args: string[]): Promise<void> {
  await run('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', ...args], { cwd: folder })
}

export async function temporary(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'veza-reading-'))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** One second of a tone in every format, as `tone-NAME`, with the tags. */
export async function makeTones(
  folder: string,
  tags: Record<string, string> = {},
  hertz = 440,
): Promise<void> {
  await ffmpeg(folder, [
    ...['-f', 'lavfi', '-i', `sine=frequency=${hertz}:duration=1`],
    ...formats.flatMap(({ name, codec }) => ['-map', '0', ...codec, ...metadata(tags), `tone-${name}`]),
  ])
}

/** The same audio with other tags and, where the format has one, a cover, as `retagged-NAME`. */
export async function retag(folder: string, tags: Record<string, string>): Promise<void> {
  await ffmpeg(folder, ['-f', 'lavfi', '-i', 'color=red:size=600x600', '-frames:v', '1', 'cover.jpg'])
  const inputs = formats.flatMap(({ name }) => ['-i', `tone-${name}`])
  const outputs = formats.flatMap(({ name, codec, hasCover }, index) => [
    ...['-map', `${index + 1}:a`, '-c:a', 'copy', ...muxing(codec)],
    ...(hasCover ? ['-map', '0:v', '-c:v', 'copy', '-disposition:v', 'attached_pic'] : []),
    ...[...metadata(tags), `retagged-${name}`],
  ])
  await ffmpeg(folder, ['-i', 'cover.jpg', ...inputs, ...outputs])
}

const metadata = (tags: Record<string, string>) =>
  Object.entries(tags).flatMap(([name, value]) => ['-metadata', `${name}=${value}`])
