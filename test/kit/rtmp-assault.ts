import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { amf, RawClient, until } from '../../plugins/live/ingest/test-kit.ts'

const atOnce = 50

type Attack = (client: RawClient, key: string) => Promise<void> | void

/** Each does one thing an encoder never does, and ends when the server hung up or as told. */
const attacks: Attack[] = [
  // Bytes that are not RTMP.
  (client) => void client.socket.write(randomBytes(4096)),
  (client) => void client.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'),
  // Half a handshake, then gone.
  async (client) => {
    client.socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(700)]))
    await delay(100)
    client.socket.destroy()
  },
  // Half closed, and nothing ever said.
  async (client) => {
    client.socket.end()
    await delay(100)
    client.socket.destroy()
  },
  // A message larger than anybody may send before being let in.
  async (client) => {
    await client.shakeHands()
    client.send(20, Buffer.alloc(1024 * 1024))
  },
  // Commands that end in the middle of a value.
  async (client) => {
    await client.shakeHands()
    client.send(20, amf('connect', 1, { app: 'live' }).subarray(0, 25))
  },
  // A key nobody has.
  async (client, key) => client.publish(`${key.slice(1)}0`),
]

/** HEVC by the enhanced RTMP way: ExVideoTagHeader, sequence start, FourCC `hvc1`. */
const hevc: Attack = async (client, key) => {
  await client.publish(key)
  // Of two with one key the later may find the stream ended by the fault of the first.
  await until(() => client.isClosed || client.received.includes('NetStream.Publish.'), 'an answer')
  client.send(9, Buffer.concat([Buffer.from([0x90]), Buffer.from('hvc1'), Buffer.alloc(40)]), 0, 1)
}

/** So many hostile connections, some at a time; one in a hundred publishes HEVC with a good key. */
export async function assault(port: number, key: string, count: number): Promise<void> {
  let next = 0
  const worker = async () => {
    for (let number = next++; number < count; number = next++) {
      const attack = number % 100 === 99 ? hevc : attacks[number % attacks.length]!
      await once(port, key, attack)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

async function once(port: number, key: string, attack: Attack): Promise<void> {
  // Wrong keys shut an address out for a while: encoders of the test call from another one.
  const client = new RawClient(port, false, attack === hevc ? '127.0.0.1' : '127.0.0.2')
  try {
    await attack(client, key)
    await client.closed()
  } finally {
    client.socket.destroy()
  }
}
