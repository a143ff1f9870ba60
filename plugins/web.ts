import type { WebPlugin } from '#web'
import artists from './artists/web/index.ts'
import chat from './chat/web/index.ts'
import live from './live/web/index.ts'
import profiles from './profiles/web/index.ts'

/** The bundled plugins' browser sides; what they show is loaded only when it is needed. */
export const plugins: readonly WebPlugin[] = [live, artists, chat, profiles]
