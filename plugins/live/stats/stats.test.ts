import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Log } from '#sdk'
import { keyOf, type Member } from '../nodes/members.ts'
import { type Asking, Viewers } from '../viewers.ts'
import { CountryBook } from './country-book.ts'
import { csvOf } from './csv.ts'
import { curveOf, dueOf, hoursOf, retentionOf } from './curve.ts'
import { kindOf } from './devices.ts'
import { ReplayFigures } from './replay-figures.ts'
import { ShowFigures, type Step } from './show-figures.ts'
import { countryFile } from './testdata/country-file.ts'

const startMs = Date.parse('2026-05-01T20:00:00.000Z')
const asking = (userAgent: string, remoteAddress = '192.0.2.1', more: Record<string, string> = {}) =>
  ({
    headers: { 'user-agent': userAgent, ...more },
    url: '/',
    socket: { remoteAddress },
  }) as unknown as Asking

const chrome =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36'
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1'

const devices = suite('what viewers watch on')
devices('is read from the User-Agent, phones, televisions and plain players too [LIVE-18]', () => {
  const told: [string, string, string][] = [
    [chrome, 'desktop', 'chrome'],
    [iphone, 'phone', 'safari'],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
      'desktop',
      'safari',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0',
      'desktop',
      'firefox',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36 Edg/149.0.0.0',
      'desktop',
      'edge',
    ],
    [
      'Mozilla/5.0 (Linux; Android 16; SM-S938B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36',
      'phone',
      'samsung',
    ],
    [
      'Mozilla/5.0 (Linux; Android 16; Pixel Tablet) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36',
      'tablet',
      'chrome',
    ],
    [
      'Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/149.0 Mobile/15E148 Safari/604.1',
      'tablet',
      'chrome',
    ],
    [
      'Mozilla/5.0 (SMART-TV; LINUX; Tizen 8.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/108.0.0.0 TV Safari/537.36',
      'tv',
      'chrome',
    ],
    ['AppleCoreMedia/1.0.0.22K155 (Apple TV; U; CPU OS 18_1 like Mac OS X; en_us)', 'app', 'apple'],
    ['VLC/3.0.21 LibVLC/3.0.21', 'app', 'vlc'],
    ['Lavf/59.27.100', 'app', 'ffmpeg'],
    ['', 'other', 'other'],
    [`<script>${'x'.repeat(5000)}`, 'other', 'other'],
  ]
  for (const [userAgent, device, browser] of told) {
    const kind = kindOf(userAgent)
    assert.equal(
      [kind.device === 'tv' && device === 'app' ? 'app' : kind.device, kind.browser],
      [device, browser],
      userAgent,
    )
  }
})
devices.run()

const member = (id: string, sinceMs: number, more: Partial<Member> = {}): Member => ({
  key: keyOf(id),
  sinceS: sinceMs / 1000,
  device: 'desktop',
  browser: 'chrome',
  country: null,
  delayMs: null,
  ...more,
})

/** Samples every ten seconds; who is there is told by `present` from the seconds since the start. */
function run(figures: ShowFigures, fromS: number, untilS: number, present: (s: number) => Member[]): Step[] {
  const steps: Step[] = []
  for (let s = fromS; s < untilS; s += 10) steps.push(figures.sample(startMs + s * 1000, present(s)))
  return steps
}

