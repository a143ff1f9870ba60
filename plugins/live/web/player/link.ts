import Hls from 'hls.js'
import { HlsLink } from './hls-link.ts'
import { NativeLink } from './native-link.ts'
import type { From, LinkNews, MediaLink, Program } from './source.ts'

/** Media source extensions first: browsers that have both measure the delay only this way. */
export function openLink(
  media: HTMLMediaElement,
  program: Program,
  from: From,
  news: LinkNews,
): MediaLink | null {
  if (Hls.isSupported()) return new HlsLink(media, program, from, news)
  if (media.canPlayType('application/vnd.apple.mpegurl')) return new NativeLink(media, program, from, news)
  news.trouble('unplayable')
  return null
}
