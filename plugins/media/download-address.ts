import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AssetRow } from './assets.ts'
import type { Desk } from './desk.ts'
import { shownName } from './names.ts'
import { refuse, serveFile } from './serve-file.ts'

const lifeS = 3600
const key = /^media\/[0-9a-f-]{36}\/(?:original\.[a-z0-9]{2,5}|downloads\/[0-9a-f-]{36}\.[a-z0-9]{2,5})$/

/** One that saves the file under this name, for an hour, or until the asset's addresses are revoked. */
export function downloadAddress(
  { ctx }: Desk,
  { epoch }: Pick<AssetRow, 'epoch'>,
  fileKey: string,
  fileName: string,
): string {
  const name = shownName(fileName.replaceAll(/[/\\]/g, '-'))
  const expiry = (Math.floor(Date.now() / 1000) + lifeS).toString(36)
  const signature = ctx.signer.sign('audio-file', signedText({ expiry, epoch, fileKey, name }))
  return `/audio-file/${expiry}.${signature}/${fileKey.slice('media/'.length)}/${encodeURIComponent(name)}`
}

/** `/audio-file/<token>/<file>/<name>`: a file to keep, in front of Koa. */
export function handleDownloadAddresses(desk: Desk): void {
  const { router, log } = desk.ctx
  router.bare('audio-file', (req, res, rest) =>
    answer(desk, req, res, rest).catch((error: unknown) => {
      log.error({ err: error }, 'a download could not be sent')
      if (res.headersSent) res.destroy()
      else refuse(res, 503, 'This file cannot be sent at the moment; try again.')
    }),
  )
}

const signedText = (of: { expiry: string; epoch: number; fileKey: string; name: string }) =>
  `${of.expiry}:${of.epoch}:${of.fileKey}:${of.name}`

async function answer(
  { ctx, cache }: Desk,
  req: IncomingMessage,
  res: ServerResponse,
  rest: string,
): Promise<void> {
  if (req.method !== 'GET' && req.method !== 'HEAD') return refuse(res, 405, 'Only GET and HEAD.')
  const [, token = '', path = '', encoded = ''] = /^([^/]+)\/(.+)\/([^/]+)$/.exec(rest) ?? []
  const name = decoded(encoded)
  const fileKey = `media/${path}`
  const [expiry = '', signature = ''] = token.split('.')
  const isGood =
    /^[0-9a-z]{5,8}$/.test(expiry) &&
    Number.parseInt(expiry, 36) > Date.now() / 1000 &&
    name !== null &&
    key.test(fileKey) &&
    ctx.signer.verify(
      'audio-file',
      signedText({ expiry, epoch: await epochOf(cache, path), fileKey, name }),
      signature,
    )
  if (!isGood) return refuse(res, 403, 'This address is not good or has expired; ask for the file again.')
  const sizeBytes = await ctx.storage.size(fileKey)
  if (sizeBytes === null) return refuse(res, 404, 'This file is not here any more; ask for it again.')
  const etag = `"${path.replaceAll('/', '-')}-${sizeBytes.toString(36)}"`
  await serveFile(req, res, ctx.storage, { key: fileKey, sizeBytes, etag, headers: headersOf(name) })
}

const epochOf = async (cache: Desk['cache'], path: string) =>
  (await cache.find(path.slice(0, path.indexOf('/')))).epoch

/** RFC 6266, with the plain name for programs that know no other. */
function headersOf(name: string): Record<string, string> {
  const plain =
    name
      .normalize('NFKD')
      .replaceAll(/[^\x20-\x7e]/g, '')
      .replaceAll(/["\\%]/g, '_') || 'audio'
  const whole = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  )
  return {
    'Content-Type': types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    'Content-Disposition': `attachment; filename="${plain}"; filename*=UTF-8''${whole}`,
    'Cache-Control': 'private, max-age=600',
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  }
}

const types: Record<string, string> = {
  flac: 'audio/flac',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  aiff: 'audio/aiff',
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
