import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import WebSocket from 'ws'
import { eventually } from '../kit/wait.ts'
import { endGroup, startGroup } from '../tools/process.ts'
import { type Driver, mark, marked } from './driver.ts'

type Answer = Record<string, never> & { result?: unknown; value?: string }

const prefs = {
  'app.update.disabledForTesting': true,
  'browser.safebrowsing.downloads.remote.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'media.gmp-manager.updateEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
}

/** Told by the event, as Firefox does not write what the policy refused to the page's console. */
const watchPolicy = `() => addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  console.error('refused by', violatedDirective, blockedURI))`

/** Firefox without windows, by WebDriver BiDi. */
export async function openFirefox(): Promise<Driver> {
  const profile = await mkdtemp(join(tmpdir(), 'veza-firefox-'))
  const lines = Object.entries(prefs).map(
    ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`,
  )
  await writeFile(join(profile, 'user.js'), lines.join('\n'))
  const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0']
  const child = startGroup('firefox-esr', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk))
  const end = async () => {
    endGroup(child)
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const address = await eventually('Firefox to listen', () => /ws:\/\/[\d.:]+/.exec(said)?.[0])
    return await connect(`${address}/session`, end)
  } catch (error) {
    await end()
    throw new Error(`${String(error)}\n${said}`)
  }
}

async function connect(address: string, end: () => Promise<void>): Promise<Driver> {
  const wire = new Wire(address)
  await wire.open()
  const { capabilities } = await wire.ask('session.new', { capabilities: {} })
  await wire.ask('session.subscribe', { events: ['log.entryAdded'] })
  await wire.ask('script.addPreloadScript', { functionDeclaration: watchPolicy })
  const { contexts } = await wire.ask('browsingContext.getTree', {})
  const { context } = contexts[0]
  const look = async (expression: string) => {
    const functionDeclaration = `async () => JSON.stringify(await (${expression})) ?? 'null'`
    const asked = { functionDeclaration, awaitPromise: true, target: { context } }
    const { result, exceptionDetails } = await wire.ask('script.callFunction', asked)
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.text}`)
    return JSON.parse(result.value)
  }
  const act = (id: string, type: string, actions: object[]) =>
    wire.ask('input.performActions', { context, actions: [{ type, id, actions }] })
  return {
    name: `Firefox ${capabilities.browserVersion}`,
    goTo: (url) => wire.ask('browsingContext.navigate', { context, url, wait: 'complete' }),
    look,
    press: async (xpath) => {
      await eventually(xpath, () => look(mark(xpath)))
      const locator = { type: 'css', value: marked }
      const { nodes } = await wire.ask('browsingContext.locateNodes', { context, locator })
      const origin = { type: 'element', element: { sharedId: nodes[0].sharedId } }
      await act('hand', 'pointer', [
        { type: 'pointerMove', x: 0, y: 0, origin },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ])
    },
    type: (text) =>
      act(
        'keys',
        'key',
        [...text].flatMap((value) => ['keyDown', 'keyUp'].map((type) => ({ type, value }))),
      ),
    resize: (width, height) =>
      wire.ask('browsingContext.setViewport', { context, viewport: { width, height } }),
    shoot: async () => (await wire.ask('browsingContext.captureScreenshot', { context })).data,
    complaints: () => wire.complaints,
    close: async () => {
      wire.close()
      await end()
    },
  }
}

class Wire {
  readonly complaints: string[] = []
  readonly #socket: WebSocket
  readonly #asked = new Map<number, (answer: Answer) => void>()
  #last = 0

  constructor(address: string) {
    this.#socket = new WebSocket(address)
    this.#socket.on('message', (data) => this.#heard(JSON.parse(String(data))))
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => this.#socket.once('open', resolve).once('error', reject))
  }

  // biome-ignore lint/suspicious/noExplicitAny: the protocol's answers are taken as they are
  async ask(method: string, params: object): Promise<any> {
    const id = ++this.#last
    const answered = new Promise<Answer>((resolve) => this.#asked.set(id, resolve))
    this.#socket.send(JSON.stringify({ id, method, params }))
    const { type, result, error, message } = await answered
    if (type === 'error') throw new Error(`${method}: ${error} ${message}`)
    return result
  }

  close(): void {
    this.#socket.close()
  }

  #heard(message: Answer): void {
    const { id, params } = message as { id?: number; params?: { level: string; text: string } }
    if (id !== undefined) this.#asked.get(id)?.(message)
    else if (params?.level === 'error') this.complaints.push(params.text)
  }
}
