import type { Plugin } from '#sdk'
import artists from './artists/index.ts'
import chat from './chat/index.ts'
import live from './live/index.ts'
import profiles from './profiles/index.ts'

/** The plugins every Veza comes with. One line a plugin. */
export const bundledPlugins: readonly Plugin[] = [profiles, artists, live, chat]
