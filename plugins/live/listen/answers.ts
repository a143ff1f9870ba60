import type { ServerResponse } from 'node:http'
import type { Channel } from '../channels.ts'
import { type Format, formats } from './formats.ts'
import { icyText, metaEvery } from './icy.ts'

const common = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'access-control-allow-origin': '*',
}

export function sendWords(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, { ...common, 'content-type': 'text/plain; charset=utf-8' })
  res.end(`${text}\n`)
}

export function sendPreflight(res: ServerResponse): void {
  const headers = 'icy-metadata, range'
  res.writeHead(204, {
    ...common,
    'access-control-allow-methods': 'GET, HEAD',
    'access-control-allow-headers': headers,
  })
  res.end()
}

/** The head of an endless answer: neither a length nor chunks, which old radios do not know. */
export function sendHead(
  res: ServerResponse,
  {
    format,
    channel,
    page,
    wantsTitles,
  }: { format: Format; channel: Channel; page: string; wantsTitles: boolean },
): void {
  const { type, kbps } = formats[format]
  res.shouldKeepAlive = false
  res.useChunkedEncodingByDefault = false
  res.writeHead(200, {
    ...common,
    'content-type': type,
    'accept-ranges': 'none',
    'icy-name': icyText(channel.title),
    ...(channel.description && { 'icy-description': icyText(channel.description) }),
    'icy-url': page,
    ...(kbps !== null && { 'icy-br': String(kbps) }),
    ...(wantsTitles && { 'icy-metaint': String(metaEvery) }),
  })
  res.flushHeaders()
}

/** A file for players that are given files: the address of the stream in it. */
export function sendPlaylist(
  res: ServerResponse,
  kind: 'm3u' | 'pls',
  { channel, address }: { channel: Channel; address: string },
): void {
  const title = channel.title.replace(/\s+/g, ' ')
  const text =
    kind === 'm3u'
      ? `#EXTM3U\n#EXTINF:-1,${title}\n${address}\n`
      : `[playlist]\nNumberOfEntries=1\nFile1=${address}\nTitle1=${title}\nLength1=-1\nVersion=2\n`
  const type = kind === 'm3u' ? 'audio/x-mpegurl' : 'audio/x-scpls'
  res.writeHead(200, { ...common, 'content-type': `${type}; charset=utf-8` })
  res.end(text)
}
