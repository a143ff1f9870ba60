import type { Playback } from '../../contract.ts'
import type { Reach } from './moments.ts'

export interface Source {
  /** Of what is watched: a change of its main camera or a new address of the same one is no new source. */
  id: string
  playback: Playback
  isLive: boolean
  /** When the stream began, as far as that is known: how far back one may go. */
  startedAt?: string | null
}
/** `network` is being mended; `expired` needs a new address; `gone` and `unplayable` are final. */
export type Trouble = 'network' | 'expired' | 'gone' | 'unplayable'

/**
 * What kind of playlist it is: `live` follows the edge, with parts where it has them; `dvr` is all that is kept of a
 * running stream; `angle` is a picture that others tell what to do; `recording` is complete.
 */
export type ProgramKind = 'live' | 'dvr' | 'angle' | 'recording'
export interface Program {
  kind: ProgramKind
  url: string
}
/** Where a program begins: at a date, at a position, or where its kind begins. */
export type From = { atMs: number } | { atS: number } | null

export interface LinkNews {
  trouble(trouble: Trouble): void
  well(): void
  /** The server's clock, from its answers. */
  serverTime(at: number): void
  /** Nothing more to play came in time. */
  stalled(): void
  /** Other pictures to choose from, or more to play. */
  changed(): void
}

/** One of the picture sizes that a stream is offered in. */
export interface Rung {
  index: number
  width: number
  height: number
  bitsPerSecond: number
  isSource: boolean
}

/** For people who want to know how it goes. */
export interface LinkFigures {
  bitsPerSecond: number | null
  rung: Rung | null
  hasParts: boolean
}

/** A media element fed from an address. */
export interface MediaLink {
  /** The date of what is to be seen now. */
  momentMs(): number | null
  /** Where a date is played; null until something is known. */
  positionOf(atMs: number): number | null
  /** The dates that the playlist holds. */
  reach(): Reach | null
  /** Media time to play from to be live. */
  edgeS(): number | null
  /** How far from the end of the playlist that is. */
  targetMs(): number
  rungs(): Rung[]
  /** By `index`; null leaves the choice to the line. `isCheap`: the least that there is, as nobody looks. */
  choose(index: number | null, isCheap?: boolean): void
  figures(): LinkFigures
  /** Loads nothing more, until `resume`. */
  suspend(): void
  resume(): void
  retry(): void
  close(): void
}

/** Half a second, doubled with each try, ten seconds at most. */
export function backOffMs(tries: number): number {
  return Math.min(10_000, 500 * 2 ** Math.min(tries, 5))
}

const address = /\/hls\/[^/]+\/([^/]+)\/([^?]+)/

/** One viewer, however many playlists this page opens for them. */
let viewerId: string | null = null

function ownViewerId(): string {
  // Not `randomUUID`: that is missing on plain http, as in a studio's own network.
  viewerId ??= Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
  return viewerId
}

/** The address as one viewer asks for it; pictures of other cameras come with a sound that is counted already. */
export function askedAs({ kind, url }: Program): string {
  if (kind === 'recording' || url.includes('?')) return url
  return `${url}?${kind === 'angle' ? 'uncounted' : `v=${ownViewerId()}`}`
}

/** The stream whose media is at an address; null for addresses of other kinds. */
export function streamIdOf(url: string): string | null {
  return address.exec(url)?.[1] ?? null
}

/** True for two addresses of the same media, one signed later than the other. */
export function isSameMedia(one: string, other: string): boolean {
  const [a, b] = [address.exec(one), address.exec(other)]
  return one === other || (a !== null && b !== null && a[1] === b[1] && a[2] === b[2])
}

/** What to add to the dates of the media at an address to be on the main camera's clock. */
export function offsetMsOf(playback: Playback, url: string): number {
  const id = streamIdOf(url)
  const angle = playback.angles.find((one) => one.hls === url || one.id === id)
  if (angle) return angle.offsetMs
  return playback.audio !== null && isSameMedia(url, playback.audio) ? (playback.audioOffsetMs ?? 0) : 0
}
