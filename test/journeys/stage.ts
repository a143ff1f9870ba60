import { TestBrowser, type Visitor, type VisitorOptions } from '../kit/browser.ts'
import { type RunningServer, type ServerOptions, startServer } from '../kit/server.ts'
import { eventually } from '../kit/wait.ts'

/** A label that runs, and a browser to look at it. */
export interface Stage {
  server: RunningServer
  browser: TestBrowser
  visitor(name: string, options?: VisitorOptions): Promise<Visitor>
  /** At a browser of their own, signed in with the label's first account. */
  owner(options?: VisitorOptions): Promise<Visitor>
  /** At a browser of their own, with an account just opened through the page. */
  member(name: string, options?: VisitorOptions): Promise<Visitor>
}

/** Good enough for everybody in the stories. */
export const password = 'three small words'

/**
 * Starts the built product and Chromium, plays the story, and takes both down. Fails when the story does, when a
 * browser complained of something, or when the server does not end well.
 */
export async function onStage(
  story: (stage: Stage) => Promise<void>,
  options?: ServerOptions,
): Promise<void> {
  const stage = await openStage(options)
  try {
    await stage.play(story)
  } finally {
    await stage.close()
  }
}

/** A stage for several stories; each is told well or with all that explains its failure. */
export interface OpenStage {
  play(story: (stage: Stage) => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** Starts the built product and Chromium. */
export async function openStage(options?: ServerOptions): Promise<OpenStage> {
  process.env.VEZA_TEST_BUILT = '1'
  const server = await startServer(options)
  const browser = await TestBrowser.open(server.url).catch(async (error: unknown) => {
    await server.close()
    throw error
  })
  const stage = stageOf(server, browser)
  return {
    play: async (story) => {
      try {
        await story(stage)
        browser.assertQuiet()
      } catch (error) {
        throw await explained(error, server, browser)
      }
    },
    close: async () => {
      await browser.close()
      const code = await server.stop()
      await server.close()
      if (code !== 0) throw new Error(`The server ended with ${code}:\n${server.output().slice(-3_000)}`)
    },
  }
}

function stageOf(server: RunningServer, browser: TestBrowser): Stage {
  const visitor = (name: string, options?: VisitorOptions) => browser.visitor(name, options)
  return {
    server,
    browser,
    visitor,
    owner: async (options) => {
      const owner = await visitor('owner', options)
      await signIn(owner, server.owner.email, server.owner.password)
      return owner
    },
    member: async (name, options) => {
      const member = await visitor(name, options)
      await openAccount(member)
      return member
    },
  }
}

async function explained(error: unknown, server: RunningServer, browser: TestBrowser): Promise<Error> {
  const scenes = await Promise.all(browser.visitors.slice(-4).map((visitor) => visitor.describe()))
  const { stack = String(error), details = '' } = error as { stack?: string; details?: string }
  const told = `${stack}\n${details}\n${scenes.join('\n\n')}\n\nThe server:\n${server.output().slice(-3_000)}`
  // The runner prints message and stack; one of them is enough.
  return Object.assign(new Error(told), { stack: '' })
}

/** Signs in through the page, from wherever the visitor is. */
export async function signIn(visitor: Visitor, login: string, secret = password): Promise<void> {
  await givePassword(visitor, login, secret)
  await isIn(visitor)
}

/** The first step of signing in; what follows depends on the account. */
export async function givePassword(visitor: Visitor, login: string, secret = password): Promise<void> {
  const { page } = visitor
  await visitor.goTo('/login')
  await page.getByLabel('E-mail address or username').fill(login)
  await page.getByLabel('Password', { exact: true }).fill(secret)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Waits until the page knows the visitor, by that name where one is given. */
export async function isIn(visitor: Visitor, name?: string): Promise<void> {
  const label = name ? `Account: ${name}` : /^Account:/
  await visitor.sees(visitor.page.getByRole('button', { name: label }))
}

/** Opens an account through the page or an invitation link; the visitor's name in small letters is the username. */
export async function openAccount(visitor: Visitor, at = '/register'): Promise<void> {
  const { page, name } = visitor
  const username = name.toLowerCase()
  await visitor.goTo(at)
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Shown name').fill(name)
  await page.getByLabel('E-mail address').fill(`${username}@listener.test`)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Open the account' }).click()
  await isIn(visitor, name)
}

/** Waits until the page knows nobody. */
export async function isOut(visitor: Visitor): Promise<void> {
  await visitor.sees(visitor.page.getByRole('banner').getByRole('link', { name: 'Sign in' }))
}

export async function signOut(visitor: Visitor): Promise<void> {
  const { page } = visitor
  await page.getByRole('button', { name: /^Account:/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await isOut(visitor)
}

/** The one-time set-up link that `veza start` printed. */
export function setUpLink(server: RunningServer): Promise<string> {
  return eventually('the set-up link', () => /https?:\S+\/setup\?token=\S+/.exec(server.output())?.[0])
}
