import { connect, type Socket } from 'node:net'

const endOfHead = Buffer.from('\r\n\r\n')

export interface Fetched {
  status: number
  body: Buffer
}

/** One kept connection that asks for one thing after the other: as little work as HTTP/1.1 can be, for many at once. */
export class PlainHttp {
  readonly #socket: Socket
  #rest: Buffer[] = []
  #length = 0
  #done: ((fetched: Fetched) => void) | null = null
  #failed: ((error: Error) => void) | null = null
  readonly #keepsBodies: boolean

  constructor(port: number, keepsBodies = true) {
    this.#keepsBodies = keepsBodies
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.#socket.on('data', (chunk) => this.#read(chunk))
    this.#socket.on('error', (error) => this.#fail(error))
    this.#socket.on('close', () => this.#fail(new Error('The server closed the connection.')))
  }

  get(path: string): Promise<Fetched> {
    this.#socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept-encoding: gzip\r\n\r\n`)
    return new Promise((resolve, reject) => {
      this.#done = resolve
      this.#failed = reject
    })
  }

  close(): void {
    this.#failed = null
    this.#done = null
    this.#socket.destroy()
  }

  #head: { status: number; size: number } | null = null

  #read(chunk: Buffer): void {
    this.#rest.push(chunk)
    this.#length += chunk.length
    if (!this.#head) {
      const all = this.#rest.length === 1 ? chunk : Buffer.concat(this.#rest)
      const end = all.indexOf(endOfHead)
      if (end < 0) return
      const head = all.toString('latin1', 0, end)
      const size = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
      this.#head = { status: Number(head.slice(9, 12)), size }
      const body = all.subarray(end + 4)
      this.#rest = [body]
      this.#length = body.length
    }
    if (!this.#keepsBodies && this.#length < this.#head.size) this.#rest = []
    if (this.#length < this.#head.size) return
    const { status } = this.#head
    const body = this.#keepsBodies ? Buffer.concat(this.#rest) : Buffer.alloc(0)
    const done = this.#done
    this.#head = null
    this.#rest = []
    this.#length = 0
    this.#done = null
    done?.({ status, body })
  }

  #fail(error: Error): void {
    const failed = this.#failed
    this.#failed = null
    failed?.(error)
  }
}
