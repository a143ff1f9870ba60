import type { Plugin } from '#sdk'
import artists from './artists/index.ts'
import catalog from './catalog/index.ts'
import chat from './chat/index.ts'
import live from './live/index.ts'
import media from './media/index.ts'
import payments from './payments/index.ts'
import player from './player/index.ts'
import playlists from './playlists/index.ts'
import profiles from './profiles/index.ts'
import tips from './tips/index.ts'

/** The plugins every Veza comes with. One line a plugin. */
export const bundledPlugins: readonly Plugin[] = [
  media,
  profiles,
  artists,
  catalog,
  player,
  playlists,
  live,
  chat,
  payments,
  tips,
]
