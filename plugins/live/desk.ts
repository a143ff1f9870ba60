import type { Rights } from './access/rights.ts'
import type { HealthDesk } from './health-desk.ts'
import type { IngestLink } from './ingest-link.ts'
import type { PlaybackTokens } from './playback-token.ts'
import type { LiveContext } from './settings.ts'
import type { Shown } from './shown.ts'
import type { SimulcastDesk } from './simulcast/simulcast-desk.ts'
import type { Viewers } from './viewers.ts'

/** What the parts of the plugin share within one process and site. */
export interface Desk {
  ctx: LiveContext
  tokens: PlaybackTokens
  /** Who may watch what. */
  rights: Rights
  viewers: Viewers
  health: HealthDesk
  shown: Shown
  /** Set while this process has the ingest role and is started. */
  link: IngestLink | null
  /** Where channels are sent on to; set as `link` is. */
  simulcast: SimulcastDesk | null
  /** Makes the ingest act at once on what the database asks for; where it runs elsewhere, it looks each second. */
  look(): void
  /** Lets go of what is remembered about a stream's right to be served. */
  forget(streamId: string): void
  /** Lets go of what is remembered about an account's right to watch. */
  forgetViewer(accountId: string): void
}

/** Of the session, as the server calls it (ASVS 3.3.1: with the prefix wherever there is HTTPS). */
export const cookieNameOf = (ctx: LiveContext): string =>
  ctx.site.url.startsWith('https:') ? '__Host-veza_session' : 'veza_session'

/** Folder of a stream's segments and index, and its prefix in the storage. */
export const recordingPrefix = (streamId: string): string => `live/${streamId}`
export const clipPrefix = (clipId: string): string => `live-clips/${clipId}`
export const posterPrefix = (streamId: string): string => `live-posters/${streamId}`