const shows = suite('figures of a show')
shows('count joins, leaves, watch time, the peak, delays and what people watch on [LIVE-18]', () => {
  const figures = new ShowFigures()
  const anna = member('anna', startMs, { device: 'phone', country: 'FR', delayMs: 1_000 })
  const bert = member('bert', startMs + 20_000, { delayMs: 3_000 })
  // Bert goes after 30 s and comes back for the last two samples: one of two people, and a third join.
  const steps = run(figures, 0, 80, (s) => [anna, ...(s >= 20 && (s < 50 || s >= 60) ? [bert] : [])])
  assert.equal(
    steps.map(({ viewers }) => viewers),
    [1, 1, 2, 2, 2, 1, 2, 2],
  )
  assert.equal(
    steps.map(({ joins }) => joins),
    [1, 0, 1, 0, 0, 0, 1, 0],
  )
  assert.equal(
    steps.map(({ leaves }) => leaves),
    [0, 0, 0, 0, 0, 1, 0, 0],
  )
  assert.equal(
    steps.map(({ people }) => people),
    [1, 0, 1, 0, 0, 0, 0, 0],
  )
  assert.equal(
    [steps[3]?.delayMs, steps[3]?.delayP95Ms, steps[3]?.at],
    [1_000, 3_000, '2026-05-01T20:00:30.000Z'],
  )
  const { people, peak, watchS, kinds } = figures.audience
  assert.equal([people, peak, watchS], [2, 2, 130])
  assert.equal(kinds.devices, { phone: 1, desktop: 1 })
  assert.equal(kinds.countries, { FR: 1 })
})

shows('keep the share of those who stayed so many minutes, of those who could [LIVE-18]', () => {
  const figures = new ShowFigures()
  const stays = { anna: 300, bert: 130, carl: 40 }
  const late = member('late', startMs + 200_000)
  const steps = run(figures, 0, 300, (s) => [
    ...Object.entries(stays).flatMap(([id, until]) => (s < until ? [member(id, startMs)] : [])),
    ...(s >= 200 ? [late] : []),
  ])
  const end = startMs + 300_000
  const due = dueOf(steps, end, 5)
  assert.equal(due, [4, 3, 3, 3, 3])
  assert.equal(retentionOf(figures.audience.stays, due), [0.75, 0.667, 0.333, 0.333, 0])
})

shows('go on where they were after a restart, and count nobody twice [LIVE-18]', () => {
  const first = new ShowFigures()
  const anna = member('anna', startMs)
  run(first, 0, 130, () => [anna])
  const untilMs = startMs + 120_000
  const second = new ShowFigures({ audience: first.audience, untilMs })
  const steps = run(second, 140, 200, () => [anna, member('bert', startMs + 130_000)])
  assert.equal([steps[0]?.people, steps[0]?.joins, steps[0]?.viewers], [1, 1, 2])
  assert.equal([second.audience.people, second.audience.stays], [2, [2, 1, 1]])
})
shows.run()

const curves = suite('curves')
const step = (s: number, viewers: number, more: Partial<Step> = {}): Step => ({
  at: new Date(startMs + s * 1000).toISOString(),
  stepS: 10,
  viewers,
  people: 0,
  joins: 0,
  leaves: 0,
  delayMs: null,
  delayP95Ms: null,
  ...more,
})
curves('have no holes, and are as wide as a page can show [LIVE-18]', () => {
  const curve = curveOf(
    [step(0, 3, { joins: 3, delayMs: 900 }), step(30, 5)],
    startMs + 4_000,
    startMs + 45_000,
  )
  assert.equal([curve.fromAt, curve.stepS, curve.viewers], ['2026-05-01T20:00:00.000Z', 10, [3, 0, 0, 5, 0]])
  assert.equal(
    [curve.joins, curve.delayMs],
    [
      [3, 0, 0, 0, 0],
      [900, null, null, null, null],
    ],
  )
  const day = curveOf([step(0, 3), step(10, 7), step(70, 1)], startMs, startMs + 86_400_000)
  assert.equal([day.stepS, day.viewers.length, day.viewers.slice(0, 3)], [60, 1_440, [7, 1, 0]])
})
curves('become hours with the most of each when they are old [LIVE-18]', () => {
  const hours = hoursOf([
    step(0, 3, { joins: 3, people: 3 }),
    step(600, 9, { joins: 6 }),
    step(3_600, 4, { leaves: 5 }),
  ])
  assert.equal(
    hours.map(({ at, stepS, viewers, joins, people, leaves }) => [at, stepS, viewers, joins, people, leaves]),
    [
      ['2026-05-01T20:00:00.000Z', 3_600, 9, 9, 3, 0],
      ['2026-05-01T21:00:00.000Z', 3_600, 4, 0, 0, 5],
    ],
  )
})
curves('are a table with a line for each step, quoted where a name asks for it [LIVE-18]', () => {
  const curve = curveOf(
    [step(0, 3, { joins: 3, delayMs: 900, delayP95Ms: 1_200 })],
    startMs,
    startMs + 20_000,
  )
  const figures = [{ name: 'a "b", c', values: [4] }]
  const text = csvOf({ ...curve, figures } as Parameters<typeof csvOf>[0])
  assert.is(
    text,
    'at,viewers,joins,leaves,delay_ms,delay_p95_ms,"a ""b"", c"\r\n' +
      '2026-05-01T20:00:00.000Z,3,3,0,900,1200,4\r\n2026-05-01T20:00:10.000Z,0,0,0,,,0\r\n',
  )
})
curves.run()

