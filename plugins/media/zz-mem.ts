import { request } from 'node:http'
import { startServer } from '../../test/kit/server.ts'
import { costOf } from '../../test/kit/processes.ts'
import { Visitor } from '../../test/kit/visitor.ts'
import { metadataOf } from './testdata/kit.ts'
import { smallWav } from './testdata/leave.ts'
const server = await startServer({ roles: ['web'], env: {} })
try {
  const v = new Visitor(server); const { accessToken } = await v.signIn()
  const size = 300_000_000
  const auth = { authorization: `Bearer ${accessToken}`, 'tus-resumable': '1.0.0' }
  await new Promise((r) => setTimeout(r, 2000))
  const idle = (await costOf(server.pid)).rssMb
  const seen: number[] = []
  const timer = setInterval(async () => { seen.push((await costOf(server.pid)).rssMb) }, 100)
  const chunk = Buffer.alloc(1_000_000, 7)
  const t0 = performance.now()
  await Promise.all(Array.from({ length: 10 }, async () => {
    const made = await fetch(server.url + '/api/v1/media/uploads', { method: 'POST', headers: { ...auth, 'upload-length': String(size), 'upload-metadata': metadataOf({ filename: 'x.wav' }) } })
    const url = new URL(made.headers.get('location')!, server.url)
    await new Promise<void>((resolve, reject) => {
      const req = request(url, { method: 'PATCH', headers: { ...auth, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream', 'content-length': size } }, (res) => { res.resume(); res.on('end', () => { if (res.statusCode !== 204) reject(new Error(String(res.statusCode))); else resolve() }) })
      req.on('error', reject)
      let sent = 0
      const go = () => { while (sent < size) { const b = sent === 0 ? Buffer.concat([smallWav, chunk]).subarray(0, 1_000_000) : chunk; sent += b.length; if (!req.write(b)) { req.once('drain', go); return } } req.end() }
      go()
    })
  }))
  clearInterval(timer)
  seen.sort((a, b) => a - b)
  console.log({ idle, peak: seen.at(-1), median: seen[seen.length >> 1], more: seen.at(-1)! - idle, seconds: (performance.now() - t0) / 1000 })
} finally { await server.close() }
