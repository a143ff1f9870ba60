import * as assert from 'uvu/assert'
import { runCli } from '../run.ts'
import type { Ran } from './veza.ts'

/**
 * The command without a process of its own, which costs a twentieth of the time: for the many ways to be wrong.
 * One at a time.
 */
export async function here(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const ran: Ran = { code: null, stdout: '', stderr: '', json: undefined }
  const before = { ...process.env }
  const { write: out } = process.stdout
  const { write: err } = process.stderr
  for (const name of Object.keys(process.env)) if (name.startsWith('VEZA_')) delete process.env[name]
  Object.assign(process.env, env)
  process.stdout.write = taking((text) => (ran.stdout += text))
  process.stderr.write = taking((text) => (ran.stderr += text))
  try {
    ran.code = await runCli(args)
  } finally {
    process.stdout.write = out
    process.stderr.write = err
    for (const name of Object.keys(env)) delete process.env[name]
    Object.assign(process.env, before)
  }
  if (args.includes('--json') && ran.stdout !== '') ran.json = JSON.parse(ran.stdout)
  return ran
}

function taking(take: (text: string) => void): typeof process.stdout.write {
  return (chunk: string | Uint8Array) => {
    take(String(chunk))
    return true
  }
}

/** What a failure said: its sentence and its remedy, from lines or from JSON. */
export function said({ stderr }: Ran): string {
  if (!stderr.startsWith('{')) return stderr
  const { error } = JSON.parse(stderr) as { error: { message: string; remedy: string } }
  return `${error.message}\n${error.remedy}`
}

/** One sentence with its remedy below it, and never a stack trace. */
export function assertSaid(ran: Ran, wanted: number, sentence: RegExp): void {
  const text = said(ran)
  assert.is(ran.code, wanted, ran.stdout + ran.stderr)
  assert.match(text, sentence)
  assert.not.match(ran.stdout + ran.stderr, /^\s+at /m)
  assert.ok(text.trimEnd().split('\n').length <= 2, text)
}
