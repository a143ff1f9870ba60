import { connect, createServer } from 'node:net'
import type { ApplianceInfo, Check } from '#sdk'
import { feedAddress } from './ingest-link.ts'

const rtmp = { en: 'RTMP', fr: 'de RTMP' }
const icecast = { en: 'Icecast sources', fr: 'des sources Icecast' }

/** `veza doctor`: can encoders reach us? `isListening` where this process itself holds the port. */
export function rtmpPortCheck(appliance: ApplianceInfo, isListening: () => boolean): Check {
  return {
    id: 'live.rtmp-port',
    title: { en: 'RTMP port for encoders', fr: 'Port RTMP des encodeurs' },
    isVital: appliance.roles.includes('ingest'),
    run: () =>
      findPortTrouble(appliance, isListening, { ...appliance.rtmp, what: rtmp, key: 'VEZA_RTMP_PORT' }),
  }
}

/** The same for Icecast sources; a server without them starts all the same. */
export function icecastPortCheck(appliance: ApplianceInfo, isListening: () => boolean): Check {
  const { host, port } = appliance.icecast ?? { host: '', port: 0 }
  const wanted = { host, port, what: icecast, key: 'VEZA_ICECAST_PORT' }
  return {
    id: 'live.icecast-port',
    title: { en: 'Port for Icecast sources', fr: 'Port des sources Icecast' },
    run: () => findPortTrouble(appliance, isListening, wanted),
  }
}

async function findPortTrouble(
  appliance: ApplianceInfo,
  isListening: () => boolean,
  { host, port, what, key }: { host: string; port: number; what: typeof rtmp; key: string },
): ReturnType<Check['run']> {
  // A running Veza of this data folder answers on its feed: then the port is in the right hands.
  if (isListening() || port === 0 || (await answers(feedAddress(appliance)))) return null
  const code = await tryPort(host, port)
  if (code === null) return null
  return code === 'EADDRINUSE'
    ? {
        message: {
          en: `Port ${port} for ${what.en} cannot be used: another program has it.`,
          fr: `Le port ${port} ${what.fr} ne peut pas être utilisé : un autre programme l’occupe.`,
        },
        remedy: {
          en: `Stop that program, or choose another port with ${key}.`,
          fr: `Arrêtez ce programme, ou choisissez un autre port avec ${key}.`,
        },
      }
    : {
        message: {
          en: `Port ${port} for ${what.en} cannot be used: ${code}.`,
          fr: `Le port ${port} ${what.fr} ne peut pas être utilisé : ${code}.`,
        },
        remedy: {
          en: `Choose another port with ${key}; ports below 1024 need more rights.`,
          fr: `Choisissez un autre port avec ${key} ; les ports sous 1024 demandent plus de droits.`,
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
