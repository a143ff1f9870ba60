import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Barriers, findBarriers, type Visitor, type VisitorOptions } from '../kit/browser.ts'
import { eventually } from '../kit/wait.ts'
import { furnish, type Label, type Place } from './label.ts'
import type { Music } from './label-music.ts'
import { playsPast } from './screen.ts'
import type { Stage } from './stage.ts'

interface Look extends VisitorOptions {
  name: string
  widths: number[]
  /** Widths at which barriers are looked for: colours differ by theme, layouts by width, names by language. */
  barriersAt: number[]
  barriers: Barriers
}

const french = { theme: 'light', locale: 'fr-FR' } as const
const looks: Look[] = [
  { name: 'light', theme: 'light', widths: [1280, 768, 390, 320], barriersAt: [1280, 390], barriers: 'all' },
  { name: 'dark', theme: 'dark', widths: [1280, 390], barriersAt: [1280], barriers: 'colours' },
  { name: 'french', ...french, widths: [1280, 390, 320], barriersAt: [390], barriers: 'words' },
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
      sizes.push([path, await scriptBytes(await visitor(`guest of ${path}`), path)])
    const onLive = await scriptBytes(await visitor('viewer'), '/live/saturday', (viewer) =>
      playsPast(viewer, 0),
    )
    const told = [...sizes, ['/live/saturday', onLive] as const].map(
      ([path, bytes]) => `${path} ${kilobytes(bytes)}`,
    )
    process.stdout.write(`JavaScript, gzipped: ${told.join(', ')}\n`)
    for (const [path, bytes] of sizes)
      assert.ok(bytes > 0 && bytes < budgetBytes, `${path} asks ${kilobytes(bytes)}`)
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
  const at = (width: number) => `${place.path} as ${place.as}, ${look.name}, ${width} px`
  const findings: string[] = []
  const before = visitor.complaints().length
  await page.setViewportSize({ width: 1280, height: 800 })
  const status = await visitor.goTo(place.path)
  if (status !== (place.status ?? 200)) findings.push(`${at(1280)}: answered ${status}`)
  if (!(await settle(visitor))) return [`${at(1280)}: has no main heading, or is never whole`]
  for (const width of look.widths) {
    await page.setViewportSize({ width, height: 800 })
    const { headings, lang, overflow } = await measure(visitor)
    if (headings !== 1) findings.push(`${at(width)}: ${headings} main headings`)
    if (lang !== (look.locale ? 'fr' : 'en')) findings.push(`${at(width)}: its language is "${lang}"`)
    if (overflow) findings.push(`${at(width)}: wider than the window by ${overflow}`)
    if (look.barriersAt.includes(width))
      findings.push(...(await findBarriers(page, look.barriers)).map((barrier) => `${at(width)}: ${barrier}`))
    const name = `${place.as}${place.path.replace(/[/?=]/g, '_').replace(/[0-9a-f-]{36}/, 'id')}`
    await visitor.shoot(`page-${name}-${look.name}-${width}`)
  }
  const complaints = visitor.complaints().slice(before)
  return [...findings, ...complaints.map((text) => `${at(1280)}: ${text}`)]
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
    const widest = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    )
    const names = widest.slice(0, 3).map((element) => `${element.tagName.toLowerCase()}.${element.className}`)
    const overflow = scrollWidth > clientWidth ? `${scrollWidth - clientWidth} px (${names.join(', ')})` : ''
    return {
      headings: [...document.querySelectorAll('h1')].filter((heading) => heading.getClientRects().length > 0)
        .length,
      lang,
      overflow,
    }
  })
}

/** Bytes of all scripts that the page loads by itself, each compressed as a server would. */
async function scriptBytes(
  visitor: Visitor,
  path: string,
  until?: (visitor: Visitor) => Promise<unknown>,
): Promise<number> {
  const bodies: Promise<Buffer>[] = []
  visitor.page.on('response', (response) => {
    if (response.request().resourceType() === 'script') bodies.push(response.body())
  })
  await visitor.goTo(path)
  await settle(visitor)
  await until?.(visitor)
  const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body).length)
  return sizes.reduce((sum, size) => sum + size, 0)
}

const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`

test.run()
