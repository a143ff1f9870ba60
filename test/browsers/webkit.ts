import { eventually } from '../kit/wait.ts'
import { endGroup, startGroup } from '../tools/process.ts'
import { freePort } from '../tools/servers.ts'
import { type Driver, mark, marked } from './driver.ts'

export const program = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser'

/** WebKitGTK, what Safari is made of, on a screen that nobody sees; by WebDriver. */
export async function openWebKit(): Promise<Driver> {
  const port = await freePort()
  const screen = ['-a', '-s', '-screen 0 1600x1200x24']
  const child = startGroup('xvfb-run', [...screen, 'WebKitWebDriver', `--port=${port}`, '--host=127.0.0.1'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk))
  const at = `http://127.0.0.1:${port}`
  try {
    await eventually('WebKitWebDriver to answer', () => fetch(`${at}/status`).catch(() => null))
    const args = ['--automation', '--enable-write-console-messages-to-stdout=true']
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary: program, args } } }
    const session = await ask('POST', `${at}/session`, { capabilities })
    const name = `WebKitGTK ${session.capabilities.browserVersion}`
    return driverAt(`${at}/session/${session.sessionId}`, {
      name,
      said: () => said,
      end: () => endGroup(child),
    })
  } catch (error) {
    endGroup(child)
    throw new Error(`${String(error)}\n${said}`)
  }
}

interface Process {
  name: string
  said(): string
  end(): void
}

function driverAt(at: string, { name, said, end }: Process): Driver {
  const post = (path: string, body: object = {}) => ask('POST', at + path, body)
  const act = (type: string, actions: object[]) =>
    post('/actions', { actions: [{ type, id: type, actions }] })
  const look = async (expression: string) => {
    const script = `const done = arguments[0]; (async () => JSON.stringify(await (${expression})) ?? 'null')()
      .then(done, (error) => done(JSON.stringify({ thrown: String(error) })))`
    const value = JSON.parse(await post('/execute/async', { script, args: [] }))
    if (value?.thrown) throw new Error(`${expression}: ${value.thrown}`)
    return value
  }
  return {
    name,
    goTo: (url) => post('/url', { url }),
    look,
    press: async (xpath) => {
      await eventually(xpath, () => look(mark(xpath)))
      const origin = await post('/element', { using: 'css selector', value: marked })
      await act('pointer', [
        { type: 'pointerMove', x: 0, y: 0, origin },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ])
    },
    type: (text) =>
      act(
        'key',
        [...text].flatMap((value) => ['keyDown', 'keyUp'].map((type) => ({ type, value }))),
      ),
    resize: (width, height) => post('/window/rect', { x: 0, y: 0, width, height }),
    shoot: () => ask('GET', `${at}/screenshot`),
    complaints: () => said().match(/^CONSOLE .*ERROR.*$/gm) ?? [],
    close: async () => {
      await ask('DELETE', at).catch(() => undefined)
      end()
    },
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the protocol's answers are taken as they are
async function ask(method: string, url: string, body?: object): Promise<any> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  const { value } = (await response.json()) as { value: { error?: string; message?: string } }
  if (value?.error) throw new Error(`${value.error}: ${value.message}`)
  return value
}
