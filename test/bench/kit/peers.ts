import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { ffmpegApplication, hlsApplication, startNginx } from './nginx.ts'
import { treeOf } from './processes.ts'
import { freePort, launch, scratch, until } from './program.ts'
import { channelName, publishUrls, startVeza } from './veza.ts'

/** A server that turns RTMP into HLS, started for one run. */
export interface Peer {
  urls: string[]
  /** Its processes of the moment, by part; `all` is among them. */
  parts(): Record<string, number[]>
  stop(): Promise<void>
}

export async function vezaPeer(count: number): Promise<Peer> {
  const veza = await startVeza()
  const ingest = veza.ingestPid()
  const parts = () => ({ ingest: [ingest], all: treeOf(veza.pid) })
  return { urls: publishUrls(veza, count), parts, stop: veza.stop }
}

export function nginxPeer(count: number): Promise<Peer> {
  return nginx(count, hlsApplication)
}

export function nginxFfmpegPeer(count: number): Promise<Peer> {
  return nginx(count, ffmpegApplication)
}

async function nginx(count: number, application: (dir: string) => string): Promise<Peer> {
  const server = await startNginx(application)
  const urls = Array.from({ length: count }, (_, i) => `${server.rtmpUrl}/${channelName(i)}`)
  return { urls, parts: () => ({ all: treeOf(server.pid) }), stop: server.stop }
}

export async function nmsFfmpegPeer(count: number): Promise<Peer> {
  const script = fileURLToPath(new URL('./nms-ffmpeg.ts', import.meta.url))
  const { dir, remove } = await scratch()
  const port = await freePort()
  const server = launch(process.execPath, ['--import', 'tsx', script, String(port), dir])
  await until(`node-media-server listens. ${server.said()}`, () => isOpen(port))
  const urls = Array.from({ length: count }, (_, i) => `rtmp://127.0.0.1:${port}/live/${channelName(i)}`)
  const stop = async () => {
    await server.stop()
    await remove()
  }
  return { urls, parts: () => ({ all: treeOf(server.pid) }), stop }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
