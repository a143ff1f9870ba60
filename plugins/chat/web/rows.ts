import type { Message } from '../contract.ts'

/** A line of the list: the beginning of a day, or a message; `isFirst` begins a group of one author. */
export type Row =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'message'; key: string; message: Message; isFirst: boolean }

const groupMs = 5 * 60_000

/** Messages as lines, with a separator at each new day of the reader's calendar. */
export function rowsOf(messages: readonly Message[]): Row[] {
  const rows: Row[] = []
  let last: Message | null = null
  for (const message of messages) {
    const isNewDay = !last || dayOf(last.createdAt) !== dayOf(message.createdAt)
    if (isNewDay) rows.push({ kind: 'day', key: `day ${message.id}`, at: message.createdAt })
    const isFirst = isNewDay || !last || !continues(last, message)
    rows.push({ kind: 'message', key: message.id, message, isFirst })
    last = message
  }
  return rows
}

function continues(last: Message, message: Message): boolean {
  // What was paid for stands by itself.
  const isSame = last.author?.id === message.author?.id && !last.paid && !message.paid
  return isSame && Date.parse(message.createdAt) - Date.parse(last.createdAt) < groupMs
}

const dayOf = (at: string) => new Date(at).toDateString()
