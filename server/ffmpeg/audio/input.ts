import type { AudioFacts, AudioFormat } from './types.ts'

/** Everything that is read here holds its sound itself: a playlist, which names other files, is none of them. */
const readable = 'mp3,wav,flac,aiff,ogg,mov'

/** Options that open a file as the format it should be, or as one of those above, and as nothing else. */
export function inputArgs(path: string, format?: AudioFormat): string[] {
  return ['-format_whitelist', readable, ...(format ? ['-f', format] : []), '-i', `file:${path}`]
}

/** The head of a filter graph: the sound alone, time counted in samples whether or not the source has gaps. */
export function soundOf({ playedSamples }: AudioFacts): string {
  const trim = playedSamples === null ? '' : `,atrim=end_sample=${playedSamples}`
  return `[0:a:0]asettb=1/sr,asetpts=N${trim}`
}
