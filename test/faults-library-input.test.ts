import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ZipFile } from 'yazl'
import { Library } from './kit/library.ts'
import { flacSaying, id3, latinText, makeSounds, pictureFrame, utf16Text } from './kit/odd-sounds.ts'
import { childrenOf } from './kit/processes.ts'
import { type RunningServer, startServer } from './kit/server.ts'

interface Context {
  server: RunningServer
  library: Library
  sounds: Record<string, Buffer>
  /** Nobody may ask it anything. */
  canary: Server
  hits: string[]
  peakMb: number
}

/** `ready` with what is known of it, or why not: the name of the problem, then what its sentences say. */
type Expected = readonly ['ready', object] | readonly ['refused' | 'failed', string, RegExp]
type Case = readonly [name: string, bytes: Buffer, expected: Expected]

const test = suite<Context>('bad files through the front door')
test.before(async (context) => {
  const env = { VEZA_PLUGINS_MEDIA_PROFILES: 'aac-96' }
  context.server = await startServer({ env })
  context.library = await Library.open(context.server)
  context.hits = []
  context.canary = createServer((req, res) => {
    context.hits.push(req.url ?? '')
    res.end('#EXTM3U\n')
  }).listen(0, '127.0.0.1')
  await once(context.canary, 'listening')
  context.sounds = await makeSounds(sounds)
  context.peakMb = await peakOf(context.server.pid)
})
test.after(async ({ server, canary }) => {
  canary?.close()
  await server?.close()
})

const sounds = {
  'a.wav': [],
  'a.flac': [],
  'a.mp3': ['-id3v2_version', '0', '-write_xing', '0'],
  'rf64.wav': ['-rf64', 'always'],
  'float.wav': ['-c:a', 'pcm_f32le'],
  'fast.wav': ['-ar', '192000', '-c:a', 'pcm_s24le'],
  'round.wav': ['-ac', '6'],
  'mono.mp3': ['-ac', '1'],
  'film.mp4': ['-map', '1:v', '-map', '0:a', '-c:v', 'mpeg4', '-c:a', 'aac'],
  'picture.png': ['-map', '1:v', '-frames:v', '1'],
}

/** The most memory it has ever had. */
async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

/** Brings all of them, then looks what became of each. */
async function meet({ library }: Context, cases: readonly Case[]): Promise<void> {
  const told: Awaited<ReturnType<Library['bring']>>[] = []
  for (const [name, bytes] of cases) told.push(await library.bring(name, bytes))
  for (const [at, [name, , expected]] of cases.entries()) {
    const { status, id, problem, title, detail } = told[at] as (typeof told)[number]
    if (expected[0] === 'refused') {
      assert.equal([status, problem], [status === 400 ? 400 : 422, expected[1]], `${name}: ${status}`)
      says(`${name}: ${title} ${detail}`, expected[2])
      continue
    }
    assert.is(status, 204, `${name}: ${problem} ${detail}`)
    const asset = await library.settled(id)
    assert.is(asset.state, expected[0], `${name}: ${JSON.stringify(asset.refusal)}`)
    if (expected[0] === 'ready')
      for (const [field, value] of Object.entries(expected[1]))
        assert.equal(asset[field as keyof typeof asset], value, `${name}: ${field}`)
    else {
      assert.is(asset.refusal?.name, expected[1], name)
      says(`${name}: ${asset.refusal?.title} ${asset.refusal?.detail}`, expected[2])
    }
  }
}

const says = (text: string, wanted: RegExp) => assert.ok(wanted.test(text), `${text} is not ${wanted}`)
const sound = ({ sounds }: Context, name: string) => sounds[name] as Buffer
const notAudio = (says: RegExp) => ['refused', 'media.not-audio', says] as const
const broken = (says: RegExp) => ['failed', 'media.broken-audio', says] as const

test('what is cut off or empty plays as far as it goes, or says why not [FILE-03]', async (context) => {
  const wav = sound(context, 'a.wav')
  const half = (name: string) => sound(context, name).subarray(0, sound(context, name).length / 2)
  const silent = Buffer.from(wav.subarray(0, wav.indexOf('data') + 8))
  silent.writeUInt32LE(0, silent.length - 4)
  await meet(context, [
    ['zero.wav', Buffer.alloc(0), ['refused', 'media.broken-audio', /“zero.wav” is empty/]],
    ['cut.wav', half('a.wav'), ['ready', { isDamaged: true, durationMs: 500 }]],
    ['cut.flac', half('a.flac'), ['ready', { isDamaged: true }]],
    ['cut.mp3', half('a.mp3'), ['ready', { format: 'MP3' }]],
    ['head.flac', sound(context, 'a.flac').subarray(0, 60), broken(/damaged/)],
    ['silent.wav', silent, broken(/holds no audio/)],
  ])
})

test('what is no sound is named, whatever it calls itself [FILE-02] [FILE-03]', async (context) => {
  const words = Buffer.from('Dear label, here is my demo.\n'.repeat(20))
  await meet(context, [
    ['words.mp3', words, notAudio(/is a text/)],
    ['film.mp3', sound(context, 'film.mp4'), notAudio(/is a video/)],
    ['picture.flac', sound(context, 'picture.png'), notAudio(/is a picture/)],
  ])
})

