import { parseBuffer } from 'music-metadata'
import sharp from 'sharp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import type { TestAccount } from '../../test/kit/app.ts'
import { mediaOrphans } from '../../test/kit/orphans.ts'
import type { DownloadFormat, MediaApi } from './contract.ts'
import { openDesk } from './open-desk.ts'
import { sweep } from './sweep.ts'
import { type MediaApp, mediaApp, send, tone } from './testdata/kit.ts'

interface Context extends MediaApp {
  ann: TestAccount
  lossless: string
  lossy: string
}

const test = suite<Context>('downloads')
test.before(async (context) => {
  Object.assign(context, await mediaApp({ environment: { VEZA_PLUGINS_MEDIA_PROFILES: 'aac-256' } }))
  const { app, folder, ctx } = context
  context.ann = await app.addAccount({ roles: ['artist'] })
  const sent = async (name: string) => (await send(app, context.ann, await tone(folder, name))).id
  context.lossless = await sent('a.flac')
  context.lossy = await sent('a.mp3')
  const cover = sharp({ create: { width: 32, height: 32, channels: 3, background: '#804020' } })
  await ctx.storage.write('test/cover.jpg', await cover.jpeg().toBuffer())
  await app.jobs.drain()
})
test.after((context) => context.close())

const tags = {
  TITLE: 'Nachtflug',
  ARTIST: ['Ann', 'Ben'],
  ALBUM: 'Ferne',
  ISRC: 'DEA123456789',
  REPLAYGAIN_TRACK_GAIN: '-6.50 dB',
}
const wishOf = (assetId: string, format: DownloadFormat): Parameters<MediaApi['download']>[0] => ({
  assetId,
  format,
  tags,
  coverKey: 'test/cover.jpg',
  fileName: '01 – Ann & Ben: “Nachtflug”',
})

async function taken({ api, app }: Context, wish: Parameters<MediaApi['download']>[0]): Promise<string> {
  assert.equal(await api.download(wish), { state: 'preparing' })
  await app.jobs.drain()
  const answer = await api.download(wish)
  assert.is(answer.state, 'ready')
  return answer.state === 'ready' ? answer.url : ''
}

test('every format has its tags and cover, a name to save it by, and is made once [FILE-04]', async (context) => {
  const { app, ctx, lossless } = context
  const types = {
    flac: ['flac', 'audio/flac'],
    'mp3-320': ['mp3', 'audio/mpeg'],
    'mp3-v0': ['mp3', 'audio/mpeg'],
    opus: ['opus', 'audio/ogg'],
    'aac-256': ['m4a', 'audio/mp4'],
  } as const
  for (const [format, [ending, type]] of Object.entries(types)) {
    const url = await taken(context, wishOf(lossless, format as DownloadFormat))
    const response = await app.request(url)
    assert.equal([response.status, response.headers.get('content-type')], [200, type], format)
    const disposition = response.headers.get('content-disposition') ?? ''
    assert.match(disposition, /^attachment; filename="01[^"]*"; filename\*=UTF-8''01%20%E2%80%93%20Ann/)
    assert.ok(decodeURIComponent(disposition).endsWith(`“Nachtflug”.${ending}`), disposition)
    const { common, format: read } = await parseBuffer(Buffer.from(await response.arrayBuffer()), {
      mimeType: type,
    })
    assert.equal(
      [common.title, common.artists?.join('; '), common.album, common.isrc?.[0], common.picture?.[0]?.format],
      ['Nachtflug', 'Ann; Ben', 'Ferne', 'DEA123456789', 'image/jpeg'],
      format,
    )
    assert.ok(Math.abs((read.duration ?? 0) - 1) < 0.06, `${format}: ${read.duration} s`)
  }
  const made = await ctx.db('media_renditions').where({ assetId: lossless })
  assert.equal(made.map((row: { profile: string }) => row.profile).sort(), [
    'aac-256',
    'flac-file',
    'mp3-320',
    'mp3-v0',
    'opus-160',
  ])
  await taken(context, { ...wishOf(lossless, 'opus'), tags: { TITLE: 'Other' }, coverKey: null })
  assert.is((await ctx.db('media_renditions').where({ assetId: lossless })).length, 5)
  assert.is((await ctx.db('media_downloads').where({ assetId: lossless })).length, 6)
  assert.equal(await mediaOrphans(ctx), [])
})

