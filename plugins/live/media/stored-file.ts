import type { Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { nullWhenMissing } from './stream-files.ts'

const CHUNK = 256 * 1024

interface Span {
  start: number
  /** Last byte, inclusive. */
  end: number
}

/** Answers with a file, whole or one range of it (RFC 9110 14); false when there is no such file. */
export async function sendStoredFile(
  req: IncomingMessage,
  res: ServerResponse,
  path: { dir: string; name: string },
  headers: readonly string[],
): Promise<boolean> {
  const file = await open(join(path.dir, path.name), 'r').catch(nullWhenMissing)
  if (file === null) return false
  try {
    await sendOpened(req, res, file, headers)
  } finally {
    await file.close().catch(() => {})
  }
  return true
}

async function sendOpened(
  req: IncomingMessage,
  res: ServerResponse,
  file: FileHandle,
  headers: readonly string[],
): Promise<void> {
  const { size }: Stats = await file.stat()
  const span = parseRange(req.headers.range, size)
  if (span === 'unsatisfiable') {
    res.writeHead(416, [...headers, 'content-range', `bytes */${size}`, 'content-length', '0']).end()
    return
  }
  const { start, end } = span ?? { start: 0, end: size - 1 }
  const all = [...headers, 'accept-ranges', 'bytes', 'content-length', String(end - start + 1)]
  if (span !== null) all.push('content-range', `bytes ${start}-${end}/${size}`)
  res.writeHead(span === null ? 200 : 206, all)
  if (req.method === 'HEAD' || size === 0) {
    res.end()
    return
  }
  const body = file.createReadStream({ start, end, highWaterMark: CHUNK, autoClose: false })
  // A viewer that leaves in the middle is no error of ours.
  await pipeline(body, res).catch(() => res.destroy())
}

/** Null for no range or one that is not understood, which then means the whole file. */
export function parseRange(header: string | undefined, size: number): Span | 'unsatisfiable' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (match === null || (match[1] === '' && match[2] === '')) return null
  const [first, last] = [match[1]!, match[2]!]
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (first !== '' && last !== '' && Number(last) < start) return null
  return start > end ? 'unsatisfiable' : { start, end }
}
