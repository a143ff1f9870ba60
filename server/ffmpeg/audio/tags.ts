import { access, constants } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { runFfmpeg } from '../run.ts'
import { addFreeform } from './freeform.ts'
import { inputArgs } from './input.ts'
import { pictureBlock, pictureFormat } from './picture.ts'
import { namesFor, type TagPairs } from './tag-names.ts'
import type { TagFormat, WriteTagsOptions } from './types.ts'

const muxers: Record<TagFormat, string[]> = {
  mp3: ['-id3v2_version', '4', '-write_id3v1', '0', '-f', 'mp3'],
  flac: ['-f', 'flac'],
  ogg: ['-f', 'ogg'],
  opus: ['-f', 'opus'],
  m4a: ['-f', 'ipod'],
}

/**
 * Copies the sound into a new file with these tags and this cover and none of those it had; encoded sound stays as it
 * is, gapless data too. Throws FfmpegError, as for sound the container cannot hold; the target is then to be removed.
 */
export async function writeTags(source: string, target: string, options: WriteTagsOptions): Promise<void> {
  const { format, gapless, coverPath } = options
  await access(source, constants.R_OK)
  const { common, freeform } = namesFor(format, options.tags)
  const isOgg = format === 'ogg' || format === 'opus'
  const pairs = [...common]
  if (isOgg && coverPath) pairs.push(['METADATA_BLOCK_PICTURE', await pictureBlock(coverPath)])
  // Ogg has its comments in the stream, the others in the file.
  const into = isOgg ? ['-map_metadata:s:a:0', '1:g'] : ['-map_metadata', '1:g']
  const args = [
    // Told to begin before 0, the muxer says in its edit list what is not to be heard.
    ...(gapless ? ['-itsoffset', String(-gapless.encoderDelay / gapless.sampleRate)] : []),
    ...[...inputArgs(source), '-f', 'ffmetadata', '-i', 'pipe:0'],
    ...(coverPath && !isOgg ? ['-f', await pictureFormat(coverPath), '-i', `file:${coverPath}`] : []),
    ...['-map', '0:a:0', '-map_metadata', '-1', '-map_chapters', '-1', ...into, '-c', 'copy'],
    ...(coverPath && !isOgg ? coverArgs : []),
    ...['-fflags', '+bitexact', ...muxers[format], `file:${target}`],
  ]
  const signal = options.signal ? { signal: options.signal } : {}
  await runFfmpeg(args, { ...signal, input: Readable.from([metadataFile(pairs)]), timeoutMs: 600_000 })
  if (format === 'm4a') await addFreeform(target, [...freeform, ...(gapless ? [smpb(gapless)] : [])])
}

const coverArgs = [
  '-map',
  '2:v:0',
  '-disposition:v:0',
  'attached_pic',
  '-metadata:s:v:0',
  'comment=Cover (front)',
]

/** Through standard input: a picture is longer than an argument may be. */
function metadataFile(pairs: TagPairs): Buffer {
  const escaped = (text: string) => text.replace(/[=;#\\\n]/g, '\\$&')
  const lines = pairs.map(([name, value]) => `${escaped(name)}=${escaped(value.replaceAll('\r', ''))}`)
  return Buffer.from([';FFMETADATA1', ...lines, ''].join('\n'))
}

/** Delay, padding and length in hexadecimal, as iTunes writes them. */
function smpb({ encoderDelay, sampleCount }: NonNullable<WriteTagsOptions['gapless']>): TagPairs[number] {
  const frame = 1_024
  const padding = (frame - ((encoderDelay + sampleCount) % frame)) % frame
  const hex = (value: number, digits = 8) => value.toString(16).toUpperCase().padStart(digits, '0')
  const zeros = Array.from({ length: 8 }, () => hex(0)).join(' ')
  return ['iTunSMPB', ` ${hex(0)} ${hex(encoderDelay)} ${hex(padding)} ${hex(sampleCount, 16)} ${zeros}`]
}
