import { WebSocket } from 'ws'
import type { TestAccount } from './app.ts'

/** Less than the half minute between two looks at what a connection may hear: news come at once or not at all. */
const patienceMs = 25_000

/** A browser's side of the realtime connection. */
export interface TestSocket {
  send(frame: object): void
  /** Every frame received so far. */
  received: Record<string, unknown>[]
  /** Resolves with the first frame, past or to come, that fits. */
  until(fits: (frame: Record<string, unknown>) => boolean, what?: string): Promise<Record<string, unknown>>
  closed: Promise<number>
  close(): void
}

/** Connects to /api/v1/realtime as a browser of that host. */
export async function openSocket(
  port: number,
  account: TestAccount | undefined,
  { host, origin }: { host: string; origin?: string },
): Promise<TestSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/realtime`, {
    headers: { host, ...(origin ? { origin } : {}), ...(account ? { cookie: account.cookie } : {}) },
  })
  const received: Record<string, unknown>[] = []
  const waiting = new Set<() => void>()
  socket.on('message', (data) => {
    received.push(JSON.parse(String(data)))
    for (const look of waiting) look()
  })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return {
    send: (frame) => socket.send(JSON.stringify(frame)),
    received,
    until: (fits, what = 'frame') =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look)
          reject(
            new Error(
              `No ${what} came within ${patienceMs / 1000} s; received: ${JSON.stringify(received).slice(0, 2000)}`,
            ),
          )
        }, patienceMs)
        const look = () => {
          const found = received.find(fits)
          if (!found) return
          clearTimeout(timer)
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    closed,
    close: () => socket.close(),
  }
}
