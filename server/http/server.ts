import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { identity } from '#contract'
import { VezaError } from '../errors.ts'
import { createServer } from '../node-http.ts'
import { createSocketServer, refuseUpgrade } from '../realtime/index.ts'
import { addressBlock } from '../sdk/address-block.ts'
import { type Log, problem } from '../sdk/index.ts'
import { addressOf } from './call.ts'
import { isSameOrigin } from './origin.ts'
import { bodyOf, toProblem } from './problem-body.ts'
import { perMinuteOf } from './rate-limit.ts'
import type { SiteHttp } from './site-http.ts'

export interface ServerParts {
  siteFor(host: string): SiteHttp
  /** The Koa app. */
  pages: (req: IncomingMessage, res: ServerResponse) => void
  readiness(): Promise<Record<string, boolean>>
  metrics(): Promise<string>
  trustedProxies: readonly string[]
  log: Log
}

/** The HTTP server: health and metrics, media in front of Koa, WebSockets, then the app. */
export interface WebServer {
  server: Server
  listen(host: string, port: number): Promise<number>
  /** Finishes running answers, ends idle and long-lived connections, within `graceMs`. */
  close(graceMs: number): Promise<void>
}

export function createWebServer(parts: ServerParts): WebServer {
  const server = createServer(
    { keepAliveTimeout: 65_000, headersTimeout: 20_000, requestTimeout: 300_000, maxHeaderSize: 16_384 },
    (req, res) => {
      if (!answerBare(parts, req, res)) parts.pages(req, res)
    },
  )
  const sockets = createSocketServer()
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgrade(parts, sockets, req, socket, head).catch((error: unknown) => {
      parts.log.warn({ err: error }, 'upgrade failed')
      refuseUpgrade(socket, 500)
    })
  })
  server.on('clientError', (_error, socket) => {
    if (socket.writable)
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    else socket.destroy()
  })
  return {
    server,
    listen: (host, port) => listen(server, host, port),
    close: (graceMs) => close(server, graceMs),
  }
}

function answerBare(parts: ServerParts, req: IncomingMessage, res: ServerResponse): boolean {
  const path = pathOf(req)
  const end = path.indexOf('/', 1)
  if (end < 0) {
    if (path !== '/metrics') return false
    sendMetrics(parts, req, res)
    return true
  }
  if (path === '/health/live') {
    sendJson(res, 200, { status: 'ok' })
    return true
  }
  if (path === '/health/ready') {
    void parts.readiness().then((checks) =>
      sendJson(res, Object.values(checks).every(Boolean) ? 200 : 503, {
        status: Object.values(checks).every(Boolean) ? 'ok' : 'unavailable',
        checks,
      }),
    )
    return true
  }
  return media(parts, req, res, path.slice(1, end), path.slice(end + 1))
}

function media(
  parts: ServerParts,
  req: IncomingMessage,
  res: ServerResponse,
  prefix: string,
  rest: string,
): boolean {
  try {
    const site = parts.siteFor(req.headers.host ?? '')
    const handler = site.table.findBare(prefix)
    if (!handler) return false
    const address = addressOf(req, parts.trustedProxies)
    if (!site.admits(address)) throw problem(identity.addressBanned)
    site.limit(`media ${addressBlock(address)}`, perMinuteOf.media)
    const caller = async () => (await site.authenticate(req, address)).account
    const done = handler(req, res, rest, caller)
    if (done) done.catch((error: unknown) => refuse(parts, req, res, error))
  } catch (error) {
    refuse(parts, req, res, error)
  }
  return true
}

function refuse(parts: ServerParts, req: IncomingMessage, res: ServerResponse, error: unknown): void {
  const refusal = toProblem(error)
  if (refusal.problem.status >= 500)
    parts.log.error({ path: pathOf(req).slice(0, 80), err: error }, 'media request failed')
  if (res.headersSent) res.destroy()
  else sendJson(res, refusal.problem.status, bodyOf(refusal, '/'), 'application/problem+json')
}

function sendMetrics(parts: ServerParts, req: IncomingMessage, res: ServerResponse): void {
  if (!isFromInside(req)) {
    sendJson(res, 403, { title: 'Metrics are answered to this machine and its private network only.' })
    return
  }
  void parts.metrics().then((text) => {
    res.writeHead(200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    res.end(text)
  })
}

/** From loopback or a private network, and not passed on by a proxy for somebody else. */
function isFromInside(req: IncomingMessage): boolean {
  if (req.headers['x-forwarded-for'] !== undefined || req.headers.forwarded !== undefined) return false
  const address = (req.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  return /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd])/.test(address)
}

async function upgrade(
  parts: ServerParts,
  sockets: ReturnType<typeof createSocketServer>,
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  if (pathOf(req) !== '/api/v1/realtime') return refuseUpgrade(socket, 404)
  if (!isSameOrigin(req)) return refuseUpgrade(socket, 403)
  let site: SiteHttp
  try {
    site = parts.siteFor(req.headers.host ?? '')
  } catch {
    return refuseUpgrade(socket, 421)
  }
  const address = addressOf(req, parts.trustedProxies)
  if (!site.admits(address)) return refuseUpgrade(socket, 403)
  try {
    site.limit(`socket ${addressBlock(address)}`, perMinuteOf.socket)
  } catch {
    return refuseUpgrade(socket, 429)
  }
  const caller = await site.authenticate(req, address)
  sockets.handleUpgrade(req, socket, head, (accepted) => site.hub.accept(accepted, { ...caller, address }))
}

function sendJson(res: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  res.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  res.end(JSON.stringify(body))
}

const pathOf = (req: IncomingMessage): string => (req.url ?? '/').split('?', 1)[0] ?? '/'

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new VezaError(
      `Port ${port} is already in use.`,
      'Stop the other program, or choose another port: VEZA_HTTP_PORT=8081 veza start',
    )
  if (error.code === 'EACCES')
    return new VezaError(
      `This user may not listen on port ${port}.`,
      'Use a port above 1023 with a proxy in front, or start as root.',
    )
  return new VezaError(
    `Cannot listen on ${host}:${port} (${error.code}).`,
    'Check http.host and http.port in config.yaml.',
    { cause: error },
  )
}

async function close(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearTimeout(timer)
}
