/** Response headers of the HLS handler, flat as node's writeHead takes them fastest. */

const OPEN_TO_ALL = [
  'x-content-type-options',
  'nosniff',
  'access-control-allow-origin',
  '*',
  'access-control-expose-headers',
  'content-length, content-range, accept-ranges',
]
const PLAYLIST = ['content-type', 'application/vnd.apple.mpegurl', ...OPEN_TO_ALL]
const PACKABLE = [...PLAYLIST, 'vary', 'accept-encoding']
const FOREVER = [...OPEN_TO_ALL, 'cache-control', 'public, max-age=31536000, immutable']
const TEXT = ['content-type', 'text/plain; charset=utf-8', ...OPEN_TO_ALL, 'cache-control', 'no-store']

/** The multivariant playlist of a live stream: each viewer's own. */
export const PERSONAL_PLAYLIST = [...PLAYLIST, 'cache-control', 'no-store']
export const GROWING_PLAYLIST = [...PACKABLE, 'cache-control', 'max-age=1']
/** Asked for with every part; each answer is new. */
export const LOW_LATENCY_PLAYLIST = [...PACKABLE, 'cache-control', 'no-cache']
/** What is shown of a recording may be changed by hand. */
export const COMPLETE_PLAYLIST = [...PACKABLE, 'cache-control', 'max-age=10']
/** Segments and initialisation segments never change. */
export const MEDIA_FILE = {
  video: ['content-type', 'video/mp4', ...FOREVER],
  audio: ['content-type', 'audio/mp4', ...FOREVER],
}
/** A sheet of a storyboard: each new one has a new name. */
export const PICTURE_FILE = ['content-type', 'image/jpeg', ...FOREVER]
/** The dates of pictures of a running stream; more of them come. */
export const STILLS_LIST = [
  'content-type',
  'application/json',
  ...OPEN_TO_ALL,
  'cache-control',
  'private, max-age=1',
]
export const REFUSAL = TEXT
export const WRONG_METHOD = [...TEXT, 'allow', 'GET, HEAD, OPTIONS']
export const PREFLIGHT = [
  ...OPEN_TO_ALL,
  'access-control-allow-methods',
  'GET, HEAD, OPTIONS',
  'access-control-allow-headers',
  'range',
  'access-control-max-age',
  '86400',
]
/** Nothing came in time; asking again helps. */
export const LATER = [...TEXT, 'retry-after', '1']