test('the original comes byte for byte, under the name that is asked for [FILE-04]', async (context) => {
  const { app, api, ctx, lossy } = context
  const answer = await api.download({ ...wishOf(lossy, 'original'), fileName: '../../evil" \r\nx: y' })
  const url = answer.state === 'ready' ? answer.url : ''
  const response = await app.request(url)
  assert.match(
    response.headers.get('content-disposition') ?? '',
    /^attachment; filename="[\w .:-]+mp3"; filename\*=UTF-8''[^\s"/\\]+mp3$/,
  )
  assert.is(response.headers.get('x'), null)
  const stored = await (await ctx.storage.read(`media/${lossy}/original.mp3`))?.stream.toArray()
  assert.ok(Buffer.from(await response.arrayBuffer()).equals(Buffer.concat(stored ?? [])))
  const part = await app.request(url, { headers: { range: 'bytes=0-9' } })
  assert.equal([part.status, part.headers.get('content-length')], [206, '10'])
})

test('addresses of downloads lead nowhere else [SEC-11]', async (context) => {
  const { app, api, lossless, lossy } = context
  const answer = await api.download(wishOf(lossless, 'original'))
  const url = answer.state === 'ready' ? answer.url : ''
  const [, prefix, token = '', id = '', file, name] = url.split('/')
  const [expiry = '', signature] = token.split('.')
  const later = (Number.parseInt(expiry, 36) + 60).toString(36)
  for (const wrong of [
    `/${prefix}/${token}/${lossy}/original.mp3/${name}`,
    `/${prefix}/${token}/${id}/${file}/other.flac`,
    `/${prefix}/${later}.${signature}/${id}/${file}/${name}`,
    `/${prefix}/${token}/${id}/..%2foriginal.flac/${name}`,
    `/${prefix}/${token}/../uploads/${id}/${name}`,
    `/${prefix}/${token}/${id}/${file}/%`,
    `/${prefix}/${token}`,
  ])
    assert.is((await app.request(wrong)).status, 403, wrong)
  assert.is((await app.request(url, { method: 'POST' })).status, 405)
  assert.is((await app.request(url)).status, 200)
})

test('what cannot be made says so, and a later wish tries again [FILE-04]', async (context) => {
  const { api, app, ctx, lossy, lossless } = context
  assert.equal(await api.download(wishOf(lossy, 'flac')), { state: 'failed' })
  assert.equal(await api.download(wishOf(newId(), 'opus')), { state: 'failed' })
  await ctx.storage.write('test/broken.jpg', Buffer.from('no picture'))
  const wish = { ...wishOf(lossless, 'mp3-320'), coverKey: 'test/broken.jpg' }
  assert.equal(await api.download(wish), { state: 'preparing' })
  await ctx.db('media_downloads').where({ coverKey: 'test/broken.jpg' }).update({ attempts: 4 })
  await app.jobs.drain()
  assert.equal(await api.download(wish), { state: 'failed' })
  await ctx
    .db('media_downloads')
    .where({ coverKey: 'test/broken.jpg' })
    .update({ usedAt: '2020-01-01T00:00:00.000Z' })
  const jpeg = await ctx.storage.read('test/cover.jpg')
  await ctx.storage.write('test/broken.jpg', jpeg!.stream)
  assert.ok(await taken(context, wish))
})

test('downloads nobody takes any more go after a day, and are made anew [FILE-10]', async (context) => {
  const { ctx, lossless } = context
  const desk = openDesk(ctx)
  const kept = await sweep(desk)
  assert.equal([kept.downloads, kept.files], [0, 0])
  const rows: { fileKey: string }[] = await ctx.db('media_downloads').whereNotNull('file_key')
  const gone = await sweep(desk, Date.now() + 86_500_000)
  assert.ok(gone.downloads >= 6 && rows.length >= 6, `${gone.downloads} of ${rows.length}`)
  for (const { fileKey } of rows) assert.is(await ctx.storage.size(fileKey), null)
  assert.ok(await taken(context, wishOf(lossless, 'opus')))
  assert.equal(await mediaOrphans(ctx), [])
})

test.run()