test('playlists that name files and addresses are never followed [FILE-03]', async (context) => {
  const { canary, hits, library } = context
  const address = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`
  const hls = Buffer.from(
    `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXTINF:1,\n${address}/x.ts\n#EXT-X-ENDLIST\n`,
  )
  const concat = Buffer.from(`ffconcat version 1.0\nfile /etc/passwd\nfile ${address}/y\n`)
  const tag = id3([['TIT2', latinText('x')]])
  const mp3Head = sound(context, 'a.mp3').subarray(0, 2000)
  await meet(context, [
    ['list.mp3', hls, notAudio(/playlist/)],
    ['script.wav', concat, notAudio(/text|not known|playlist/)],
    ['tagged.mp3', Buffer.concat([tag, hls]), notAudio(/playlist/)],
    ['script.mp3', Buffer.concat([tag, concat, mp3Head]), ['ready', {}]],
    [
      'wave.wav',
      Buffer.concat([sound(context, 'a.wav').subarray(0, 44), hls]),
      broken(/stops before its end/),
    ],
  ])
  assert.equal(hits, [])
  await library.withDatabase(async (db) => {
    assert.not.match(JSON.stringify(await db('media_assets')), /root:x:/)
  })
})

test('archives lead nowhere and do not grow [FILE-03]', async (context) => {
  const zip = async (name: string, bytes: Buffer) => {
    const archive = new ZipFile()
    archive.addBuffer(bytes, name)
    archive.end()
    return buffer(archive.outputStream)
  }
  const plain = await zip('xx/xx/xx/away.wav', sound(context, 'a.wav'))
  const slip = Buffer.from(plain.toString('latin1').replaceAll('xx/xx/xx', '../../..'), 'latin1')
  const bomb = await zip('bomb.wav', Buffer.concat([sound(context, 'a.wav'), Buffer.alloc(200 << 20)]))
  const bad = (says: RegExp) => ['failed', 'media.bad-archive', says] as const
  await meet(context, [
    ['slip.zip', slip, bad(/no program should unpack/)],
    ['bomb.zip', bomb, bad(/more than its own size/)],
  ])
})

test('the odd formats of studios are taken [FILE-02]', async (context) => {
  const flac = sound(context, 'a.flac')
  await meet(context, [
    ['rf64.wav', sound(context, 'rf64.wav'), ['ready', { isDamaged: false, durationMs: 1000 }]],
    ['float.wav', sound(context, 'float.wav'), ['ready', { bitDepth: 32 }]],
    ['fast.wav', sound(context, 'fast.wav'), ['ready', { sampleRate: 192_000 }]],
    ['round.wav', sound(context, 'round.wav'), ['ready', { channels: 6 }]],
    ['mono.mp3', sound(context, 'mono.mp3'), ['ready', { channels: 1 }]],
    ['liar.flac', flacSaying(44_100 * 3600, flac), ['ready', { isDamaged: true, durationMs: 1000 }]],
    ['modest.flac', flacSaying(4410, flac), ['ready', { isDamaged: false, durationMs: 1000 }]],
    ['day.flac', flacSaying(44_100 * 86_400, flac), ['failed', 'media.too-long', /too long|longer/]],
  ])
})

test('tags of any size and alphabet are read, or left out [FILE-04] [FILE-03]', async (context) => {
  const mp3 = sound(context, 'a.mp3')
  const tagged = (...frames: [string, Buffer][]) => Buffer.concat([id3(frames), mp3])
  const pictures = Array.from(
    { length: 5 },
    () => ['APIC', pictureFrame(Buffer.alloc(10 << 20, 1))] as [string, Buffer],
  )
  await meet(context, [
    ['huge.mp3', tagged(['TIT2', latinText('Huge')], ...pictures), ['ready', { title: 'Huge' }]],
    ['latin.mp3', tagged(['TIT2', latinText('Übermut à Noël')]), ['ready', { title: 'Übermut à Noël' }]],
    ['wide.mp3', tagged(['TIT2', utf16Text('夜航 Ночь')]), ['ready', { title: '夜航 Ночь' }]],
  ])
})

test('names are words and never places [FILE-02]', async (context) => {
  const stray = `veza-escape-${randomUUID()}.wav`
  const wav = sound(context, 'a.wav')
  const shown = (fileName: string) => ['ready', { fileName }] as const
  await meet(context, [
    [`../../../../../../../../tmp/${stray}`, wav, shown(stray)],
    [`..\\..\\${stray}`, wav, shown(stray)],
    [`C:\\x\\${stray}`, wav, shown(stray)],
    [`/tmp/${stray}`, wav, shown(stray)],
    ['a\0b\nc\r.wav', wav, shown('abc.wav')],
    [`gpj.${String.fromCharCode(0x202e)}wav`, wav, shown('gpj.wav')],
    ['x'.repeat(5000), wav, ['refused', 'malformed', /4 kB/]],
    ['-i -f lavfi $(id) `id`.wav', wav, shown('-i -f lavfi $(id) `id`.wav')],
  ])
  const { server } = context
  for (const folder of [tmpdir(), '/', process.cwd(), server.dataDir, join(server.dataDir, '..')])
    assert.not.ok(
      (await readdir(folder)).some((name) => name.includes('veza-escape')),
      folder,
    )
  const all = await readdir(server.dataDir, { recursive: true })
  assert.equal(
    all.filter((name) => /escape|passwd|away\.wav/.test(name)),
    [],
  )
})

test('all that costs no memory that stays, no process, no file, and the server goes on [FILE-03]', async (context) => {
  const { library, server, peakMb } = context
  assert.is(await library.ready(), 200)
  const after = await peakOf(server.pid)
  assert.ok(after < peakMb + 256, `${Math.round(peakMb)} MB before, ${Math.round(after)} MB at most`)
  assert.equal(await library.orphans(), [])
  assert.equal(await library.storedAt('media/work'), [])
  assert.equal(await childrenOf(server.pid, 'ff'), [])
  assert.not.match(server.output(), /"level":"(?:error|fatal)"/)
})

test.run()
