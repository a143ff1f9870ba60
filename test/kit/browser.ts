import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as axe from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { patienceMs } from './wait.ts'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
]

/** The same browser without windows, which takes half the work, before the whole one. */
const programs = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium']

export interface VisitorOptions {
  /** Where the site is for this visitor, when not where everybody finds it. */
  baseURL?: string
  width?: number
  height?: number
  theme?: 'light' | 'dark'
  /** `en-GB` or `fr-FR`, as the browser asks for it. */
  locale?: string
  /** False: as a crawler or a careful reader sees the site. */
  withScripts?: boolean
}

/** Somebody at a browser of their own: no cookie is shared with other visitors. */
export class Visitor {
  readonly name: string
  readonly page: Page
  readonly context: BrowserContext
  readonly #complaints: string[] = []
  readonly #expected: RegExp[] = []

  constructor(name: string, page: Page) {
    this.name = name
    this.page = page
    this.context = page.context()
    page.on('console', (message) => {
      if (message.type() === 'error')
        this.#complaints.push(`console: ${message.text()} (${message.location().url})`)
    })
    page.on('pageerror', (error) => this.#complaints.push(`page: ${error.stack ?? error.message}`))
  }

  /** Goes to a path of the site; answers the HTTP status. */
  async goTo(path: string): Promise<number> {
    const response = await this.page.goto(path)
    return response?.status() ?? 0
  }

  /** A complaint that belongs to the story, as the 401 of a wrong password. */
  expects(complaint: RegExp): void {
    this.#expected.push(complaint)
  }

  /** What the browser complained about, but for what was expected. */
  complaints(): string[] {
    return this.#complaints.filter((text) => !this.#expected.some((pattern) => pattern.test(text)))
  }

  /** Waits until it can be seen. */
  async sees(target: Locator | string | RegExp): Promise<void> {
    await this.#find(target).waitFor({ state: 'visible' })
  }

  /** Waits until it cannot be seen (any more). */
  async missesOut(target: Locator | string | RegExp): Promise<void> {
    await this.#find(target).waitFor({ state: 'hidden' })
  }

  #find(target: Locator | string | RegExp): Locator {
    const isText = typeof target === 'string' || target instanceof RegExp
    return isText ? this.page.getByText(target).first() : target
  }

  /** A picture of the page in the folder VEZA_SHOTS, where that is set. */
  async shoot(name: string): Promise<void> {
    const folder = process.env.VEZA_SHOTS
    if (!folder) return
    await mkdir(folder, { recursive: true })
    await this.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
  }

  /** What this visitor has before them, to explain a failure. */
  async describe(): Promise<string> {
    const text = await this.page
      .locator('body')
      .innerText({ timeout: 1_000 })
      .catch(() => '(nothing to read)')
    const complaints = this.#complaints.map((complaint) => `  ${complaint}`).join('\n')
    return `${this.name} at ${this.page.url()}\n${text.slice(0, 1_500).replace(/^/gm, '  | ')}\n${complaints}`
  }
}

/** Chromium, with as many visitors as the story needs. */
export class TestBrowser {
  readonly visitors: Visitor[] = []
  readonly #browser: Browser
  readonly #baseURL: string

  private constructor(browser: Browser, baseURL: string) {
    this.#browser = browser
    this.#baseURL = baseURL
  }

  static async open(baseURL: string): Promise<TestBrowser> {
    const executablePath = process.env.VEZA_CHROMIUM ?? programs.find((path) => existsSync(path)) ?? ''
    const browser = await chromium.launch({ executablePath, args: flags, timeout: 3 * patienceMs })
    return new TestBrowser(browser, baseURL)
  }

  async visitor(name: string, options: VisitorOptions = {}): Promise<Visitor> {
    const { width = 1280, height = 800, theme = 'light', locale = 'en-GB', withScripts = true } = options
    const context = await this.#browser.newContext({
      baseURL: options.baseURL ?? this.#baseURL,
      viewport: { width, height },
      colorScheme: theme,
      locale,
      javaScriptEnabled: withScripts,
      reducedMotion: 'reduce',
    })
    context.setDefaultTimeout(patienceMs)
    const visitor = new Visitor(name, await context.newPage())
    this.visitors.push(visitor)
    return visitor
  }

  /** Throws when a visitor's browser complained about something that nobody expected. */
  assertQuiet(): void {
    const found = this.visitors.flatMap((visitor) =>
      visitor.complaints().map((text) => `${visitor.name}: ${text}`),
    )
    if (found.length > 0) throw new Error(`The browser complained:\n${found.join('\n')}`)
  }

  async close(): Promise<void> {
    await this.#browser.close()
  }
}

/** What is looked for: everything, or what another theme (colours) or another language (words) may bring. */
export type Barriers = 'all' | 'colours' | 'words'

const colourRules: readonly string[] = ['color-contrast', 'link-in-text-block']
let axeSource: Promise<string> | undefined

/** Half the size of what the package gives by itself, as it goes into each page anew. */
function sourceOfAxe(): Promise<string> {
  axeSource ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  return axeSource
}

/** Serious and critical findings of axe on the page as it is, one line each. */
export async function findBarriers(page: Page, wanted: Barriers = 'all'): Promise<string[]> {
  // By the debugger, which the page's content security policy does not bind; once a page.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(`${await sourceOfAxe()};0`)
  const violations = await page.evaluate(
    ([what, ofColours]) => {
      type Rules = { rules: { id: string; impact: axe.ImpactValue }[] }
      const { axe: engine } = window as unknown as { axe: typeof axe & { _audit?: Rules } }
      // Rules that find nothing serious are half of the work, and nothing has to be fetched for the others.
      const options: axe.RunOptions = { resultTypes: ['violations'], preload: false, rules: {} }
      for (const { id, impact } of engine._audit?.rules ?? [])
        if (impact === 'minor' || impact === 'moderate') options.rules![id] = { enabled: false }
      if (what === 'colours') options.runOnly = { type: 'rule', values: [...ofColours] }
      if (what === 'words') for (const id of ofColours) options.rules![id] = { enabled: false }
      return engine.run(document, options).then(({ violations }) => violations)
    },
    [wanted, colourRules] as const,
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => {
      const [first] = nodes
      const reason = first?.any[0]?.message ?? first?.all[0]?.message ?? ''
      return `${id}: ${help} (${nodes.map(({ target }) => target.join(' ')).join(', ')}) ${reason}`
    })
}
