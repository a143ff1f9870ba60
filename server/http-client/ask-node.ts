import type { IncomingMessage } from 'node:http'
import { request as secureRequest, Agent as TlsAgent } from 'node:https'
import { Agent as PlainAgent, request as plainRequest } from '../node-http.ts'
import type { AskNode } from '../sdk/index.ts'
import { readTarget } from './target.ts'

const answerWithinMs = 10_000
const agents = {
  'http:': new PlainAgent({ keepAlive: true, maxSockets: 128 }),
  'https:': new TlsAgent({ keepAlive: true, maxSockets: 128 }),
}

/**
 * Asks another machine of this installation, which is on a private network more often than not: the address must come
 * from the installation's own table, never from anybody's input. No redirects; the answer comes as it is sent.
 */
export const askNode: AskNode = (address, { method = 'GET', headers = {}, signal, isLong }) => {
  const url = readTarget(address, null, { allowPrivate: true, isPublic: () => true })
  return new Promise<IncomingMessage>((resolve, reject) => {
    const isSecure = url.protocol === 'https:'
    const send = isSecure ? secureRequest : plainRequest
    const shared = isSecure ? agents['https:'] : agents['http:']
    const agent = isLong ? false : shared
    const req = send(url, { method, headers, agent, ...(signal && { signal }) }, (res) => {
      clearTimeout(late)
      resolve(res)
    })
    const late = setTimeout(
      () => req.destroy(new Error('The other machine does not answer.')),
      answerWithinMs,
    )
    req.on('error', (error) => {
      clearTimeout(late)
      reject(error)
    })
    req.end()
  })
}
