import type { Account } from '#sdk'
import type { Connection } from './connection.ts'

/** The browsers of this process that joined a channel with the same params. */
export interface Room {
  readonly key: string
  readonly channel: string
  readonly params: unknown
  readonly connections: Set<Connection>
}

/** The name of a room: equal params give equal names, whatever the order of their keys. */
export function roomKey(channel: string, params: unknown): string {
  return `${channel} ${JSON.stringify(params, sortedKeys) ?? ''}`
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return Object.fromEntries(entries)
}

/** The rooms of one process; a room is there exactly as long as somebody is in it. */
export class Rooms {
  readonly #byKey = new Map<string, Room>()

  get count(): number {
    return this.#byKey.size
  }

  find(key: string): Room | undefined {
    return this.#byKey.get(key)
  }

  /** Rooms of one channel. */
  of(channel: string): Room[] {
    return [...this.#byKey.values()].filter((room) => room.channel === channel)
  }

  enter(connection: Connection, channel: string, params: unknown): Room {
    const key = roomKey(channel, params)
    let room = this.#byKey.get(key)
    if (!room) {
      room = { key, channel, params, connections: new Set() }
      this.#byKey.set(key, room)
    }
    room.connections.add(connection)
    connection.rooms.add(room)
    return room
  }

  exit(connection: Connection, room: Room): void {
    connection.rooms.delete(room)
    room.connections.delete(connection)
    if (room.connections.size === 0) this.#byKey.delete(room.key)
  }

  presence(key: string): { connections: number; accounts: string[] } {
    const connections = [...(this.#byKey.get(key)?.connections ?? [])]
    const accounts = connections.map((connection) => connection.member.account).filter(isAccount)
    return { connections: connections.length, accounts: [...new Set(accounts.map((account) => account.id))] }
  }
}

const isAccount = (account: Account | null): account is Account => account !== null
