import { defineWebPlugin, type WebPlugin } from '#web'
import chat from './chat/web/index.ts'
import { setUpFills } from './live/web/setup/fills.ts'

/** The bundled plugins' browser sides; what they show is loaded only when it is needed. */
export const plugins: readonly WebPlugin[] = [
  chat,
  defineWebPlugin({ name: 'live', pages: [], fills: setUpFills }),
]
