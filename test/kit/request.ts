import { request as nodeRequest } from 'node:http'

export type RequestWish = RequestInit & { host?: string }

/** fetch cannot set Host, by which the site is picked; node's own request can. */
export async function request(url: string, path: string, init: RequestWish = {}): Promise<Response> {
  const { host = 'main.test', method = 'GET', headers, body } = init
  return new Promise((resolve, reject) => {
    const target = new URL(url)
    const req = nodeRequest(
      {
        host: target.hostname,
        port: target.port,
        path,
        method,
        // node frames the body of a DELETE only where its length is given.
        headers: {
          host,
          ...(body ? { 'content-length': Buffer.byteLength(body as string | Buffer) } : {}),
          ...Object.fromEntries(new Headers(headers)),
        },
      },
      (res) => {
        const chunks: Buffer[] = []
        res.on('data', (chunk: Buffer) => chunks.push(chunk))
        res.on('error', reject)
        res.on('end', () => {
          const out = new Headers()
          for (const [name, value] of Object.entries(res.headers))
            for (const one of [value ?? []].flat()) out.append(name, one)
          const status = res.statusCode ?? 500
          const hasBody = status !== 204 && status !== 304 && method !== 'HEAD'
          resolve(new Response(hasBody ? Buffer.concat(chunks) : null, { status, headers: out }))
        })
      },
    )
    req.on('error', reject)
    req.end(body as string | Buffer | undefined)
  })
}
