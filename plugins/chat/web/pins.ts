import type { Message } from '../contract.ts'

interface Known {
  /** Ids of messages that were removed while the page is open. */
  ended: readonly string[]
  /** Accounts whose messages the reader is not shown. */
  hidden: readonly string[]
  /** Ms since 1970. */
  now: number
}

/** What is pinned at that moment, the newest first, each once. */
export function pinsAt(messages: Iterable<Message>, { ended, hidden, now }: Known): Message[] {
  const pinned = new Map<string, Message>()
  for (const message of messages) {
    const { id, author, text, paid } = message
    if (text === null || !paid?.pinnedUntil || Date.parse(paid.pinnedUntil) <= now) continue
    if (ended.includes(id) || (author && hidden.includes(author.id))) continue
    pinned.set(id, message)
  }
  return [...pinned.values()].sort((a, b) => (a.id > b.id ? -1 : 1))
}

/** How much of its time a pinned message has left: from 1 down to 0. */
export function shareLeft(message: Message, now: number): number {
  const until = Date.parse(message.paid?.pinnedUntil ?? '')
  const whole = until - Date.parse(message.createdAt)
  return whole > 0 ? Math.min(1, Math.max(0, (until - now) / whole)) : 0
}

/** Tones beyond the strongest look like it. */
export const toneOf = ({ paid }: Message): number => Math.min(5, paid?.tone ?? 0)
