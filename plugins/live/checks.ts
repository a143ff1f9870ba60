import { connect, createServer } from 'node:net'
import type { ApplianceInfo, Check } from '#sdk'
import { feedAddress } from './ingest-link.ts'

/** `veza doctor`: can encoders reach us? `isListening` where this process itself holds the port. */
export function rtmpPortCheck(appliance: ApplianceInfo, isListening: () => boolean): Check {
  return {
    id: 'live.rtmp-port',
    title: 'RTMP port for encoders',
    isVital: appliance.roles.includes('ingest'),
    run: () =>
      findPortTrouble(appliance, isListening, { ...appliance.rtmp, what: 'RTMP', key: 'VEZA_RTMP_PORT' }),
  }
}

/** The same for Icecast sources; a server without them starts all the same. */
export function icecastPortCheck(appliance: ApplianceInfo, isListening: () => boolean): Check {
  const { host, port } = appliance.icecast ?? { host: '', port: 0 }
  const wanted = { host, port, what: 'Icecast sources', key: 'VEZA_ICECAST_PORT' }
  return {
    id: 'live.icecast-port',
    title: 'Port for Icecast sources',
    run: () => findPortTrouble(appliance, isListening, wanted),
  }
}

async function findPortTrouble(
  appliance: ApplianceInfo,
  isListening: () => boolean,
  { host, port, what, key }: { host: string; port: number; what: string; key: string },
): ReturnType<Check['run']> {
  // A running Veza of this data folder answers on its feed: then the port is in the right hands.
  if (isListening() || port === 0 || (await answers(feedAddress(appliance)))) return null
  const code = await tryPort(host, port)
  if (code === null) return null
  const isTaken = code === 'EADDRINUSE'
  return {
    message: `Port ${port} for ${what} cannot be used: ${isTaken ? 'another program has it' : code}.`,
    remedy: isTaken
      ? `Stop that program, or choose another port with ${key}.`
      : `Choose another port with ${key}; ports below 1024 need more rights.`,
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
