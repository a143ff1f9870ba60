import { parametersOf } from '../ingest/publish-request.ts'

/** What the peer sent before its first empty line. */
export interface RequestHead {
  method: string
  /** Without query, as sent. */
  path: string
  /** Behind the question mark, as sent. */
  query: string
  /** By lower-case name; the last of several counts. */
  headers: ReadonlyMap<string, string>
}

const maxHeaders = 64
/** The target may have raw bytes of UTF-8: butt 0.1 does not escape the letters of a title. */
const requestLine = /^([A-Z]{3,10}) (\/[\x21-\x7e\x80-\xff]*|\*) (?:HTTP\/1\.[01]|ICE\/1\.0)$/
const headerLine = /^([!#$%&'*+\-.^_`|~\w]+):[ \t]*(.*)$/

/** Null for what is no request of HTTP/1 or of the older source protocol, which is the same with another name. */
export function readHead(bytes: Buffer): RequestHead | null {
  const [first = '', ...lines] = bytes.toString('latin1').split(/\r?\n/)
  const request = requestLine.exec(first)
  if (!request || lines.length > maxHeaders) return null
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [, name, value] = headerLine.exec(line) ?? []
    if (name === undefined || value === undefined) return null
    headers.set(name.toLowerCase(), value.trim())
  }
  const [, method = '', target = ''] = request
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  return { method, path, query: mark < 0 ? '' : target.slice(mark + 1), headers }
}

/** Where the head ends and what follows begins; null while it has not ended. */
export function endOfHead(bytes: Buffer): { end: number; next: number } | null {
  const strict = bytes.indexOf('\r\n\r\n')
  if (strict >= 0) return { end: strict, next: strict + 4 }
  const loose = bytes.indexOf('\n\n')
  return loose >= 0 ? { end: loose, next: loose + 2 } : null
}

/** The channel that an address names, also with the ending that players like. */
export function mountOf(path: string): { slug: string; suffix: string } | null {
  const [, slug, suffix = ''] = /^\/([a-z0-9-]{1,64})(?:\.(mp3|aac|ogg|oga|opus|flac))?\/?$/i.exec(path) ?? []
  return slug === undefined ? null : { slug: slug.toLowerCase(), suffix: suffix.toLowerCase() }
}

/** The key that a source logs in with; null without credentials, `isSource` false under another user name. */
export function credentialsOf(head: RequestHead): { isSource: boolean; key: string } | null {
  const [, encoded] = /^basic ([\w+/=-]{1,1024})$/i.exec(head.headers.get('authorization') ?? '') ?? []
  if (encoded === undefined) return null
  const [, user, key] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
  return user === undefined || key === undefined ? null : { isSource: user === 'source', key }
}

/** The name that the source dialled, without port; empty when it says none. */
export function hostOf(head: RequestHead): string {
  const address = `http://${head.headers.get('host') ?? ''}/`
  return URL.canParse(address) ? new URL(address).hostname.replace(/^\[|\]$/g, '').toLowerCase() : ''
}

export const queryOf = (head: RequestHead): Record<string, string> => parametersOf(head.query)
