import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A line to a server that can be cut and mended, for everything that runs over it at once. */
export interface Line {
  /** Address of this end, for the browser. */
  url: string
  /** Breaks what runs over it and refuses what comes. */
  cut(): void
  /** Lets nothing more through from the server, while what the browser sends still arrives. */
  loseAnswers(): void
  mend(): void
  close(): Promise<void>
}

/** Passes bytes on, between a port of its own and that of the server. */
export async function layLine(serverPort: number): Promise<Line> {
  const open = new Set<Socket>()
  let isCut = false
  let isOneWay = false
  const keep = (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
  }
  const line = createServer((near) => {
    keep(near)
    if (isCut) {
      near.resetAndDestroy()
      return
    }
    const far = connect(serverPort, '127.0.0.1')
    keep(far)
    near.pipe(far)
    far.on('data', (bytes: Buffer) => {
      if (!isOneWay && !near.write(bytes)) far.pause()
    })
    near.on('drain', () => far.resume())
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
  })
  line.listen(0, '127.0.0.1')
  await once(line, 'listening')
  const breakAll = () => {
    for (const socket of open) socket.resetAndDestroy()
  }
  return {
    url: `http://127.0.0.1:${(line.address() as AddressInfo).port}`,
    cut: () => {
      isCut = true
      breakAll()
    },
    loseAnswers: () => {
      isOneWay = true
    },
    mend: () => {
      isCut = false
      isOneWay = false
    },
    close: async () => {
      breakAll()
      line.close()
      await once(line, 'close')
    },
  }
}
