import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { unavailable } from '#contract'
import { type ProblemError, problem } from '#sdk'
import type { AskOptions } from './node-client.ts'

const asked = ['range', 'if-range'] as const
const told = [
  'accept-ranges',
  'cache-control',
  'content-disposition',
  'content-length',
  'content-range',
  'content-type',
  'etag',
] as const

/** What another machine may answer instead, by status. */
export type Refusals = Record<number, () => ProblemError>

export const machineAway = (): ProblemError =>
  problem(unavailable, 'The machine that keeps this recording is away; try again in a moment.')

/** Asks another machine for what was asked for here, and sends what it sends. */
export async function passOn(
  { req, res }: { req: IncomingMessage; res: ServerResponse },
  ask: (options: AskOptions) => Promise<IncomingMessage>,
  refusals: Refusals,
): Promise<void> {
  const left = new AbortController()
  res.once('close', () => left.abort())
  const headers: Record<string, string> = {}
  for (const name of asked) if (req.headers[name] !== undefined) headers[name] = String(req.headers[name])
  const method = req.method === 'HEAD' ? 'HEAD' : 'GET'
  const answer = await ask({ method, headers, signal: left.signal, isLong: true }).catch(() => null)
  if (answer === null) throw machineAway()
  const status = answer.statusCode ?? 500
  if (![200, 206, 416].includes(status)) {
    answer.resume()
    throw (refusals[status] ?? machineAway)()
  }
  for (const name of told) {
    const value = answer.headers[name]
    if (value !== undefined) res.setHeader(name, value)
  }
  res.writeHead(status)
  // Gone in the middle, on either side: only closing the connection tells.
  await pipeline(answer, res).catch(() => res.destroy())
}
