import type { AmfObject, AmfValue } from './amf.ts'
import { ProtocolError } from './rtmp-protocol.ts'

const maxNameLength = 1_024
const maxParameters = 16

/** What a publisher asks for, as the web process needs it to decide. */
export interface PublishRequest {
  host: string
  app: string
  key: string
  query: Record<string, string>
  address: string
  encoder: string
  /** The channel that the publisher names, where its protocol lets it. */
  mount?: string
}

/** Puts the connect object and the stream name together. A missing or broken tcUrl gives an empty host. */
export function readPublishRequest(connect: AmfObject, name: AmfValue, address: string): PublishRequest {
  if (typeof name !== 'string' || name.length > maxNameLength)
    throw new ProtocolError('Publish without a name')
  const mark = name.indexOf('?')
  return {
    host: hostOf(connect.tcUrl),
    app: typeof connect.app === 'string' ? connect.app.slice(0, maxNameLength) : '',
    key: mark < 0 ? name : name.slice(0, mark),
    query: mark < 0 ? {} : parametersOf(name.slice(mark + 1)),
    address,
    encoder: readableText(connect.flashVer),
  }
}

/** An encoder's name for people: printable, short, or empty when it gave none. */
export function readableText(value: AmfValue): string {
  return typeof value === 'string' ? value.replace(/[^\x20-\x7e]/g, '').slice(0, 100) : ''
}

function hostOf(tcUrl: AmfValue): string {
  if (typeof tcUrl !== 'string' || !URL.canParse(tcUrl)) return ''
  return new URL(tcUrl).hostname.replace(/^\[|\]$/g, '').toLowerCase()
}

/** Parameters behind a key or mount, as in `?cam=2`. */
export function parametersOf(query: string): Record<string, string> {
  return Object.fromEntries([...new URLSearchParams(query)].slice(0, maxParameters))
}