const replays = suite('audience of a recording')
replays('each viewer counts once for each ten seconds that were fetched [LIVE-18]', () => {
  const figures = new ReplayFigures()
  const entries = new Map(
    Array.from({ length: 10 }, (_none, seq) => [seq, { startMs: seq * 4_000, durationMs: 4_000 }] as const),
  )
  for (const seq of [0, 1, 2, 2, 1]) figures.asked(seq, asking(chrome), startMs)
  for (const seq of [0, 8, 9]) figures.asked(seq, asking(iphone), startMs)
  assert.is(figures.hasNews, true)
  figures.settle(entries, startMs)
  // Again what was counted, and one more piece.
  for (const seq of [0, 5]) figures.asked(seq, asking(chrome), startMs)
  figures.settle(entries, startMs)
  assert.equal(figures.count.buckets, [2, 1, 1, 1])
  assert.equal([figures.count.people, figures.count.kinds.devices], [2, { desktop: 1, phone: 1 }])
  figures.settle(entries, startMs + 3_600_000)
  assert.is(figures.isIdle, true)
})
replays.run()

const countries = suite('countries')
countries('are known where the label gave a file, by the address a proxy passed on [LIVE-18]', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'veza-geo-'))
  const warned: string[] = []
  const log = { warn: (_fields: object, text: string) => warned.push(text) } as unknown as Log
  const path = join(folder, 'countries.mmdb')
  await writeFile(path, countryFile({ '192.0.2.0/24': 'FR', '198.51.100.0/24': 'DE' }))
  const book = new CountryBook(() => path, log)
  await book.open(path)
  assert.is(book.countryOf(asking(chrome, '192.0.2.9')), 'FR')
  assert.is(
    book.countryOf(asking(chrome, '127.0.0.1', { 'x-forwarded-for': '192.0.2.9, 198.51.100.4' })),
    'DE',
  )
  assert.is(book.countryOf(asking(chrome, '203.0.113.1')), null)
  // From outside, nobody's header is believed; and what is no address is nobody's.
  assert.is(book.countryOf(asking(chrome, '203.0.113.1', { 'x-forwarded-for': '192.0.2.9' })), null)
  assert.is(book.countryOf(asking(chrome, '10.0.0.1', { 'x-forwarded-for': '"><script>' })), null)
  assert.is(new CountryBook(() => undefined, log).countryOf(asking(chrome)), null)
  await book.open(join(folder, 'missing.mmdb'))
  assert.equal(warned, ['the file of countries cannot be read; viewers are counted without'])
  await rm(folder, { recursive: true })
})
countries.run()

const delays = suite('delay of viewers')
delays('is what players say of themselves, within reason [LIVE-03] [LIVE-17]', () => {
  const viewers = new Viewers(() => undefined)
  const ask = (url: string) => ({ ...asking(chrome), url }) as Asking
  viewers.seen('s', 'anna', ask('/hls/x/video.m3u8?v=anna&d=1850'))
  viewers.seen('s', 'anna', ask('/hls/x/video.m3u8?v=anna'))
  viewers.seen('s', 'bert', ask('/hls/x/video.m3u8?v=bert&d=-5'))
  viewers.seen('s', 'carl', ask('/hls/x/video.m3u8?v=carl&d=99999999999'))
  viewers.stop()
  assert.equal(
    viewers.own('s').map(({ delayMs }) => delayMs),
    [1_850, null, null],
  )
})
delays.run()
