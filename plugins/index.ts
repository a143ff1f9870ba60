import type { Plugin } from '#sdk'
import chat from './chat/index.ts'
import live from './live/index.ts'

/** The plugins every Veza comes with. One line a plugin. */
export const bundledPlugins: readonly Plugin[] = [live, chat]
