import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ZipFile } from 'yazl'
import { media as mediaApi } from '#plugins/media'
import { definePlugin } from '#sdk'
import artists from '../plugins/artists/index.ts'
import { createRelease, setCover } from '../plugins/catalog/contract.ts'
import catalog from '../plugins/catalog/index.ts'
import type { MediaApi } from '../plugins/media/contract.ts'
import media from '../plugins/media/index.ts'
import { send } from '../plugins/media/testdata/kit.ts'
import { type TestAccount, type TestApp, testApp } from './kit/app.ts'
import { id3, latinText, makeSounds } from './kit/odd-sounds.ts'
import { mediaOrphans } from './kit/orphans.ts'

interface Context {
  app: TestApp
  api: MediaApi
  ann: TestAccount
  slug: string
  folder: string
  /** A good file of every kind, by name. */
  samples: [name: string, bytes: Buffer][]
}

const seeds = 61
const small = ['-ar', '22050', '-ac', '1']
const titled = ['-metadata', 'title=Fuzz', '-metadata', 'artist=Ann']
const sounds = {
  'a.mp3': [...small, '-b:a', '64k', ...titled],
  'a.flac': [...small, ...titled],
  'a.wav': [...small, ...titled],
  'a.m4a': [...small, '-c:a', 'aac', ...titled],
  'a.ogg': [...small, '-c:a', 'libvorbis', ...titled],
}

const test = suite<Context>('files with flipped bytes')
test.before(async (context) => {
  const probe = definePlugin({
    name: 'probe',
    version: '1.0.0',
    title: 'Probe',
    needs: { media: mediaApi },
    setup: ({ needs }) => {
      context.api = needs.media
    },
  })
  const environment = { VEZA_PLUGINS_MEDIA_PROFILES: 'aac-96' }
  context.app = await testApp({ plugins: [media, artists, catalog, probe], environment })
  context.ann = await context.app.addAccount({ roles: ['artist'] })
  const made = await context.app.as(context.ann).call(createRelease, { body: { title: 'Fuzz' } })
  context.slug = made.body.slug
  context.folder = await mkdtemp(join(tmpdir(), 'veza-fuzz-'))
  const files = await makeSounds(sounds)
  const zip = new ZipFile()
  for (const name of ['a.mp3', 'a.flac']) zip.addBuffer(files[name] as Buffer, `Album/${name}`)
  zip.end()
  const cover = sharp({ create: { width: 90, height: 90, channels: 3, background: '#804020' } })
  context.samples = [
    ...Object.entries(files),
    ['tagged.mp3', Buffer.concat([id3([['TIT2', latinText('x'.repeat(200))]]), files['a.mp3'] as Buffer])],
    ['a.zip', await buffer(zip.outputStream)],
    ['a.png', await cover.png().toBuffer()],
  ]
})
test.after(async ({ app, folder }) => {
  await app?.close()
  await rm(folder, { recursive: true, force: true })
})

/** Numbers of 0 to 1, the same for a seed each time: mulberry32 by Tommy Ettinger, in the public domain. */
function randomOf(seed: number): () => number {
  let state = seed * 2_654_435_761
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One byte in 10,000 to one in 50 is another, half of them among the headers; one file in five is cut as well. */
function flipped(sample: Buffer, random: () => number): Buffer {
  const bytes = Buffer.from(sample)
  const count = Math.max(2, bytes.length * 0.0001 * 200 ** random())
  for (let done = 0; done < count; done++) {
    const within = random() < 0.5 ? Math.min(300, bytes.length) : bytes.length
    bytes[Math.floor(random() * within)] = random() < 0.3 ? 0xff : Math.floor(random() * 256)
  }
  return random() < 0.2 ? bytes.subarray(0, Math.ceil(bytes.length * random())) : bytes
}

/** By the way people take: refused in words, or taken. Says what went wrong. */
async function meet(context: Context, name: string, bytes: Buffer): Promise<string | null> {
  const { app, ann, slug } = context
  if (name.endsWith('.png')) {
    const { status, problem } = await app.as(ann).callRaw(setCover, { params: { slug }, body: bytes })
    return status === 200 || status === 422 ? null : `${status} ${problem}`
  }
  const { status, problem, detail } = await send(app, ann, bytes, { filename: name })
  return status === 204 || (status === 422 && detail) ? null : `${status} ${problem} ${detail}`
}

/** As an import reads them. */
async function look({ api, folder, samples }: Context, seed: number): Promise<string[]> {
  const wrong: string[] = []
  for (const [name, sample] of samples) {
    const path = join(folder, `${seed}-${name}`)
    await writeFile(path, flipped(sample, randomOf(seed)))
    const fault = await api.look({ path, relativePath: name }).then(
      () => null,
      (error: { problem?: { status: number } }) => error,
    )
    if (fault && fault.problem?.status !== 422) wrong.push(`seed ${seed}, ${name}, read: ${fault}`)
    await rm(path)
  }
  return wrong
}

test('end in words or in sound, never in an error, and leave nothing [FILE-03]', async (context) => {
  const { app, samples } = context
  const { db } = app.site.database
  const wrong: string[] = []
  const sentAs = new Map<string, string>()
  for (let seed = 0; seed < seeds; seed++) {
    const [name, sample] = samples[seed % samples.length] as (typeof samples)[number]
    const fault = await meet(context, `${seed}-${name}`, flipped(sample, randomOf(seed)))
    if (fault) wrong.push(`seed ${seed}, ${name}: ${fault}`)
    sentAs.set(`${seed}-${name}`, `seed ${seed}, ${name}`)
    wrong.push(...(await look(context, seed)))
  }
  await app.jobs.drain()
  const assets: { fileName: string; state: string; refusalJson: { name: string } | null }[] =
    await db('media_assets')
  for (const { fileName, state, refusalJson } of assets) {
    const isWell =
      state === 'ready' || (state === 'failed' && refusalJson?.name !== 'media.processing-failed')
    if (!isWell) wrong.push(`${sentAs.get(fileName) ?? fileName}: ${state} ${JSON.stringify(refusalJson)}`)
  }
  assert.equal(wrong, [])
  assert.ok(assets.some(({ state }) => state === 'ready') && assets.some(({ state }) => state === 'failed'))
  assert.equal(await db('jobs').whereNot({ state: 'done' }).select('name', 'state', 'last_error'), [])
  assert.equal(await db('media_uploads').whereNull('done_at'), [])
  assert.equal(await mediaOrphans({ db, storage: app.site.storage }), [])
  assert.equal(await zombies(), [])
})

/** Children of this process that have ended and that nobody asked how. */
async function zombies(): Promise<string[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const stats = await Promise.all(names.map((name) => readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')))
  return stats.filter((stat) => {
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' && Number(parent) === process.pid
  })
}

test.run()
