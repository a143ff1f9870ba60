/** What a listener can have. */
export type Format = 'mp3' | 'aac' | 'opus'

interface Facts {
  type: string
  /** Kilobits a second, for players that show it; null where it is the publisher's. */
  kbps: number | null
  /** ffmpeg's options for it, behind the input; null where nothing is encoded. */
  encode: string | null
}

const fixed = '-map 0:a:0 -ar 48000 -ac 2'

export const formats: Record<Format, Facts> = {
  mp3: {
    type: 'audio/mpeg',
    kbps: 192,
    encode: `${fixed} -c:a libmp3lame -b:a 192k -write_xing 0 -id3v2_version 0 -flush_packets 1 -f mp3`,
  },
  aac: { type: 'audio/aac', kbps: null, encode: null },
  opus: {
    type: 'audio/ogg',
    kbps: 128,
    encode: `${fixed} -c:a libopus -b:a 128k -page_duration 200000 -flush_packets 1 -f ogg`,
  },
}

const byType: Record<string, Format> = {
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
  'audio/aac': 'aac',
  'audio/aacp': 'aac',
  'audio/ogg': 'opus',
  'audio/opus': 'opus',
  'application/ogg': 'opus',
}

/** The format a player says it likes best; MP3 where it says nothing or likes everything. */
export function formatFor(accept: string): Format {
  let best: { format: Format; quality: number } | null = null
  for (const item of accept.slice(0, 500).split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
    const format = name === '*/*' || name === 'audio/*' ? 'mp3' : byType[name]
    const stated = parameters.find((parameter) => parameter.startsWith('q='))
    const quality = stated === undefined ? 1 : Number(stated.slice(2)) || 0
    if (format && quality > (best?.quality ?? 0)) best = { format, quality }
  }
  return best?.format ?? 'mp3'
}
