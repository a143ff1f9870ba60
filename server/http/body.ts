import type { IncomingMessage } from 'node:http'
import { malformed, tooLarge, unsupportedType } from '#contract'
import { parseJson } from '../json.ts'
import { problem } from '../sdk/index.ts'

/** Reads a JSON body of at most `limit` bytes, counted while it arrives. Undefined where there is none. */
export async function readJson(req: IncomingMessage, limit: number): Promise<unknown> {
  const bytes = await readAll(req, limit)
  if (bytes.length === 0) return undefined
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(req.headers['content-type'] ?? ''))
    throw problem(unsupportedType)
  try {
    return parseJson(bytes.toString('utf8'))
  } catch {
    throw problem(malformed, 'The body is not valid JSON.')
  }
}

/** Reads a body of one of these media types (`image/*`) as it is. What it really is, the handler finds out. */
export async function readBytes(
  req: IncomingMessage,
  types: readonly string[],
  limit: number,
): Promise<Buffer | undefined> {
  const given = (req.headers['content-type'] ?? '').toLowerCase().split(';')[0]?.trim() ?? ''
  const fits = types.some((type) =>
    type.endsWith('/*') ? given.startsWith(type.slice(0, -1)) : given === type,
  )
  const bytes = await readAll(req, limit)
  if (bytes.length === 0) return undefined
  if (!fits) throw problem(unsupportedType, `Send the body as ${types.join(' or ')}.`)
  return bytes
}

async function readAll(req: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  if (Number(req.headers['content-length'] ?? 0) > limit) throw problem(tooLarge)
  for await (const chunk of piecesOf(req)) {
    size += chunk.length
    if (size > limit) throw problem(tooLarge)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

/** What arrives; a line that breaks off or cannot be read is the caller's fault and no error of ours. */
async function* piecesOf(req: IncomingMessage): AsyncIterable<Buffer> {
  try {
    // Kept open when too much comes, or the refusal would not get out either.
    yield* req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  } catch {
    throw problem(malformed, 'The body broke off.')
  }
}
