import type { FanOut } from './types.ts'

/** For a site that one process serves: there is nobody else to tell. */
export function processFanOut(): FanOut {
  return { publish: () => {}, subscribe: () => {}, close: async () => {} }
}
