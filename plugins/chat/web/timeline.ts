import type { Message } from '../contract.ts'

/** What the reader has written and the server has not confirmed. */
export interface Draft {
  clientId: string
  text: string
  state: 'sending' | 'failed'
  /** Name of the refusal when failed, as `chat.slow-down` or `offline`. */
  reason: string | null
}

/** A room as far as it is loaded: messages by id, oldest first, and what is on its way. */
export interface Timeline {
  items: readonly Message[]
  drafts: readonly Draft[]
  /** Ids of messages that were taken out while the page is open; one that was read before may come after that. */
  removed: readonly string[]
  /** What was told of paid messages while the page is open, by id; see `leastOf`. */
  told: ReadonlyMap<string, Message['paid']>
  /** Cursor of older messages; null at the beginning of the room. */
  before: string | null
  isLoaded: boolean
}

export const emptyTimeline: Timeline = {
  items: [],
  drafts: [],
  removed: [],
  told: new Map(),
  before: null,
  isLoaded: false,
}

/** More messages than this are dropped from the top while the reader is at the end. */
const kept = 400
const keptAfterTrim = 200
/** Messages looked at again after a reconnect, for removals that were missed. */
const lookedBack = 50
/** Ids are made before messages are stored; over several servers a smaller id may appear a little later. */
const overlapMs = 10_000

/** Puts messages in: each id once, a newer state replaces an older, and drafts that arrived are settled. */
export function withMessages(
  timeline: Timeline,
  messages: readonly Message[],
  myId: string | null,
): Timeline {
  const byId = new Map(timeline.items.map((item) => [item.id, item]))
  for (const message of messages) {
    const known = byId.get(message.id)
    if (known && known.text === null) continue
    byId.set(
      message.id,
      timeline.removed.includes(message.id) ? withoutText(message) : asTold(timeline, message),
    )
  }
  const items = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  const arrived = new Set(
    messages.filter((message) => message.author?.id === myId).map((message) => message.clientId),
  )
  const drafts = timeline.drafts.filter((draft) => !arrived.has(draft.clientId))
  return { ...timeline, items, drafts }
}

/** The newest page, at the start or where too much was missed: what was loaded before is let go. */
export function withNewestPage(
  timeline: Timeline,
  page: { items: readonly Message[]; before: string | null },
  myId: string | null,
): Timeline {
  const first = page.items[0]?.id
  // An empty page was read before anything was said: what has been heard since is newer than it.
  const newer = timeline.items.filter((item) => first === undefined || item.id >= first)
  const fresh = withMessages({ ...timeline, items: newer }, page.items, myId)
  return { ...fresh, before: page.before, isLoaded: true }
}

/** The page before what is loaded. */
export function withOlderPage(
  timeline: Timeline,
  page: { items: readonly Message[]; before: string | null },
): Timeline {
  return { ...withMessages(timeline, page.items, null), before: page.before }
}

/** A removed message keeps its place without its text, even where it is yet to come. */
export function withRemoved(timeline: Timeline, id: string): Timeline {
  const items = timeline.items.map((item) => (item.id === id ? withoutText(item) : item))
  return { ...timeline, items, removed: [...timeline.removed, id].slice(-kept) }
}

/** A paid message is pinned no more, or was paid back in part or as a whole. */
export function withPaid(timeline: Timeline, id: string, paid: Message['paid']): Timeline {
  const before = timeline.told.get(id)
  const least = before === undefined ? paid : leastOf(before, paid)
  const others = [...timeline.told].filter(([each]) => each !== id).slice(1 - kept)
  const told = new Map([...others, [id, least] as const])
  const items = timeline.items.map((item) => asTold({ told }, item))
  return { ...timeline, items, told }
}

/** A message as it is by what was told; it may have been read before, and it may have been read since. */
export function asTold({ told }: Pick<Timeline, 'told'>, message: Message): Message {
  const paid = told.get(message.id)
  return paid === undefined ? message : { ...message, paid: leastOf(paid, message.paid) }
}

/** What is paid never becomes more, nor is it pinned again: of two states the later one is the lesser. */
function leastOf(one: Message['paid'], other: Message['paid']): Message['paid'] {
  if (!one || !other) return null
  const [a, b] = [one.amountMinor, other.amountMinor]
  return {
    ...one,
    amountMinor: a === null || b === null ? null : Math.min(a, b),
    pinnedUntil: one.pinnedUntil && other.pinnedUntil,
  }
}

const withoutText = (item: Message): Message => ({
  ...item,
  text: null,
  deletedAt: item.deletedAt ?? item.createdAt,
})

/** What is shown to who blocks or mutes these authors, or is blocked by them. */
export function withoutAuthors(items: readonly Message[], hidden: readonly string[]): readonly Message[] {
  if (hidden.length === 0) return items
  const ids = new Set(hidden)
  return items.filter(({ author }) => !author || !ids.has(author.id))
}

/** Adds a draft, or changes the one with the same clientId. */
export function withDraft(timeline: Timeline, draft: Draft): Timeline {
  const isKnown = timeline.drafts.some((each) => each.clientId === draft.clientId)
  const drafts = isKnown
    ? timeline.drafts.map((each) => (each.clientId === draft.clientId ? draft : each))
    : [...timeline.drafts, draft]
  return { ...timeline, drafts }
}

/** Marks a draft as failed; one that has arrived meanwhile stays settled. */
export function withFailure(timeline: Timeline, clientId: string, reason: string): Timeline {
  const drafts = timeline.drafts.map((draft) =>
    draft.clientId === clientId ? { ...draft, state: 'failed' as const, reason } : draft,
  )
  return { ...timeline, drafts }
}

export function withoutDraft(timeline: Timeline, clientId: string): Timeline {
  return { ...timeline, drafts: timeline.drafts.filter((draft) => draft.clientId !== clientId) }
}

/** Lets the oldest go once there are many; only while the reader is at the end. */
export function trimmed(timeline: Timeline): Timeline {
  if (timeline.items.length <= kept) return timeline
  const items = timeline.items.slice(-keptAfterTrim)
  return { ...timeline, items, before: items[0]?.id ?? null }
}

/** From where to fetch after an interruption; null where only the newest page will do. */
export function gapCursor(timeline: Timeline): string | null {
  const from = timeline.items.at(-lookedBack) ?? timeline.items[0]
  return from ? earlierCursor(from.id, overlapMs) : null
}

/** A cursor `ms` before a UUIDv7: the time is its first 48 bits. */
export function earlierCursor(id: string, ms: number): string {
  const at = Math.max(0, Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) - ms)
  const hex = at.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
