import type { LookupAddress } from 'node:dns'
import { lookup as systemLookup } from 'node:dns/promises'
import type { IncomingMessage, RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { request as httpRequest } from '../node-http.ts'
import { type FetchOptions, FetchRefused } from '../sdk/index.ts'
import { isPublicAddress } from './public-addresses.ts'
import { type Rules, readTarget, refusePrivate } from './target.ts'

/** What the guard knows of the internet; a test brings its own. */
export interface Network {
  /** Every address of a name. */
  resolve: (name: string) => Promise<LookupAddress[]>
  isPublic: (address: string) => boolean
}
const internet: Network = {
  resolve: (name) => systemLookup(name, { all: true }),
  isPublic: isPublicAddress,
}

export interface GuardOptions extends FetchOptions {
  /** Lets through what is on this machine or a private network. */
  allowPrivate?: boolean
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
const redirects = [301, 302, 303, 307, 308]

/**
 * The only way out of the server: http(s) to the public internet, no proxy, no redirects unless asked, bytes and time
 * limited, nothing unpacked. A name is resolved once and that address is connected to, so that a second answer of the
 * DNS cannot lead elsewhere. Throws FetchRefused.
 */
export async function guardedFetch(
  url: string | URL,
  options: GuardOptions = {},
  { resolve, isPublic }: Network = internet,
): Promise<Response> {
  const { maxRedirects = 0, allowPrivate = false } = options
  const rules: Rules = { allowPrivate, isPublic }
  const deadline = AbortSignal.timeout(options.timeoutMs ?? 10_000)
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline
  const maxBytes = options.maxBytes ?? 1024 * 1024
  let hop: Hop = { ...hopOf(options), url: readTarget(url, null, rules) }
  for (let left = maxRedirects; ; left--) {
    const response = await send(hop, {
      signal,
      maxBytes,
      lookup: guardedLookup(resolve, rules),
    }).catch((error: unknown) => {
      throw explain(error, deadline, options.signal)
    })
    const location = response.headers.get('location')
    if (maxRedirects === 0 || !redirects.includes(response.status) || location === null) return response
    if (left === 0) throw new FetchRefused('too-many-redirects', 'The address leads on and on.')
    hop = nextHop(hop, response.status, readTarget(location, hop.url, rules))
  }
}

interface Hop {
  url: URL
  method: string
  headers: Headers
  body: Uint8Array | null
}

function hopOf({ method = 'GET', headers, body }: FetchOptions): Omit<Hop, 'url'> {
  if (!methods.includes(method)) throw new FetchRefused('malformed', `${method} is not asked.`)
  try {
    const all = new Headers(headers)
    if (body instanceof URLSearchParams && !all.has('content-type'))
      all.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8')
    for (const name of ['host', 'connection', 'transfer-encoding', 'content-length', 'upgrade'])
      all.delete(name)
    // What comes packed could be far larger than what was counted.
    all.set('accept-encoding', 'identity')
    const bytes = body == null ? null : body instanceof Uint8Array ? body : Buffer.from(String(body))
    return { method, headers: all, body: bytes }
  } catch (cause) {
    throw new FetchRefused('malformed', 'A header has signs that no header may have.', cause)
  }
}

/** As browsers do: 303 and a redirected POST become GET; secrets stay with the server they were meant for. */
function nextHop(hop: Hop, status: number, url: URL): Hop {
  const headers = new Headers(hop.headers)
  const becomesGet = status === 303 || (status < 303 && hop.method === 'POST')
  if (url.origin !== hop.url.origin) for (const name of ['authorization', 'cookie']) headers.delete(name)
  if (!becomesGet || hop.method === 'HEAD') return { ...hop, url, headers }
  headers.delete('content-type')
  return { url, method: 'GET', headers, body: null }
}

/** Every address of the name must be public: the one that is connected to is one of these. */
function guardedLookup(resolve: Network['resolve'], rules: Rules): LookupFunction {
  return (name, { all, family }, done) => {
    resolve(name)
      .then((found) => {
        for (const { address } of found) refusePrivate(address, rules)
        const fitting = found.filter(
          (one) => !family || one.family === Number(`${family}`.replace('IPv', '')),
        )
        const [first] = fitting
        if (!first) throw new FetchRefused('unreachable', 'The name has no address.')
        return all ? done(null, fitting) : done(null, first.address, first.family)
      })
      .catch((error: NodeJS.ErrnoException) => done(error, '', 0))
  }
}

interface Limits {
  signal: AbortSignal
  maxBytes: number
  lookup: LookupFunction
}

function send({ url, method, headers, body }: Hop, { maxBytes, ...limits }: Limits): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest
    // A connection of its own for each: one that is kept was checked for another name.
    const options: RequestOptions = { ...limits, method, agent: false, headers: Object.fromEntries(headers) }
    if (body) options.headers = { ...Object.fromEntries(headers), 'content-length': body.byteLength }
    const req = request(url, options, (res) => {
      collect(res, maxBytes)
        .then((bytes) => responseOf(res, method, bytes))
        .then(resolve, (error: unknown) => {
          req.destroy()
          reject(error)
        })
    })
    req.on('error', reject)
    req.end(body ?? undefined)
  })
}

async function collect(res: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = () => new FetchRefused('too-large', `The answer is larger than ${maxBytes} bytes.`)
  if (Number(res.headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of res as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

function responseOf(res: IncomingMessage, method: string, bytes: Buffer): Response {
  const headers = new Headers()
  for (let at = 0; at + 1 < res.rawHeaders.length; at += 2)
    headers.append(res.rawHeaders[at] ?? '', res.rawHeaders[at + 1] ?? '')
  const status = res.statusCode ?? 0
  const isEmpty = method === 'HEAD' || [204, 205, 304].includes(status)
  return new Response(isEmpty ? null : new Uint8Array(bytes), { status, headers })
}

function explain(error: unknown, deadline: AbortSignal, asked: AbortSignal | undefined): unknown {
  if (error instanceof FetchRefused) return error
  if (asked?.aborted) return asked.reason
  if (deadline.aborted) return new FetchRefused('too-slow', 'The answer took too long.', error)
  const { code } = error as NodeJS.ErrnoException
  return code?.startsWith('ERR_INVALID')
    ? new FetchRefused('malformed', 'A header has signs that no header may have.', error)
    : new FetchRefused('unreachable', `The server cannot be reached${code ? ` (${code})` : ''}.`, error)
}
