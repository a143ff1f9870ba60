/** Content types by ending; nothing is guessed from what a file holds. `true`: a browser may show it in place. */
const table: Record<string, [type: string, isShown: boolean]> = {
  jpg: ['image/jpeg', true],
  jpeg: ['image/jpeg', true],
  png: ['image/png', true],
  webp: ['image/webp', true],
  avif: ['image/avif', true],
  gif: ['image/gif', true],
  mp4: ['video/mp4', true],
  m4s: ['video/iso.segment', true],
  ts: ['video/mp2t', true],
  webm: ['video/webm', true],
  m4a: ['audio/mp4', true],
  aac: ['audio/aac', true],
  mp3: ['audio/mpeg', true],
  ogg: ['audio/ogg', true],
  opus: ['audio/ogg', true],
  flac: ['audio/flac', true],
  wav: ['audio/wav', true],
  aiff: ['audio/aiff', true],
  m3u8: ['application/vnd.apple.mpegurl', true],
  vtt: ['text/vtt; charset=utf-8', false],
  txt: ['text/plain; charset=utf-8', false],
  csv: ['text/csv; charset=utf-8', false],
  json: ['application/json', false],
  pdf: ['application/pdf', false],
  zip: ['application/zip', false],
  // An SVG may carry scripts: a download, never a picture in place.
  svg: ['image/svg+xml', false],
}

/** The type a file is served with. `isShown` is false for all but audio, video and pictures. */
export function mediaType(key: string): { type: string; isShown: boolean } {
  const ending = key.slice(key.lastIndexOf('.') + 1)
  const [type, isShown] = (Object.hasOwn(table, ending) && table[ending]) || [
    'application/octet-stream',
    false,
  ]
  return { type, isShown }
}
