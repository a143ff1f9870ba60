import type { StreamRendition } from './types.ts'

/** HLS media playlist (RFC 8216) over byte ranges of the rendition's one file. */
export function mediaPlaylist({ file, init, segments, sampleRate }: StreamRendition): string {
  const longest = Math.max(...segments.map(([, , samples]) => samples / sampleRate))
  const parts = segments.flatMap(([offset, length, samples]) => [
    `#EXTINF:${(samples / sampleRate).toFixed(6)},`,
    `#EXT-X-BYTERANGE:${length}@${offset}`,
    file,
  ])
  const head = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(longest))}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    `#EXT-X-MAP:URI="${file}",BYTERANGE="${init[1]}@${init[0]}"`,
  ]
  return `${[...head, ...parts, '#EXT-X-ENDLIST'].join('\n')}\n`
}

/** HLS names FLAC `fLaC`, by its four letters in MP4; Media Source names it `flac`. */
const hlsCodecs = { 'mp4a.40.2': 'mp4a.40.2', flac: 'fLaC' }

export const playlistName = ({ file }: StreamRendition) => file.replace(/\.mp4$/, '.m3u8')

/** From the least bit rate to the greatest. */
export function masterPlaylist(renditions: readonly StreamRendition[]): string {
  const variants = [...renditions]
    .sort((a, b) => a.bitrateKbps - b.bitrateKbps)
    .flatMap((one) => {
      const [peak, mean] = bandwidths(one)
      const codecs = `CODECS="${hlsCodecs[one.codec]}"`
      return [`#EXT-X-STREAM-INF:BANDWIDTH=${peak},AVERAGE-BANDWIDTH=${mean},${codecs}`, playlistName(one)]
    })
  return `${['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS', ...variants].join('\n')}\n`
}

/** Bits a second: the greatest of a segment, and of all. A last one of some samples counts for little more than a second. */
function bandwidths({ segments, sampleRate }: StreamRendition): [peak: number, mean: number] {
  const bits = segments.map(([, length]) => length * 8)
  const seconds = segments.map(([, , samples]) => samples / sampleRate)
  const mean = sum(bits) / sum(seconds)
  const rates = bits.map((one, i) => one / Math.max(1, seconds[i] ?? 1))
  return [Math.ceil(Math.max(mean, ...rates)), Math.ceil(mean)]
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
