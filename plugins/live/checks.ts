import { connect, createServer } from 'node:net'
import type { ApplianceInfo, Check } from '#sdk'
import { feedAddress } from './ingest-link.ts'

/** `veza doctor`: can encoders reach us? `isListening` where this process itself holds the port. */
export function rtmpPortCheck(appliance: ApplianceInfo, isListening: () => boolean): Check {
  const { host, port } = appliance.rtmp
  return {
    id: 'live.rtmp-port',
    title: 'RTMP port for encoders',
    isVital: appliance.roles.includes('ingest'),
    run: async () => {
      // A running Veza of this data folder answers on its feed: then the port is in the right hands.
      if (isListening() || port === 0 || (await answers(feedAddress(appliance)))) return null
      const code = await tryPort(host, port)
      if (code === null) return null
      const isTaken = code === 'EADDRINUSE'
      return {
        message: `Port ${port} for RTMP cannot be used: ${isTaken ? 'another program has it' : code}.`,
        remedy: isTaken
          ? 'Stop that program, or choose another port with VEZA_RTMP_PORT.'
          : 'Choose another port with VEZA_RTMP_PORT; ports below 1024 need more rights.',
      }
    },
  }
}

/** Null when the port can be listened on, else the system's error code. */
function tryPort(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'UNKNOWN'))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)))
  })
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const done = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
    socket.setTimeout(1_000, () => done(false))
  })
}
