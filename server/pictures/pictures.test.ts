import { crc32, createDeflate } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type PictureCrop, ProblemError } from '#sdk'
import { pictures } from './index.ts'

const test = suite('pictures')
const red = { r: 220, g: 20, b: 20 }
const blue = { r: 20, g: 20, b: 220 }
const plain = (width: number, height: number, background = red) =>
  sharp({ create: { width, height, channels: 3, background } })
/** Left half red, right half blue. */
const halves = (width: number, height: number): Sharp =>
  plain(width, height).composite([
    {
      input: { create: { width: width / 2, height, channels: 3, background: blue } },
      left: width / 2,
      top: 0,
    },
  ])

const small = { name: 's', width: 64, height: 64 }
async function made(bytes: Buffer, crop?: PictureCrop, sizes = [small]) {
  return pictures.make(bytes, { crop, sizes })
}
async function refusal(bytes: Buffer, crop?: PictureCrop): Promise<ProblemError> {
  const error = await made(bytes, crop).then(
    () => new Error('it was taken'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof ProblemError) return error
  throw error
}
/** The colour at a place of a made picture, from 0 to 1. */
async function colourAt(bytes: Buffer, x: number, y: number): Promise<'red' | 'blue' | string> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
  const at =
    (Math.floor(y * (info.height - 1)) * info.width + Math.floor(x * (info.width - 1))) * info.channels
  const [r = 0, g = 0, b = 0] = data.subarray(at, at + 3)
  if (r > 150 && g < 90 && b < 90) return 'red'
  return b > 150 && r < 90 && g < 90 ? 'blue' : `${r},${g},${b}`
}

test('makes every size as WebP out of each kind of picture that is taken [PROF-03]', async () => {
  const sizes = [
    { name: '96', width: 96, height: 96 },
    { name: 'wide', width: 400, height: 100 },
  ]
  for (const format of ['jpeg', 'png', 'webp', 'avif', 'gif'] as const) {
    const found = await made(await plain(300, 200).toFormat(format).toBuffer(), undefined, sizes)
    assert.equal(
      found.map(({ name }) => name),
      ['96', 'wide'],
    )
    for (const [i, { bytes }] of found.entries()) {
      const facts = await sharp(bytes).metadata()
      assert.is(facts.format, 'webp', format)
      assert.equal([facts.width, facts.height], [sizes[i]!.width, sizes[i]!.height])
      assert.is(await colourAt(bytes, 0.5, 0.5), 'red', format)
    }
  }
})

test('takes nothing that does not begin as such a picture, whatever it is called [PROF-03]', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
  const tiff = await plain(20, 20).tiff().toBuffer()
  const texts = [
    svg,
    `<?xml version="1.0"?>${svg}`,
    '<!doctype html><script>alert(1)</script>',
    '%PDF-1.7',
    '',
    'x',
  ]
  const others = [
    tiff,
    Buffer.from('0000001c667479706865696300000000', 'hex'),
    Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(100)]),
    Buffer.from('0a010101', 'hex'),
  ]
  for (const bytes of [...texts.map((text) => Buffer.from(text)), ...others])
    assert.is((await refusal(bytes)).problem.name, 'identity.bad-picture', bytes.toString('latin1', 0, 20))
})

test('takes nothing that only begins as a picture [PROF-03]', async () => {
  const jpeg = await halves(400, 400).jpeg().toBuffer()
  const png = await halves(400, 400).png().toBuffer()
  const fakes = [
    jpeg.subarray(0, jpeg.length / 2),
    png.subarray(0, png.length / 2),
    Buffer.concat([png.subarray(0, 8), Buffer.from('<script>alert(1)</script>')]),
    Buffer.from('GIF89a/*<script>*/=1;alert(1);//'),
    Buffer.concat([Buffer.from('RIFF\x10\0\0\0WEBP'), Buffer.alloc(40)]),
    Buffer.concat([Buffer.from('0000001c6674797061766966', 'hex'), Buffer.alloc(60)]),
    Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from('<svg onload=alert(1)>')]),
  ]
  for (const bytes of fakes)
    assert.is((await refusal(bytes)).problem.name, 'identity.bad-picture', bytes.toString('latin1', 0, 20))
})

