import { execFileSync } from 'node:child_process'
import { statfs, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sleep } from './kit/numbers.ts'
import { treeOf, usageOf } from './kit/processes.ts'
import { launch, scratch } from './kit/program.ts'
import type { Finding } from './kit/report.ts'
import { startVeza, type Veza } from './kit/veza.ts'

const uploads = 10
const mib = 2 ** 20
const sender = fileURLToPath(new URL('./kit/send-upload.ts', import.meta.url))
const password = 'seven harbours in the fog'

/** Memory of the server while many large uploads run at once. `uploads:256` sends files of so many MiB. */
export async function uploading(options: readonly string[]): Promise<Finding> {
  const veza = await startVeza()
  const { dir, remove } = await scratch()
  try {
    const sizeMb = Number(options[0] ?? 0) || (await fitting(veza.dir))
    const source = join(dir, 'large.wav')
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=1', source])
    // The rest is a hole: nothing to store, and read as zeros.
    await truncate(source, sizeMb * mib)
    const token = await signIn(veza)
    await sleep(3000)
    const idle = await measure(veza, 2000)
    const startedAt = performance.now()
    const program = process.execPath
    const flags = ['--conditions=veza-source', '--import', 'tsx', sender]
    const clients = launch(program, [...flags, veza.http, token, source, String(uploads)])
    const busy = await measureWhile(veza, clients.pid)
    const elapsed = (performance.now() - startedAt) / 1000
    if (clients.said()) throw new Error(clients.said())
    const more = busy.greatest - idle.greatest
    return {
      name: 'uploads',
      title: 'Memory while large files arrive',
      how: `${uploads} uploads of ${sizeMb} MiB at once over loopback, each in one PATCH of the tus protocol from another process, to the built server (all roles, SQLite). Resident memory of the server without its children, four times a second: at rest before, and from the first byte to the end of the last upload.`,
      columns: ['server', 'median MB', 'greatest MB', 'above rest', 'MB/s in all'],
      rows: [
        ['at rest', idle.median.toFixed(0), idle.greatest.toFixed(0), '', ''],
        [
          'during the uploads',
          busy.median.toFixed(0),
          busy.greatest.toFixed(0),
          more.toFixed(0),
          ((uploads * sizeMb) / elapsed).toFixed(0),
        ],
      ],
      aims: [{ what: 'greatest above rest', measured: more, atMost: 100, unit: 'MB' }],
    }
  } finally {
    await veza.stop()
    await remove()
  }
}

/** 1 GiB each where the disk has room for all of them three times, else as much as fits. */
async function fitting(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir)
  return Math.min(1024, Math.floor((bavail * bsize) / mib / uploads / 3))
}

async function signIn(veza: Veza): Promise<string> {
  const send = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${veza.http}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as { accessToken: string }
  }
  await send('/api/v1/auth/register', { email: 'artist@example.org', username: 'artist', password })
  veza.command('user', 'role', 'artist@example.org', '--add', 'artist')
  return (await send('/api/v1/auth/login', { login: 'artist', password })).accessToken
}

interface Memory {
  median: number
  greatest: number
}

const memoryOf = (values: number[]): Memory => {
  const sorted = values.sort((a, b) => a - b)
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, greatest: sorted.at(-1) ?? 0 }
}

async function measure({ pid }: Veza, forMs: number): Promise<Memory> {
  const values: number[] = []
  for (const end = Date.now() + forMs; Date.now() < end; await sleep(250))
    values.push(usageOf([pid]).residentMb)
  return memoryOf(values)
}

async function measureWhile({ pid }: Veza, clients: number): Promise<Memory> {
  const values: number[] = []
  while (treeOf(process.pid).includes(clients)) {
    values.push(usageOf([pid]).residentMb)
    await sleep(250)
  }
  return memoryOf(values)
}
