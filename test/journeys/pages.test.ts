import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Barriers, findBarriers, type Visitor, type VisitorOptions } from '../kit/browser.ts'
import { eventually } from '../kit/wait.ts'
import { furnish, type Label, type Place } from './label.ts'
import type { Music } from './label-music.ts'
import { playsPast } from './screen.ts'
import type { Stage } from './stage.ts'

/** Layouts differ by width, colours by theme, words and names by language: each is looked at where it differs. */
interface View {
  width: number
  barriers?: Barriers
  theme?: 'dark'
}

/** What one load of a page is looked at for. */
interface Look extends VisitorOptions {
  name: string
  views: View[]
}

const looks: Look[] = [
  {
    name: 'english',
    views: [
      { width: 1280, barriers: 'all' },
      { width: 1280, barriers: 'colours', theme: 'dark' },
      { width: 768 },
      { width: 390, barriers: 'colours' },
      { width: 320 },
    ],
  },
  {
    name: 'french',
    locale: 'fr-FR',
    views: [{ width: 1280 }, { width: 320, barriers: 'words' }],
  },
]
const budgetBytes = 90 * 1024

test('every page fits, can be read by all and complains of nothing, in all looks [UX-01] [UX-05] [UX-09] [UX-11]', () =>
  onLabelWithEverything(async (stage, places) => {
    const findings = await Promise.all(looks.map((look) => lookAround(stage, places, look)))
    assert.equal(findings.flat(), [])
  }))

test('what the public may know is there without JavaScript [UX-11]', () =>
  onLabelWithEverything(async (stage, places, music) => {
    const reader = await stage.visitor('reader', { withScripts: false })
    reader.expects(/404 .*\/nothing-here/)
    for (const { path } of places.filter(({ as }) => as === 'guest')) {
      await reader.goTo(path)
      const { title, headings, links } = await reader.page.evaluate(() => ({
        title: document.title,
        headings: [...document.querySelectorAll('h1')].map(({ textContent }) => textContent ?? ''),
        links: [...document.querySelectorAll('a')].map((link) => link.getAttribute('href')),
      }))
      assert.match(title, /Your label/, path)
      assert.is(headings.length, 1, `${path} has one heading`)
      assert.ok(headings[0]?.trim(), path)
      assert.ok(links.length > 0, `${path} leads on`)
    }
    await reader.goTo('/live')
    for (const name of ['saturday', 'quiet'])
      await reader.sees(reader.page.getByRole('link', { name }).first())
    await reader.goTo('/live/saturday')
    await reader.sees('On air now')
    await reader.goTo('/chat/general')
    await reader.sees('Which record was that?')
    await reader.goTo(`/releases/${music.slug}`)
    for (const words of ['Mira Vale', 'Low Tide', 'Salt', 'in one take'])
      await reader.sees(reader.page.getByText(words).first())
    await reader.goTo(`/playlists/${music.playlistId}`)
    await reader.sees('Low Tide')
  }))

test('asks little JavaScript of a visitor before they do anything [UX-11]', () =>
  onLabelWithEverything(async ({ visitor }, _places, { slug, trackIds, playlistId }) => {
    const embed = `/embed/track/${trackIds[0]}`
    const heard = [
      '/library',
      `/releases/${slug}`,
      `/tracks/${trackIds[0]}`,
      `/playlists/${playlistId}`,
      embed,
    ]
    const sizes: [path: string, bytes: number][] = []
    for (const path of ['/', ...heard])
      sizes.push([path, sum(await scriptsOf(await visitor(`guest of ${path}`), path))])
    const viewer = await visitor('viewer')
    const scripts = await scriptsOf(viewer, '/live/saturday', () => playsPast(viewer, 0))
    // What plays comes by itself where something is on air, and is left out of the count: it comes after the page.
    const players = scripts.filter(({ isPlayer }) => isPlayer)
    assert.is(players.length, 1)
    assert.ok(
      await isAskedAfterPaint(viewer, players[0]?.url ?? ''),
      'the page was there before what plays was asked for',
    )
    sizes.push(['/live/saturday', sum(scripts) - sum(players)])
    const told = [...sizes, ['what plays', sum(players)] as const].map(
      ([path, bytes]) => `${path} ${kilobytes(bytes)}`,
    )
    process.stdout.write(`JavaScript, gzipped: ${told.join(', ')}\n`)
    for (const [path, bytes] of sizes)
      assert.ok(bytes > 0 && bytes < budgetBytes, `${path} asks ${kilobytes(bytes)}`)
  }))

