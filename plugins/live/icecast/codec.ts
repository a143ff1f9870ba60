/** How the sound of a source comes: AAC frames as they are, or what ffmpeg must decode. */
export type SourceCodec = 'adts' | 'mp3' | 'ogg'

const byType: readonly (readonly [RegExp, SourceCodec])[] = [
  [/^audio\/(?:x-)?(?:mpeg|mp3|mpeg3)$/, 'mp3'],
  [/^audio\/(?:x-)?(?:aac|aacp|hx-aac-adts|adts)$/, 'adts'],
  [/^(?:application|audio)\/(?:x-)?(?:ogg|opus|vorbis)$/, 'ogg'],
]
const bySuffix: Record<string, SourceCodec> = {
  mp3: 'mp3',
  aac: 'adts',
  ogg: 'ogg',
  oga: 'ogg',
  opus: 'ogg',
  flac: 'ogg',
}

/** By the type the source states, or where it states none by the ending of its mount; null for any other. */
export function codecOf(contentType: string, suffix: string): SourceCodec | null {
  const type = contentType.split(';')[0]!.trim().toLowerCase()
  if (type === '' || type === 'application/octet-stream') return bySuffix[suffix] ?? null
  return byType.find(([pattern]) => pattern.test(type))?.[1] ?? null
}
