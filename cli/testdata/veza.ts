import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepare } from '../../test/kit/prepared.ts'
import { program } from '../../test/kit/server.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const longestMs = 120_000

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
  /** What `--json` printed. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  json: any
}

/** Runs the real command as a child process, with nothing of the tests' own settings. */
export async function veza(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  return run(process.execPath, [...program(), ...args], env)
}

export interface Press {
  /** Pressed once this is on the screen. */
  at: string
  keys: string
}

/** Runs the real command on a terminal made by `script`; `stdout` is all its screen showed. With CI set, ink draws once. */
export async function onTerminal(
  args: string[],
  presses: Press[],
  env: Record<string, string> = {},
): Promise<Ran> {
  const line = [process.execPath, ...program(), ...args].map((word) => `'${word}'`).join(' ')
  return run('script', ['-qec', line, '/dev/null'], { ...env, TERM: 'xterm', CI: 'false' }, presses)
}

async function run(
  command: string,
  args: string[],
  env: Record<string, string>,
  presses: Press[] = [],
): Promise<Ran> {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('VEZA_'))
  const child = spawn(command, args, { cwd: root, env: { ...Object.fromEntries(own), ...env } })
  const ran: Ran = { code: null, stdout: '', stderr: '', json: undefined }
  const waiting = [...presses]
  let from = 0
  child.stdout.on('data', (chunk: Buffer) => {
    ran.stdout += chunk
    const next = waiting[0]
    if (!next || !ran.stdout.slice(from).includes(next.at)) return
    waiting.shift()
    from = ran.stdout.length
    child.stdin.write(next.keys)
  })
  child.stderr.on('data', (chunk: Buffer) => (ran.stderr += chunk))
  if (presses.length === 0) child.stdin.end()
  const timer = setTimeout(() => child.kill('SIGKILL'), longestMs)
  const [code] = (await once(child, 'close')) as [number | null]
  clearTimeout(timer)
  ran.code = code
  if (args.includes('--json') && ran.stdout !== '') ran.json = JSON.parse(ran.stdout)
  return ran
}

/** An initialised data folder with the owner `owner@label.test`, and how to be rid of it. */
export async function madeFolder(
  env: Record<string, string> = {},
): Promise<{ parent: string; data: string }> {
  const parent = await mkdtemp(join(tmpdir(), 'veza-cli-'))
  const data = join(parent, 'data')
  const password = join(parent, 'password')
  await writeFile(password, 'correct horse battery\n')
  const url = 'http://label.test'
  const flags = ['--url', url, '--admin-email', 'owner@label.test', '--admin-password-file', password]
  await prepare({ dataDir: data, url, env }, async (folder) => {
    const made = await veza(['init', '--yes', '--data', folder, ...flags], env)
    if (made.code !== 0) throw new Error(made.stderr)
  })
  return { parent, data }
}

export const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true })