test('a payment is found by its state, and a part of it paid back with a reason [LIVE-08]', () =>
  onLabelWithEverything(async ({ owner }) => {
    const ada = await owner()
    await ada.goTo('/admin/payments?status=paid')
    await ada.page.getByRole('link', { name: /^Tip for/ }).click()
    await ada.page.getByRole('button', { name: 'Pay back' }).click()
    const dialog = ada.page.getByRole('dialog', { name: /^Pay back to/ })
    await dialog.getByLabel('Amount in EUR').fill('1,50')
    await dialog.getByLabel('Why').fill('One side was scratched')
    await ada.sees(dialog.getByText(/^€1\.50 go back to .* This cannot be undone\.$/))
    await dialog.getByRole('button', { name: 'Pay back' }).click()
    await ada.sees('One side was scratched')
    await ada.sees('partly paid back')
  }))

test('a browser that plays such lists by itself is left to it, as on telephones [LIVE-03]', () =>
  onLabelWithEverything(async ({ visitor }) => {
    const phone = await visitor('phone')
    await phone.page.addInitScript(() => {
      for (const name of ['MediaSource', 'WebKitMediaSource', 'ManagedMediaSource'])
        Reflect.deleteProperty(window, name)
    })
    await phone.goTo('/live/saturday')
    await playsPast(phone, 1)
    const address = await phone.page.evaluate(() => document.querySelector('video')?.currentSrc)
    assert.match(address ?? '', /\/index\.m3u8\?v=/)
  }))

let label: Promise<Label> | undefined

test.after(async () => {
  const { stage, encoder } = (await label?.catch(() => undefined)) ?? {}
  await encoder?.stop()
  await stage?.close()
})

/** Plays on a label that has something on every page; made once. */
async function onLabelWithEverything(
  story: (stage: Stage, places: Place[], music: Music) => Promise<void>,
): Promise<void> {
  label ??= furnish()
  const { stage, places, music } = await label
  await stage.play((open) => story(open, places, music))
}

/** Looks at all pages, as a guest and as the owner. */
async function lookAround(stage: Stage, places: Place[], look: Look): Promise<string[]> {
  const guest = await stage.visitor(`guest, ${look.name}`, look)
  const owner = await stage.visitor(`owner, ${look.name}`, look)
  guest.expects(/404 .*\/nothing-here/)
  // Not by the page, whose words are in another language here.
  const { email: login, password } = stage.server.owner
  const signedIn = await owner.page.request.post('/api/v1/auth/login', { data: { login, password } })
  assert.is(signedIn.status(), 200)
  const findings: string[] = []
  for (const place of places) findings.push(...(await inspect({ guest, owner }[place.as], place, look)))
  return findings
}

/** Looks at one page, wide and narrow; what is wrong with it, one line each. */
async function inspect(visitor: Visitor, place: Place, look: Look): Promise<string[]> {
  const { page } = visitor
  const where = `${place.path} as ${place.as}, ${look.name}`
  const findings: string[] = []
  const before = visitor.complaints().length
  await page.setViewportSize({ width: 1280, height: 800 })
  const status = await visitor.goTo(place.path)
  if (status !== (place.status ?? 200)) findings.push(`${where}: answered ${status}`)
  if (!(await settle(visitor))) return [`${where}: has no main heading, or is never whole`]
  for (const view of look.views) {
    const found = await findingsOf(visitor, view, look)
    const name = [where, view.theme, `${view.width} px`].filter(Boolean).join(', ')
    findings.push(...found.map((finding) => `${name}: ${finding}`))
    const file = `${place.as}${place.path.replace(/[/?=]/g, '_').replace(/[0-9a-f-]{36}/, 'id')}`
    await visitor.shoot(`page-${file}-${view.theme ?? look.name}-${view.width}`)
  }
  const complaints = visitor.complaints().slice(before)
  return [...findings, ...complaints.map((text) => `${where}: ${text}`)]
}

