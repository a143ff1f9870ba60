export interface Source {
  /** Of the stream or recording: a new address of the same one is no new source. */
  id: string
  url: string
  isLive: boolean
  hasVideo: boolean
}
/** `network` is being mended; `expired` needs a new address; `gone` and `unplayable` are final. */
export type Trouble = 'network' | 'expired' | 'gone' | 'unplayable'
export interface LinkNews {
  trouble(trouble: Trouble): void
  well(): void
  /** The server's clock, from its answers. */
  serverTime(at: number): void
}
/** A media element fed from an address. */
export interface MediaLink {
  playingDate(): Date | null
  /** Media time to play from to be live. */
  edgeS(): number | null
  retry(): void
  close(): void
}

/** Half a second, doubled with each try, ten seconds at most. */
export function backOffMs(tries: number): number {
  return Math.min(10_000, 500 * 2 ** Math.min(tries, 5))
}
