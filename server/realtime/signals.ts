/**
 * What one process asks of all: a frame for a room, somebody out of a room, to ask those in a channel's rooms again
 * whether they may be there (in one room, one account), connections to be closed.
 */
export type Signal =
  | { kind: 'message'; room: string; frame: string }
  | { kind: 'expel'; room: string; id: string }
  | { kind: 'ask-again'; channel: string; room?: string; id?: string }
  | { kind: 'close-session'; id: string }
  | { kind: 'close-account'; id: string }

/** A line of JSON; a message's frame follows on the next line as it is, so that it is not encoded twice. */
export function encodeSignal(signal: Signal): string {
  if (signal.kind !== 'message') return JSON.stringify(signal)
  return `${JSON.stringify({ kind: signal.kind, room: signal.room })}\n${signal.frame}`
}

/** Null for what this version does not understand. */
export function decodeSignal(text: string): Signal | null {
  const end = text.indexOf('\n')
  try {
    const head: unknown = JSON.parse(end < 0 ? text : text.slice(0, end))
    if (typeof head !== 'object' || head === null || !('kind' in head)) return null
    const { kind, room, id, channel } = head as Record<string, unknown>
    if (kind === 'message' && typeof room === 'string' && end >= 0)
      return { kind, room, frame: text.slice(end + 1) }
    if (kind === 'expel' && typeof room === 'string' && typeof id === 'string') return { kind, room, id }
    if (kind === 'ask-again' && typeof channel === 'string' && isName(room) && isName(id))
      return { kind, channel, ...(room !== undefined && { room }), ...(id !== undefined && { id }) }
    if ((kind === 'close-session' || kind === 'close-account') && typeof id === 'string') return { kind, id }
    return null
  } catch {
    return null
  }
}

const isName = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === 'string'
