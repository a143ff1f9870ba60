import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commandOf, treeOf } from './processes.ts'
import { freePort, launch, runToEnd, scratch, until } from './program.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
/** Another build can be measured by naming its entry. */
const main = process.env.VEZA_BENCH_MAIN ?? join(root, 'dist/cli/main.js')

/** The entry of the build that is measured. */
export function vezaMain(): string {
  if (!existsSync(main)) throw new Error('Build first: npm run build')
  return main
}

/** A running Veza of its own folder and ports, as a label would run it. */
export interface Veza {
  pid: number
  dir: string
  http: string
  rtmpPort: number
  /** The process that takes the encoders' bytes. */
  ingestPid(): number
  isReady(): Promise<boolean>
  command(...args: string[]): string
  stop(): Promise<void>
}

/** Makes a data folder, starts the built server in it and waits until it is ready. */
export async function startVeza(env: Record<string, string> = {}): Promise<Veza> {
  const { veza } = await bootVeza(env)
  await until('Veza is ready', veza.isReady)
  return veza
}

/** The same without waiting; `startedAt` is when the process was started. */
export async function bootVeza(env: Record<string, string> = {}): Promise<{ veza: Veza; startedAt: number }> {
  vezaMain()
  const { dir, remove } = await scratch()
  const [httpPort, rtmpPort] = [await freePort(), await freePort()]
  const ports = {
    VEZA_HTTP_PORT: String(httpPort),
    VEZA_RTMP_PORT: String(rtmpPort),
    VEZA_ICECAST_PORT: '0',
    VEZA_HTTP_HOST: '127.0.0.1',
  }
  const command = (...args: string[]) =>
    runToEnd(process.execPath, [main, ...args, '--data', dir], { NODE_ENV: 'production', ...ports })
  const http = `http://127.0.0.1:${httpPort}`
  command('init', '--yes', '--url', http)
  const startedAt = performance.now()
  const args = [main, 'start', '--data', dir]
  const server = launch(process.execPath, args, { NODE_ENV: 'production', ...ports, ...env })
  const ingestPid = () =>
    treeOf(server.pid).find((pid) => commandOf(pid).includes('ingest/main')) ?? server.pid
  const stop = async () => {
    await server.stop()
    await remove()
  }
  const isReady = () => answers(`${http}/health/ready`)
  return { veza: { pid: server.pid, dir, http, rtmpPort, ingestPid, isReady, command, stop }, startedAt }
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => null)
  await response?.arrayBuffer()
  return response?.ok ?? false
}

/** Addresses to publish to, each a channel of its own. */
export function publishUrls(veza: Veza, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const made = JSON.parse(veza.command('stream-key', 'create', '--channel', channelName(i), '--json')) as {
      key: string
    }
    return `rtmp://127.0.0.1:${veza.rtmpPort}/live/${made.key}`
  })
}

export function channelName(i: number): string {
  return `channel-${i}`
}

/** Address of a channel's multivariant playlist; null while nothing can be played. */
export async function playlistOf(veza: Veza, slug: string): Promise<string | null> {
  const response = await fetch(`${veza.http}/api/v1/live/channels/${slug}`)
  if (!response.ok) throw new Error(`The channel answered ${response.status}`)
  const channel = (await response.json()) as { playback: { hls: string } | null }
  return channel.playback && new URL(channel.playback.hls, veza.http).href
}
