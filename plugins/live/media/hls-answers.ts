import type { IncomingMessage, ServerResponse } from 'node:http'
import { LATER, PREFLIGHT, REFUSAL, WRONG_METHOD } from './hls-headers.ts'
import type { Rendered } from './rendered.ts'
import { SlowClients } from './slow-clients.ts'
import type { LivePart } from './track-window.ts'

/** A request for a file of a stream. */
export interface Asked {
  req: IncomingMessage
  res: ServerResponse
  streamId: string
  file: string
}

/** Sends what was found, and cuts off who does not take it. */
export class Answers {
  readonly slow: SlowClients

  constructor(drainWithinMs: number | undefined) {
    this.slow =
      drainWithinMs === undefined ? new SlowClients() : new SlowClients(drainWithinMs, drainWithinMs / 4)
  }

  /** Null is not found. */
  rendered(asked: Asked, headers: readonly string[], rendered: Rendered | null): void {
    if (rendered === null) {
      notFound(asked.res)
      return
    }
    const isPackable = asked.req.headers['accept-encoding']?.includes('gzip') ?? false
    const packed = isPackable ? rendered.packed : null
    if (packed === null) this.body(asked, headers, rendered.plain)
    else this.body(asked, [...headers, 'content-encoding', 'gzip'], packed)
  }

  body({ req, res }: Asked, headers: readonly string[], body: Buffer): void {
    res.writeHead(200, [...headers, 'content-length', String(body.length)])
    if (req.method === 'HEAD') {
      res.end()
      return
    }
    res.end(body)
    this.slow.watch(res)
  }

  /** One after the other, without joining them in memory. */
  parts(asked: Asked, headers: readonly string[], parts: readonly LivePart[]): void {
    const { req, res } = asked
    if (parts.length === 1) {
      this.body(asked, headers, parts[0]!.body)
      return
    }
    const size = parts.reduce((sum, part) => sum + part.body.length, 0)
    res.writeHead(200, [...headers, 'content-length', String(size)])
    res.cork()
    if (req.method !== 'HEAD') for (const { body } of parts) res.write(body)
    res.end()
    res.uncork()
    this.slow.watch(res)
  }
}

export function refuseMethod({ req, res }: Asked): void {
  if (req.method === 'OPTIONS') res.writeHead(204, PREFLIGHT).end()
  else res.writeHead(405, WRONG_METHOD).end('Only GET and HEAD.\n')
}

export function notFound(res: ServerResponse): void {
  res.writeHead(404, REFUSAL).end('Not found.\n')
}

export function badRequest(res: ServerResponse): void {
  res
    .writeHead(400, REFUSAL)
    .end('This playlist does not go that far; ask for it without _HLS_ parameters.\n')
}

export function later(res: ServerResponse): void {
  res.writeHead(503, LATER).end('Nothing new came in time; ask again.\n')
}
