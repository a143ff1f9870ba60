import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { defineProblem, methodNotAllowed, notFound, type Problem } from '#contract'
import type { BareHandler } from '#sdk'
import { byteRange } from './byte-range.ts'
import type { FileFacts, StorageDriver } from './driver.ts'
import { mediaType } from './media-types.ts'

const mediaAddress = defineProblem({
  name: 'media-address',
  status: 403,
  title: 'This media address is not valid or has expired; load the page again.',
})
const rangeNotSatisfiable = defineProblem({
  name: 'range-not-satisfiable',
  status: 416,
  title: 'The file has no such bytes.',
})

/** Longest time a browser may keep a file without asking again. */
const maxAgeS = 3600

/** Answers `/media/…` from the storage: signed addresses only, GET and HEAD, with ranges and validation. */
export function serveMedia(storage: StorageDriver, now: () => number = Date.now): BareHandler {
  return async (req, res, rest) => {
    res.setHeader('X-Content-Type-Options', 'nosniff')
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.setHeader('Allow', 'GET, HEAD')
      return refuse(res, methodNotAllowed)
    }
    // Before anything is looked at on the disk: a stranger learns nothing of what is there.
    const address = storage.verifyMediaUrl(rest)
    if (!address) return refuse(res, mediaAddress)
    const facts = await storage.facts(address.key)
    if (!facts) return refuse(res, notFound)
    describe(res, address.key, facts, Math.max(0, Math.floor((address.expiresAt - now()) / 1000)))
    await answer(req, res, storage, address.key, facts)
  }
}

function describe(res: ServerResponse, key: string, facts: FileFacts, secondsLeft: number): void {
  const { type, isShown } = mediaType(key)
  res.setHeader('Content-Type', type)
  res.setHeader('ETag', facts.etag)
  res.setHeader('Accept-Ranges', 'bytes')
  res.setHeader('Cache-Control', `private, max-age=${Math.min(secondsLeft, maxAgeS)}`)
  res.setHeader('Referrer-Policy', 'no-referrer')
  if (isShown) return
  res.setHeader('Content-Disposition', 'attachment')
  res.setHeader('Content-Security-Policy', 'sandbox')
}

async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  storage: StorageDriver,
  key: string,
  facts: FileFacts,
): Promise<void> {
  if (isFresh(req, facts.etag)) {
    res.writeHead(304).end()
    return
  }
  const range = wantedRange(req, facts)
  if (range === 'outside') {
    res.setHeader('Content-Range', `bytes */${facts.sizeBytes}`)
    return refuse(res, rangeNotSatisfiable)
  }
  const { start, end } = range === 'all' ? { start: 0, end: facts.sizeBytes - 1 } : range
  if (range !== 'all') res.setHeader('Content-Range', `bytes ${start}-${end}/${facts.sizeBytes}`)
  res.setHeader('Content-Length', end - start + 1)
  res.statusCode = range === 'all' ? 200 : 206
  if (req.method === 'HEAD') res.end()
  else await sendBytes(res, storage, key, facts, { start, end })
}

async function sendBytes(
  res: ServerResponse,
  storage: StorageDriver,
  key: string,
  facts: FileFacts,
  range: { start: number; end: number },
): Promise<void> {
  const file = await storage.read(key, facts.sizeBytes === 0 ? undefined : range).catch((error: unknown) => {
    if (error instanceof RangeError) return null
    throw error
  })
  // Replaced or removed since its size was told: the browser asks again.
  if (file?.sizeBytes !== facts.sizeBytes) {
    file?.stream.destroy()
    res.destroy()
    return
  }
  try {
    await pipeline(file.stream, res)
  } catch {
    // Gone before the end, or the disk failed: either way only closing the connection tells.
    res.destroy()
  }
}

function isFresh(req: IncomingMessage, etag: string): boolean {
  const known = req.headers['if-none-match']
  return known !== undefined && (known.trim() === '*' || known.split(',').some((one) => one.trim() === etag))
}

function wantedRange(req: IncomingMessage, facts: FileFacts) {
  const condition = req.headers['if-range']
  if (typeof condition === 'string' && condition !== facts.etag) return 'all' as const
  return byteRange(req.headers.range, facts.sizeBytes)
}

function refuse(res: ServerResponse, { name, title, status }: Problem): void {
  res.removeHeader('ETag')
  const body = JSON.stringify({ type: `urn:veza:problem:${name}`, title, status, instance: '/media' })
  res.writeHead(status, {
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  })
  res.end(body)
}
