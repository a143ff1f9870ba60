import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { formatOf, headLength, sniff, sniffFile } from './sniff.ts'
import {
  box,
  chunk,
  id3,
  jpeg,
  latin,
  mp3Frames,
  oggPage,
  pictureFrame,
  textFrame,
} from './testdata/bytes.ts'
import { ffmpeg, formats, makeTones, temporary } from './testdata/media.ts'
import type { Sniffed } from './types.ts'

const test = suite<{ folder: string; remove: () => Promise<void> }>('what a file is')
test.before(async (context) => {
  Object.assign(context, await temporary())
  await makeTones(context.folder, { title: 'A song' })
})
test.after(({ remove }) => remove())

const otherOf = (sniffed: Sniffed) => ('other' in sniffed ? sniffed.other : sniffed.kind)

async function write(folder: string, name: string, bytes: Buffer): Promise<string> {
  await writeFile(join(folder, name), bytes)
  return join(folder, name)
}

test('tells every format by its content and never by its name [FILE-02]', async ({ folder }) => {
  for (const { name, kind } of formats) {
    const bytes = await readFile(join(folder, `tone-${name}`))
    assert.equal(sniff(bytes.subarray(0, headLength)), { kind }, name)
    const path = await write(folder, 'renamed.txt', bytes)
    assert.equal(await sniffFile(path), { kind }, name)
  }
})

test('names the demuxer so that ffmpeg opens the file without guessing [FILE-02]', async ({ folder }) => {
  for (const { name, kind } of formats)
    await ffmpeg(folder, ['-f', formatOf(kind), '-i', `tone-${name}`, '-f', 'null', '-'])
})

test('refuses videos in every container, MP4 with its description at the end too [FILE-02]', async ({
  folder,
}) => {
  const codecs: [name: string, ...args: string[]][] = [
    ['video.mp4', '-c:v', 'libx264', '-c:a', 'aac'],
    ['plain.mp4', '-c:v', 'mpeg4', '-c:a', 'aac'],
    ['video.mov', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-c:a', 'pcm_s16le'],
    ['video.mkv', '-c:v', 'libx264', '-c:a', 'aac'],
    ['video.webm', '-c:v', 'libvpx', '-c:a', 'libopus'],
    ['video.avi', '-c:v', 'mpeg4', '-c:a', 'libmp3lame'],
    ['video.ogv', '-c:v', 'libtheora', '-c:a', 'libvorbis'],
    ['video.flv', '-c:v', 'flv', '-c:a', 'libmp3lame', '-ar', '44100'],
    ['video.ts', '-c:v', 'mpeg2video', '-c:a', 'mp2'],
    ['video.mpg', '-c:v', 'mpeg2video', '-c:a', 'mp2'],
    ['video.wmv', '-c:v', 'wmv2', '-c:a', 'wmav2'],
  ]
  await ffmpeg(folder, [
    ...['-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=25:duration=1', '-f', 'lavfi', '-i', 'sine=duration=1'],
    ...codecs.flatMap(([name, ...args]) => ['-map', '0', '-map', '1', ...args, '-t', '0.5', name]),
  ])
  for (const [name] of codecs) assert.is(otherOf(await sniffFile(join(folder, name))), 'video', name)
})

test('names what it does not take: audio of other formats, pictures, archives, texts [FILE-02] [FILE-03]', async ({
  folder,
}) => {
  const cases: [bytes: Buffer, other: string][] = [
    [Buffer.alloc(0), 'empty'],
    [Buffer.alloc(1000), 'unknown'],
    [latin('A song in words.\n'.repeat(50)), 'text'],
    [Buffer.from('\ufeffWörter', 'utf16le'), 'text'],
    [latin('<?php system($_GET["x"]); ?>'), 'text'],
    [latin('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'picture'],
    [latin('PK\x03\x04rest'), 'archive-zip'],
    [latin('MThd\0\0\0\x06'), 'midi'],
    [chunk('RIFF', latin('RMIDdata')), 'midi'],
    [chunk('RIFF', latin('WEBPVP8 ')), 'picture'],
    [jpeg(100), 'picture'],
    [box('ftyp', latin('avif\0\0\0\0')), 'picture'],
    [latin('%PDF-1.7'), 'unknown'],
    [latin('\x1a\x45\xdf\xa3 matroska A_OPUS'), 'unknown'],
    [latin('\x7fELF\x02\x01'), 'unknown'],
    [oggPage(1, 2, [latin('Speex   1.2')]), 'unknown'],
    [Buffer.concat([id3(4, [textFrame('TIT2', 'x')]), latin('MZ\x90 a program with a tag')]), 'unknown'],
    [Buffer.concat([id3(4, [textFrame('TIT2', 'x')]), latin('RIFF\x04\0\0\0WAVE')]), 'unknown'],
  ]
  for (const [index, [bytes, other]] of cases.entries()) {
    assert.is(otherOf(sniff(bytes)), other, `case ${index}`)
    assert.is(otherOf(await sniffFile(await write(folder, 'case', bytes))), other, `case ${index} as a file`)
  }
})

test('a playlist that calls itself an MP3 is a playlist, so that ffmpeg never follows it [FILE-02]', () => {
  const playlists = [
    '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n',
    '\ufeff  #EXTM3U\nhttp://127.0.0.1/x',
    '[playlist]\nFile1=http://127.0.0.1/x',
    'ffconcat version 1.0\nfile /etc/passwd',
    '<?xml version="1.0"?><playlist version="1"/>',
    '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>',
  ]
  for (const text of playlists) assert.equal(sniff(Buffer.from(text)), { other: 'playlist' })
})

test('looks behind a tag that is longer than the head [FILE-02]', async ({ folder }) => {
  const tag = id3(3, [pictureFrame(3, jpeg(300_000))])
  const song = Buffer.concat([tag, mp3Frames(4)])
  assert.equal(sniff(song.subarray(0, headLength)), { kind: 'mp3' })
  assert.equal(await sniffFile(await write(folder, 'song', song)), { kind: 'mp3' })
  const flac = Buffer.concat([tag, latin('fLaC\0\0\0\x22'), Buffer.alloc(34)])
  assert.equal(await sniffFile(await write(folder, 'flac', flac)), { kind: 'flac' })
  const other = Buffer.concat([tag, Buffer.alloc(5000, 7)])
  assert.is(otherOf(await sniffFile(await write(folder, 'other', other))), 'unknown')
  assert.is(otherOf(await sniffFile(await write(folder, 'cut', tag.subarray(0, 100_000)))), 'unknown')
})

test('wants two frames that agree before it calls bytes an MP3 [FILE-02]', () => {
  assert.equal(sniff(mp3Frames(2)), { kind: 'mp3' })
  assert.equal(sniff(Buffer.concat([Buffer.alloc(500), mp3Frames(2)])), { kind: 'mp3' })
  assert.equal(sniff(Buffer.concat([Buffer.alloc(900, 0x55), mp3Frames(4)])), { kind: 'mp3' })
  assert.is(otherOf(sniff(mp3Frames(1))), 'unknown')
  const uneven = mp3Frames(2)
  uneven[417 + 2] = 0x94
  assert.is(otherOf(sniff(uneven)), 'unknown')
  const aac = Buffer.alloc(200)
  for (const at of [0, 100]) latin('\xff\xf1\x50\x80\x0c\x80\xfc').copy(aac, at)
  assert.equal(sniff(aac), { other: 'unknown', name: 'AAC without a container' })
})

test.run()
