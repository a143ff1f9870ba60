import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { STATUS_CODES } from '../node-http.ts'

/** Largest frame a browser may send; a larger one closes the connection with 1009. */
export const maxFrameBytes = 64 * 1024

/** The WebSocket side of an upgrade: `handleUpgrade(req, socket, head, (ws) => hub.accept(ws, who))`. */
export function createSocketServer(): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
    clientTracking: false,
  })
}

/** Answers an upgrade request that is not wanted, and ends it. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  socket.on('error', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
