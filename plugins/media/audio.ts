import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AssetFacts, Audience, Playback, Waveform } from './contract.ts'
import type { Desk } from './desk.ts'
import { refuse, serveFile } from './serve-file.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const keptS = 3600

const types: Record<string, string> = {
  json: 'application/json',
  m3u8: 'application/vnd.apple.mpegurl',
  mp4: 'audio/mp4',
  mp3: 'audio/mpeg',
  opus: 'audio/ogg',
  flac: 'audio/flac',
  dat: 'application/octet-stream',
}
const typeOf = (file: string) => types[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream'

/** `/audio/<token>/<asset>/<file>` in front of Koa: a signed address, a look at what is remembered, then bytes. */
export function handleAudio(desk: Desk): void {
  const { router, log } = desk.ctx
  // Addresses are secrets: the server would log the path of what is thrown.
  router.bare('audio', (req, res, rest) =>
    answer(desk, req, res, rest).catch((error: unknown) => {
      log.error({ err: error }, 'sound could not be sent')
      if (res.headersSent) res.destroy()
      else refuse(res, 503, 'This sound cannot be sent at the moment; try again.')
    }),
  )
}

async function answer(desk: Desk, req: IncomingMessage, res: ServerResponse, rest: string): Promise<void> {
  if (req.method !== 'GET' && req.method !== 'HEAD') return refuse(res, 405, 'Only GET and HEAD.')
  const [token = '', assetId = '', file = '', more] = rest.split('/')
  if (more !== undefined || !uuid.test(assetId)) return refuse(res, 404, 'There is nothing at this address.')
  const found = desk.cache.find(assetId)
  const played = found instanceof Promise ? await found : found
  // Also where there is no such asset: a stranger learns nothing of what is there.
  const good = desk.tokens.check(token, { id: assetId, epoch: played.epoch }, req.headers)
  if (!good) return refuse(res, 403, 'This address is not good or has expired; load the page again.')
  const stored = played.files.get(file)
  if (!stored) return refuse(res, 404, 'There is nothing at this address.')
  const scope = good.isPublic ? 'public' : 'private'
  await serveFile(req, res, desk.ctx.storage, {
    ...stored,
    etag: `"${stored.key.split('/').at(-2)}-${file}"`,
    headers: {
      'Content-Type': typeOf(file),
      'Cache-Control': `${scope}, max-age=${Math.min(good.secondsLeft, keptS)}`,
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}

/** Null for what does not play. */
export function playbackOf({ tokens }: Desk, asset: AssetFacts, audience: Audience): Playback | null {
  if (!asset.playable) return null
  const { epoch, progressive, hasLossless } = asset.playable
  const { base, expiresAt } = tokens.address({ id: asset.id, epoch }, audience)
  return {
    manifest: `${base}/manifest.json`,
    hls: `${base}/master.m3u8`,
    progressive: progressive.map(({ codec, mime, file }) => ({ codec, mime, url: `${base}/${file}` })),
    hasLossless,
    expiresAt: expiresAt.toISOString(),
  }
}

export function waveformOf({ tokens }: Desk, asset: AssetFacts, audience: Audience): Waveform | null {
  if (!asset.playable) return null
  const { epoch, waveforms } = asset.playable
  const [coarse, detail, fine] = waveforms
  if (!coarse || !detail || !fine) return null
  const { base } = tokens.address({ id: asset.id, epoch }, audience)
  return { url: `${base}/${coarse}`, detailUrl: `${base}/${detail}`, fineUrl: `${base}/${fine}` }
}
