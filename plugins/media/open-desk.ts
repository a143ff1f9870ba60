import { AudioCache } from './audio-cache.ts'
import type { Desk } from './desk.ts'
import { PlaybackTokens } from './playback-token.ts'
import type { MediaContext } from './settings.ts'

/** Puts the parts together; nothing runs yet. */
export function openDesk(ctx: MediaContext): Desk {
  // As the server calls it (ASVS 3.3.1: with the prefix wherever there is HTTPS).
  const cookieName = ctx.site.url.startsWith('https:') ? '__Host-veza_session' : 'veza_session'
  return { ctx, tokens: new PlaybackTokens(ctx.signer, cookieName), cache: new AudioCache(ctx.db) }
}
