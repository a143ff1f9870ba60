import { Socket, type SocketConstructorOpts } from 'node:net'

/** As large as what libuv asks for. Every socket reads into the same one: nothing is left in it once it was told. */
const shared = Buffer.allocUnsafeSlow(64 * 1024)

/** What `net` itself does with a connection that its server took, and does not document. */
interface Taken {
  _handle?: object | null
  _server?: unknown
}

/**
 * Moves a connection that its server took (with `pauseOnConnect`) to a socket that allocates nothing for reading. Node
 * takes 64 KB for each read, of which a frame of video fills a twelfth, and collecting them was a third of what
 * publishers cost. The documented remedy, `onread`, is for sockets one makes; the rest of what is needed is in `Taken`, and
 * where that is missing the socket stays as it is. Its `data` events hold bytes that are only valid during the event.
 */
export function readInPlace(taken: Socket): Socket {
  const from: Taken = taken as object
  const { _handle: handle, _server } = from
  if (!handle || taken.constructor !== Socket) return taken
  const callback = (size: number) => socket.emit('data', shared.subarray(0, size))
  const onread: SocketConstructorOpts['onread'] = { buffer: shared, callback }
  const options: SocketConstructorOpts = { readable: true, writable: true, onread }
  const socket: Socket = new Socket(Object.assign(options, { handle, pauseOnCreate: true }))
  // The server counts its connections by this.
  Object.assign(socket, { _server, server: _server })
  from._handle = null
  return socket
}
