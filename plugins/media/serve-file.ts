import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Storage } from '#sdk'

export interface ServedFile {
  key: string
  sizeBytes: number
  etag: string
  headers: Record<string, string>
}

/** Answers GET and HEAD with a file that never changes: validation (RFC 9110, 13) and one range (14). */
export async function serveFile(
  req: IncomingMessage,
  res: ServerResponse,
  storage: Storage,
  file: ServedFile,
): Promise<void> {
  const { sizeBytes, etag } = file
  const described = { ...file.headers, ETag: etag, 'Accept-Ranges': 'bytes' }
  if (isFresh(req, etag)) {
    res.writeHead(304, described).end()
    return
  }
  const condition = req.headers['if-range']
  const range = condition === undefined || condition === etag ? rangeOf(req.headers.range, sizeBytes) : 'all'
  if (range === 'outside') {
    res.writeHead(416, { ...file.headers, 'Content-Range': `bytes */${sizeBytes}`, 'Content-Length': '0' })
    res.end()
    return
  }
  const { start, end } = range === 'all' ? { start: 0, end: sizeBytes - 1 } : range
  const part = range === 'all' ? {} : { 'Content-Range': `bytes ${start}-${end}/${sizeBytes}` }
  const head = { ...described, ...part, 'Content-Length': String(end - start + 1) }
  const stored = req.method === 'HEAD' ? null : await read(storage, file, { start, end })
  if (stored === 'gone') return refuse(res, 404, 'This file is not here any more; load the page again.')
  res.writeHead(range === 'all' ? 200 : 206, head)
  if (!stored) {
    res.end()
    return
  }
  // Who leaves in the middle is no error; a disk that fails can only be told by closing.
  await pipeline(stored.stream, res).catch(() => res.destroy())
}

async function read(storage: Storage, file: ServedFile, range: { start: number; end: number }) {
  const stored = await storage.read(file.key, file.sizeBytes === 0 ? undefined : range)
  if (stored?.sizeBytes === file.sizeBytes) return stored
  stored?.stream.destroy()
  return 'gone' as const
}

/** A refusal in front of Koa. */
export function refuse(res: ServerResponse, status: number, text: string): void {
  const allow = status === 405 ? { Allow: 'GET, HEAD' } : {}
  res.writeHead(status, { ...closed, ...allow, 'Content-Type': 'text/plain; charset=utf-8' })
  res.end(`${text}\n`)
}

const closed = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
}

function isFresh(req: IncomingMessage, etag: string): boolean {
  const known = req.headers['if-none-match']
  return known !== undefined && (known.trim() === '*' || known.split(',').some((one) => one.trim() === etag))
}

/** Inclusive ends; `all` also for several ranges and what cannot be read, as a server may. */
export function rangeOf(
  header: string | undefined,
  sizeBytes: number,
): { start: number; end: number } | 'all' | 'outside' {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? []
  if (first === undefined || last === undefined || first + last === '') return 'all'
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes)
    return length === 0 ? 'outside' : { start: sizeBytes - length, end: sizeBytes - 1 }
  }
  const start = Number(first)
  if (last !== '' && Number(last) < start) return 'all'
  const end = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1)
  return start >= sizeBytes ? 'outside' : { start, end }
}
