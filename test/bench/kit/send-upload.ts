import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { pipeline } from 'node:stream/promises'

/** Run as a process of its own: ADDRESS TOKEN FILE COUNT. Sends the file so many times at once by tus. */
async function run([http = '', token = '', file = '', count = '1']: readonly string[]): Promise<void> {
  const { size } = await stat(file)
  await Promise.all(Array.from({ length: Number(count) }, (_, at) => send({ http, token, file, size, at })))
}

interface Upload {
  http: string
  token: string
  file: string
  size: number
  at: number
}

async function send({ http, token, file, size, at }: Upload): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' }
  const metadata = `filename ${Buffer.from(`large-${at}.wav`).toString('base64')}`
  const created = await fetch(`${http}/api/v1/media/uploads`, {
    method: 'POST',
    headers: { ...headers, 'upload-length': String(size), 'upload-metadata': metadata },
  })
  const place = created.headers.get('location')
  if (created.status !== 201 || !place) throw new Error(`answered ${created.status}: ${await created.text()}`)
  const patch = request(new URL(place, `${http}/api/v1/media/uploads`), {
    method: 'PATCH',
    headers: {
      ...headers,
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
      'content-length': size,
    },
  })
  const answered = once(patch, 'response') as Promise<[IncomingMessage]>
  await pipeline(createReadStream(file, { highWaterMark: 256 * 1024 }), patch)
  const [response] = await answered
  response.resume()
  if (response.statusCode !== 204) throw new Error(`the PATCH answered ${response.statusCode}`)
}

await run(process.argv.slice(2))