/** Changes the theme of the page, and ends at once what glides from one colour to the other. */
async function wear({ page }: Visitor, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await page.evaluate(() => {
    // Where one has arrived, what inherits from it sets out.
    for (let round = 0; round < 20; round += 1) {
      const gliding = document.getAnimations().filter((animation) => animation instanceof CSSTransition)
      for (const transition of gliding) transition.finish()
      if (gliding.length === 0) return
    }
  })
}

async function findingsOf(visitor: Visitor, view: View, look: Look): Promise<string[]> {
  const { page } = visitor
  await page.setViewportSize({ width: view.width, height: 800 })
  await wear(visitor, view.theme ?? 'light')
  const { headings, lang, overflow } = await measure(visitor)
  const findings: string[] = []
  if (headings !== 1) findings.push(`${headings} main headings`)
  if (lang !== (look.locale ? 'fr' : 'en')) findings.push(`its language is "${lang}"`)
  if (overflow) findings.push(`wider than the window by ${overflow}`)
  if (view.barriers) findings.push(...(await findBarriers(page, view.barriers)))
  return findings
}

/** Waits until the page's own part is here and nothing on it is still on its way. */
async function settle({ page }: Visitor): Promise<boolean> {
  const isWhole = () =>
    page.evaluate(() => {
      const main = document.querySelector('#main')
      const isWaiting = document.querySelector('.skeleton, [aria-busy=true]') !== null
      return main?.querySelector('h1') != null && !isWaiting
    })
  return eventually('the whole page', isWhole).catch(() => false)
}

function measure({ page }: Visitor): Promise<{ headings: number; lang: string; overflow: string }> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth, lang } = document.documentElement
    const isWider = scrollWidth > clientWidth
    const widest = [...document.querySelectorAll(isWider ? 'body *' : 'no-element')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    )
    const names = widest.slice(0, 3).map((element) => `${element.tagName.toLowerCase()}.${element.className}`)
    const overflow = isWider ? `${scrollWidth - clientWidth} px (${names.join(', ')})` : ''
    return {
      headings: [...document.querySelectorAll('h1')].filter((heading) => heading.getClientRects().length > 0)
        .length,
      lang,
      overflow,
    }
  })
}

interface Script {
  url: string
  /** Compressed as a server would. */
  bytes: number
  /** hls.js, by the name of one of its events. */
  isPlayer: boolean
}

/** All scripts that the page loads by itself. */
async function scriptsOf(visitor: Visitor, path: string, until?: () => Promise<unknown>): Promise<Script[]> {
  const scripts: Promise<Script>[] = []
  visitor.page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return
    const read = async () => {
      const body = await response.body()
      return {
        url: response.url(),
        bytes: gzipSync(body).length,
        isPlayer: body.includes('hlsManifestParsed'),
      }
    }
    scripts.push(read())
  })
  await visitor.goTo(path)
  await settle(visitor)
  await until?.()
  return Promise.all(scripts)
}

const sum = (scripts: readonly Script[]) => scripts.reduce((total, { bytes }) => total + bytes, 0)

/** By the browser's own record of what it painted and asked for. */
function isAskedAfterPaint({ page }: Visitor, url: string): Promise<boolean> {
  return page.evaluate((name) => {
    const [painted] = performance.getEntriesByName('first-contentful-paint')
    const [asked] = performance.getEntriesByName(name)
    return painted !== undefined && asked !== undefined && asked.startTime > painted.startTime
  }, url)
}

const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`

test.run()
