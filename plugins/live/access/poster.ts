import type { IncomingMessage, ServerResponse } from 'node:http'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { REFUSAL } from '../media/hls-headers.ts'
import type { LiveContext } from '../settings.ts'
import type { Stream } from '../streams.ts'

/** The picture of a stream that is not everybody's; `file` is `poster-<name>`, and each new picture has a new one. */
export async function sendPoster(
  { storage }: LiveContext,
  { posterKey }: Stream,
  { req, res, file }: { req: IncomingMessage; res: ServerResponse; file: string },
): Promise<void> {
  const isReading = req.method === 'GET' || req.method === 'HEAD'
  const isNewest = posterKey !== null && `poster-${basename(posterKey)}` === file
  const found = isReading && isNewest ? await storage.read(posterKey) : null
  if (!found) {
    res.writeHead(404, REFUSAL).end('Not found.\n')
    return
  }
  const headers = {
    'content-type': 'image/jpeg',
    'content-length': found.sizeBytes,
    'cache-control': 'max-age=60',
  }
  res.writeHead(200, { ...headers, 'x-content-type-options': 'nosniff' })
  if (req.method === 'HEAD') {
    found.stream.destroy()
    res.end()
    return
  }
  await pipeline(found.stream, res)
}
