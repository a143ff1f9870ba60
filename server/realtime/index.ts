export type { Visitor } from './connection.ts'
export type { FanOut } from './fan-out/types.ts'
export { createHub, type Hub, type HubOptions } from './hub.ts'
export { createSocketServer, refuseUpgrade } from './sockets.ts'