test('nothing but the picture comes out of a file that is two things at once [PROF-03]', async () => {
  const payload = '<script>alert("canary")</script>'
  const zip = Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.from(payload)])
  const gif = await plain(30, 30).gif().toBuffer()
  const jpeg = await plain(30, 30).jpeg().toBuffer()
  const comment = Buffer.from(`\xff\xfe\0${String.fromCharCode(payload.length + 2)}${payload}`, 'latin1')
  const polyglots = [
    Buffer.concat([await plain(30, 30).png().toBuffer(), zip]),
    Buffer.concat([gif, Buffer.from(`/*${payload}*/`)]),
    Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]),
    await plain(30, 30)
      .withExif({ IFD0: { ImageDescription: payload } })
      .jpeg()
      .toBuffer(),
    await plain(30, 30)
      .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${payload}</x:xmpmeta>`)
      .png()
      .toBuffer(),
  ]
  for (const bytes of polyglots) {
    const [{ bytes: clean } = { bytes: bytes }] = await made(bytes)
    assert.is(await colourAt(clean, 0.5, 0.5), 'red')
    for (const word of ['canary', 'script', 'PK\x03\x04']) assert.not.ok(clean.includes(word), word)
  }
})

test('keeps neither place nor camera, and turns the picture as its EXIF asks [PROF-03]', async () => {
  const bytes = await halves(200, 100)
    .withExif({
      IFD0: { Make: 'Camera', Orientation: '6' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 51/1 0/1' },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  const before = await sharp(bytes).metadata()
  assert.is(before.orientation, 6)
  assert.ok(before.exif)
  const [{ bytes: clean } = { bytes }] = await made(bytes, undefined, [
    { name: 'p', width: 100, height: 200 },
  ])
  const after = await sharp(clean).metadata()
  for (const kept of ['exif', 'icc', 'xmp', 'iptc', 'orientation'] as const)
    assert.is(after[kept], undefined, kept)
  assert.is(await colourAt(clean, 0.5, 0.1), 'red')
  assert.is(await colourAt(clean, 0.5, 0.9), 'blue')
  // A crop is meant as the picture is seen.
  const [lower = { bytes }] = await made(bytes, { x: 0, y: 100, width: 100, height: 100 })
  assert.is(await colourAt(lower.bytes, 0.5, 0.5), 'blue')
})

test('colours of print, greys and sixteen bits become those of a screen [PROF-03]', async () => {
  const cmyk = await plain(60, 60).toColourspace('cmyk').jpeg().toBuffer()
  assert.is((await sharp(cmyk).metadata()).space, 'cmyk')
  const deep = await plain(60, 60).toColourspace('rgb16').png().toBuffer()
  assert.is((await sharp(deep).metadata()).depth, 'ushort')
  const grey = await plain(60, 60).toColourspace('b-w').jpeg().toBuffer()
  for (const bytes of [cmyk, deep, grey]) {
    const [{ bytes: clean } = { bytes }] = await made(bytes)
    const { space, channels, depth } = await sharp(clean).metadata()
    assert.equal([space, channels, depth], ['srgb', 3, 'uchar'])
    if (bytes === deep) assert.is(await colourAt(clean, 0.5, 0.5), 'red')
  }
})

test('a moving picture stands still at its first frame', async () => {
  const frames = Buffer.concat(
    [red, blue].flatMap(({ r, g, b }) => Array.from({ length: 400 }, () => Buffer.from([r, g, b]))),
  )
  const raw = { width: 20, height: 40, channels: 3, pageHeight: 20 } as const
  const bytes = await sharp(frames, { raw }).gif({ loop: 0 }).toBuffer()
  assert.is((await sharp(bytes, { animated: true }).metadata()).pages, 2)
  const [{ bytes: clean } = { bytes }] = await made(bytes)
  assert.is((await sharp(clean).metadata()).pages, undefined)
  assert.is(await colourAt(clean, 0.5, 0.5), 'red')
})

test('cuts what is asked for, as far as it lies on the picture [PROF-03]', async () => {
  const bytes = await halves(200, 100).png().toBuffer()
  const [right = { bytes }] = await made(bytes, { x: 100, y: 0, width: 100, height: 100 })
  assert.is(await colourAt(right.bytes, 0.02, 0.5), 'blue')
  const [overlapping = { bytes }] = await made(bytes, { x: 150, y: 50, width: 5000, height: 5000 })
  assert.is(await colourAt(overlapping.bytes, 0.5, 0.5), 'blue')
  for (const crop of [
    { x: 200, y: 0, width: 10, height: 10 },
    { x: 0, y: 4000, width: 10, height: 10 },
  ]) {
    const { problem, detail } = await refusal(bytes, crop)
    assert.is(problem.name, 'invalid-input')
    assert.match(detail ?? '', '200 x 100')
  }
})

/** A PNG of zeros, one bit a pixel: small as a file, large as a picture. */
async function bomb(side: number): Promise<Buffer> {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const frame = Buffer.alloc(8)
    frame.writeUInt32BE(data.length, 0)
    frame.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header[8] = 1
  const deflate = createDeflate({ level: 9 })
  const packed: Buffer[] = []
  deflate.on('data', (part: Buffer) => packed.push(part))
  const row = Buffer.alloc(1 + Math.ceil(side / 8))
  for (let y = 0; y < side; y++) if (!deflate.write(row)) await new Promise((go) => deflate.once('drain', go))
  await new Promise<void>((done) => deflate.end(done))
  const start = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([
    start,
    chunk('IHDR', header),
    chunk('IDAT', Buffer.concat(packed)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

test('a picture too large to be held is refused before it is unpacked [PROF-03]', async () => {
  await made(await bomb(100))
  const bytes = await bomb(30_000)
  assert.ok(bytes.length < 200_000, `${bytes.length} bytes`)
  const beforeKb = process.resourceUsage().maxRSS
  const { problem, detail } = await refusal(bytes)
  assert.is(problem.name, 'identity.bad-picture')
  assert.match(detail ?? '', '50 million pixels')
  const grownMb = (process.resourceUsage().maxRSS - beforeKb) / 1024
  assert.ok(grownMb < 150, `grew by ${grownMb} MB`)
})

test('works on one picture at a time, lets two wait and tells others to come again [PROF-03]', async () => {
  const bytes = await plain(600, 600).jpeg().toBuffer()
  const all = await Promise.allSettled(Array.from({ length: 6 }, () => made(bytes)))
  const refused = all.flatMap((one) => (one.status === 'rejected' ? [one.reason as ProblemError] : []))
  assert.is(all.length - refused.length, 3)
  assert.equal([...new Set(refused.map(({ problem }) => problem.name))], ['unavailable'])
  assert.is(refused[0]?.retryAfterS, 5)
  // Failures make room, too.
  await Promise.allSettled([
    made(Buffer.from('x')),
    made(bytes.subarray(0, 400)),
    made(bytes.subarray(0, 500)),
  ])
  assert.is((await made(bytes)).length, 1)
})

test('makes other formats of one size where they are wished for, and says the colour [FILE-06]', async () => {
  const bytes = await halves(600, 400).png().toBuffer()
  const sizes = [
    { name: 'a', width: 100, height: 100, formats: ['avif', 'webp', 'jpeg'] as const },
    { name: 'b', width: 50, height: 50 },
  ]
  const found = await pictures.make(bytes, { sizes })
  assert.equal(
    found.map(({ name, format }) => `${name}.${format}`),
    ['a.avif', 'a.webp', 'a.jpeg', 'b.webp'],
  )
  const read = await Promise.all(found.map(async (one) => (await sharp(one.bytes).metadata()).format))
  assert.equal(read, ['heif', 'webp', 'jpeg', 'webp'])
  const clear = await sharp({ create: { width: 60, height: 60, channels: 4, background: '#0000' } })
    .png()
    .toBuffer()
  const jpeg = { name: 'j', width: 20, height: 20, formats: ['jpeg'] as const }
  const [white] = await pictures.make(clear, { sizes: [jpeg] })
  const { data } = await sharp(white?.bytes).raw().toBuffer({ resolveWithObject: true })
  assert.ok([...data].every((part) => part > 250))
})

test('the colour is that of the most vivid parts, of greys the mean [FILE-06]', async () => {
  const dotted = plain(300, 300, { r: 230, g: 230, b: 230 }).composite([
    { input: { create: { width: 90, height: 90, channels: 3, background: red } }, left: 20, top: 20 },
  ])
  const partsOf = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  const [r = 0, g = 0, b = 0] = partsOf(await pictures.colourOf(await dotted.png().toBuffer()))
  assert.ok(r > 200 && g < 50 && b < 50, `${r},${g},${b}`)
  const grey = await pictures.colourOf(await plain(30, 30, { r: 90, g: 90, b: 90 }).png().toBuffer())
  assert.equal(partsOf(grey), [90, 90, 90])
  const refused = await pictures.colourOf(Buffer.from('x')).then(
    () => null,
    (error: unknown) => error,
  )
  assert.instance(refused, ProblemError)
})

test.run()
