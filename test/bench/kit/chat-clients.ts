import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import { sleep } from './numbers.ts'

const readers = 180
const writers = 20
const everyMs = 1_500

interface Frame {
  op: string
  type?: string
  data?: { text?: string }
}

const times: number[] = []

async function account(http: string, i: number): Promise<string> {
  const response = await fetch(`${http}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      email: `writer-${i}@example.org`,
      username: `writer-${i}`,
      password: randomUUID(),
    }),
  })
  if (!response.ok) throw new Error(`register answered ${response.status}: ${await response.text()}`)
  return ((await response.json()) as { accessToken: string }).accessToken
}

/** Joins the room; every message that arrives is timed by the moment written in its text. */
function join(http: string, slug: string, token?: string): Promise<WebSocket> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const socket = new WebSocket(`${http.replace('http', 'ws')}/api/v1/realtime`, { headers })
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('open', () =>
      socket.send(JSON.stringify({ op: 'join', id: 1, channel: 'chat.room', params: { slug } })),
    )
    socket.on('message', (bytes) => {
      const now = performance.now()
      const frame = JSON.parse(String(bytes)) as Frame
      if (frame.op === 'joined') resolve(socket)
      if (frame.op === 'refused') reject(new Error(`refused: ${bytes}`))
      if (frame.op === 'message' && frame.type === 'said') times.push(now - Number(frame.data?.text))
    })
  })
}

async function write(socket: WebSocket, slug: string, end: number): Promise<number> {
  await sleep(Math.random() * everyMs)
  let sent = 0
  for (; performance.now() < end; sent++) {
    const data = { text: String(performance.now()), clientId: randomUUID() }
    const command = { op: 'send', id: sent + 2, channel: 'chat.room', params: { slug }, type: 'say', data }
    socket.send(JSON.stringify(command))
    await sleep(everyMs)
  }
  return sent
}

/** Run as a process of its own: HTTP SLUG SECONDS. Prints the milliseconds of each arrival as JSON. */
async function run([http = '', slug = '', seconds = '1']: readonly string[]): Promise<void> {
  const sockets: WebSocket[] = []
  for (let i = 0; i < writers; i++) sockets.push(await join(http, slug, await account(http, i)))
  for (let i = 0; i < readers; i++) await join(http, slug)
  await sleep(1_000)
  times.length = 0
  const end = performance.now() + Number(seconds) * 1000
  const sent = await Promise.all(sockets.map((socket) => write(socket, slug, end)))
  await sleep(1_000)
  const due = sent.reduce((sum, one) => sum + one, 0) * (readers + writers)
  if (times.length !== due) throw new Error(`${times.length} arrivals instead of ${due}`)
  process.stdout.write(JSON.stringify(times), () => process.exit(0))
}

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(String(error))
  process.exit(1)
})
