import type { WebPlugin } from '#web'
import artists from './artists/web/index.ts'
import catalog from './catalog/web/index.ts'
import chat from './chat/web/index.ts'
import live from './live/web/index.ts'
import payments from './payments/web/index.ts'
import player from './player/web/index.ts'
import playlists from './playlists/web/index.ts'
import profiles from './profiles/web/index.ts'
import tips from './tips/web/index.ts'

/** The bundled plugins' browser sides; what they show is loaded only when it is needed. */
export const plugins: readonly WebPlugin[] = [
  catalog,
  player,
  playlists,
  live,
  artists,
  chat,
  profiles,
  payments,
  tips,
]
