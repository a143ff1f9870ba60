import type { IncomingMessage } from 'node:http'
import { malformed, tooLarge, unsupportedType } from '#contract'
import { problem } from '../sdk/index.ts'

/** Reads a JSON body of at most `limit` bytes, counted while it arrives. Undefined where there is none. */
export async function readJson(req: IncomingMessage, limit: number): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  if (Number(req.headers['content-length'] ?? 0) > limit) throw problem(tooLarge)
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw problem(tooLarge)
    chunks.push(chunk)
  }
  if (size === 0) return undefined
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(req.headers['content-type'] ?? ''))
    throw problem(unsupportedType)
  try {
    return JSON.parse(Buffer.concat(chunks, size).toString('utf8'), refusePrototype)
  } catch {
    throw problem(malformed, 'The body is not valid JSON.')
  }
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('__proto__')
  return value
}
