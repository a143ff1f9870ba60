import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { runFfmpeg, streamFfmpeg } from '#ffmpeg'
import { until } from '../ingest/test-kit.ts'
import { type DecoderProgram, readerOf, type SoundReader } from './decoder.ts'

const test = suite<{ readers: SoundReader[] }>('decoders of Icecast sources')
test.before.each((context) => {
  context.readers = []
})
test.after.each(({ readers }) => {
  for (const reader of readers) reader.stop()
})

/** A reader with what came out of it and the programs it ran. */
function decoder(readers: SoundReader[], codec: 'mp3' | 'ogg') {
  const heard = { frames: 0, unsupported: '', titles: [] as string[] }
  const programs: DecoderProgram[] = []
  const reader = readerOf(codec, {
    start: async (args, options) => {
      const program = await streamFfmpeg(args, options)
      programs.push(program)
      return program
    },
    onTitle: (title) => heard.titles.push(title),
    onTrouble: () => undefined,
    sink: {
      config: () => undefined,
      frame: () => void heard.frames++,
      unsupported: (what) => {
        heard.unsupported = what
      },
    },
  })
  readers.push(reader)
  return { reader, heard, programs }
}

test('a decoder that died is replaced, and knows the head of an Ogg stream from before [LIVE-05]', async ({
  readers,
}) => {
  const args =
    '-f lavfi -i sine=duration=20 -metadata title=Long -c:a libvorbis -page_duration 100000 -f ogg pipe:1'
  const sound = await runFfmpeg(args.split(' '))
  const { reader, heard, programs } = decoder(readers, 'ogg')
  const third = Math.floor(sound.length / 3)
  reader.push(sound.subarray(0, third))
  await until(() => heard.frames > 50, 'frames of the first')
  programs[0]!.kill()
  await until(() => programs.length === 2, 'another one')
  const before = heard.frames
  reader.push(sound.subarray(third, 2 * third))
  await until(() => heard.frames > before + 50, 'frames of the second')
  assert.equal([heard.unsupported, heard.titles], ['', ['Long']])
})

test('sound that no decoder can read is turned away after a few attempts', async ({ readers }) => {
  const { reader, heard, programs } = decoder(readers, 'ogg')
  const feed = setInterval(() => reader.push(Buffer.from('OggS and then nothing of the kind'.repeat(40))), 20)
  feed.unref()
  const kill = setInterval(() => programs.at(-1)?.kill(), 50)
  await until(() => heard.unsupported !== '', 'the end of patience')
  clearInterval(feed)
  clearInterval(kill)
  assert.equal([heard.unsupported, heard.frames, programs.length], ['Ogg that cannot be decoded', 0, 5])
  assert.is(reader.pendingBytes, 0)
})

test.run()
