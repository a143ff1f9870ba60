/** What one process asks of all: a frame for a room, somebody out of a room, connections to be closed. */
export type Signal =
  | { kind: 'message'; room: string; frame: string }
  | { kind: 'expel'; room: string; id: string }
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
    const { kind, room, id } = head as { kind: unknown; room?: unknown; id?: unknown }
    if (kind === 'message' && typeof room === 'string' && end >= 0)
      return { kind, room, frame: text.slice(end + 1) }
    if (kind === 'expel' && typeof room === 'string' && typeof id === 'string') return { kind, room, id }
    if ((kind === 'close-session' || kind === 'close-account') && typeof id === 'string') return { kind, id }
    return null
  } catch {
    return null
  }
}
