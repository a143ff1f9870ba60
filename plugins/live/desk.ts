import type { HealthDesk } from './health-desk.ts'
import type { IngestLink } from './ingest-link.ts'
import type { PlaybackTokens } from './playback-token.ts'
import type { LiveContext } from './settings.ts'
import type { Viewers } from './viewers.ts'

/** What the parts of the plugin share within one process and site. */
export interface Desk {
  ctx: LiveContext
  tokens: PlaybackTokens
  viewers: Viewers
  health: HealthDesk
  /** Set while this process has the ingest role and is started. */
  link: IngestLink | null
  /** Makes the ingest act at once on what the database asks for; where it runs elsewhere, it looks each second. */
  look(): void
  /** Lets go of what is remembered about a stream's right to be served. */
  forget(streamId: string): void
}

/** Folder of a stream's segments and index, and its prefix in the storage. */
export const recordingPrefix = (streamId: string): string => `live/${streamId}`
export const posterPrefix = (streamId: string): string => `live-posters/${streamId}`
