import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** Writes pieces to a plain socket, a number being a pause in ms; resolves to all that came until the end. */
export async function sendRaw(url: string, pieces: (string | Buffer | number)[]): Promise<string> {
  const socket = openRaw(url)
  const answer = readAll(socket)
  for (const piece of pieces) {
    if (typeof piece === 'number') await delay(piece)
    else if (socket.writable) socket.write(piece)
  }
  return answer
}

/** A plain socket to the server; errors of a closed line are no fault. */
export function openRaw(url: string): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  return socket
}

function readAll(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
  })
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => socket.destroy(), 10_000)
    socket.on('close', () => {
      clearTimeout(giveUp)
      resolve(text)
    })
  })
}

/** Status of each answer in a raw text. */
export const statusesOf = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
