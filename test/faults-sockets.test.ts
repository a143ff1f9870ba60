import { setTimeout as delay } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { costOf } from './kit/processes.ts'
import { type RunningServer, startServer } from './kit/server.ts'
import { openSocket, type TestSocket } from './kit/socket.ts'
import { Visitor } from './kit/visitor.ts'
import { eventually } from './kit/wait.ts'

const counted = 'veza_realtime_connections'
const general = { channel: 'chat.room', params: { slug: 'general' } }

const test = suite<{ server: RunningServer; visitor: Visitor }>('hostile WebSocket clients')
test.before(async (context) => {
  context.server = await startServer({ roles: ['web'] })
  context.visitor = new Visitor(context.server)
})
test.after(({ server }) => server?.close())

const dial = ({ port }: RunningServer) => openSocket(port, undefined, { host: `127.0.0.1:${port}` })

async function joined(server: RunningServer): Promise<TestSocket> {
  const socket = await dial(server)
  socket.send({ op: 'join', id: 1, ...general })
  await socket.until((frame) => frame.op === 'joined', 'answer to the join')
  return socket
}

const still = () => delay(10_000, 'still open', { ref: false })

test('a flood is closed with 4029, a frame over 64 KB with 1009, nonsense with 4002 [SEC-06]', async ({
  server,
  visitor,
}) => {
  const [quiet, flooding, large, silly] = [
    await joined(server),
    await joined(server),
    await joined(server),
    await joined(server),
  ]
  for (let sent = 0; sent < 500; sent++) flooding.send({ op: 'ping' })
  large.send({ op: 'ping', padding: 'x'.repeat(65 * 1024) })
  for (let sent = 0; sent < 10; sent++) silly.send({ op: 'nothing' })
  const codes = [flooding, large, silly].map((socket) => Promise.race([socket.closed, still()]))
  assert.equal(await Promise.all(codes), [4029, 1009, 4002])
  quiet.send({ op: 'ping' })
  await quiet.until((frame) => frame.op === 'pong', 'pong for somebody else')
  quiet.close()
  await quiet.closed
  await eventually('nobody is counted', async () => (await visitor.metric(counted)) === 0)
})

test('500 connections that vanish leave none counted and no file open [SEC-06]', async ({
  server,
  visitor,
}) => {
  const before = await costOf(server.pid)
  const sockets: WebSocket[] = []
  for (let round = 0; round < 10; round++) {
    const opened = await Promise.all(Array.from({ length: 50 }, () => connect(server)))
    sockets.push(...opened)
  }
  await eventually('all are counted', async () => (await visitor.metric(counted)) === 500)
  for (const socket of sockets) socket.terminate()
  await eventually('none is counted', async () => (await visitor.metric(counted)) === 0)
  await eventually('their files are closed', async () => (await costOf(server.pid)).files <= before.files + 2)
  const { body } = await visitor.call<{ items: { slug: string }[] }>('/api/v1/chat/rooms')
  assert.is(body.items[0]?.slug, 'general')
})

function connect({ port }: RunningServer): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/realtime`)
  socket.on('error', () => undefined)
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.send(JSON.stringify({ op: 'join', id: 1, ...general }))
      resolve(socket)
    })
    socket.once('close', (code) => reject(new Error(`closed with ${code}`)))
  })
}

test.run()
