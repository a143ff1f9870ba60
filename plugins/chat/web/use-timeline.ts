import { useEffect, useRef, useState } from 'preact/hooks'
import { asProblem, type ChannelState, call, useChannel } from '#web'
import { listMessages, type Message, roomChannel } from '../contract.ts'
import type { Store } from './store.ts'
import {
  emptyTimeline,
  gapCursor,
  type Timeline,
  trimmed,
  withMessages,
  withNewestPage,
  withPaid,
  withRemoved,
} from './timeline.ts'
import { type Older, useOlder } from './use-older.ts'
import { type Sending, useSending } from './use-sending.ts'

type Problem = ReturnType<typeof asProblem>

export interface RoomTimeline extends Sending, Older {
  timeline: Timeline
  /** Why nothing could be loaded. */
  error: Problem | null
  people: number
  /** What was pinned while the page is open, null where it ended; undefined: as the room said. */
  notice: Message | null | undefined
  connection: ChannelState
  /** Told by the list: only then old messages may be let go. */
  isAtEnd: { current: boolean }
  reload(): void
}

interface Options {
  slug: string
  myId: string | null
  /** Slow mode changed, or somebody was banned: what the room says of itself is out of date. */
  onRoomChanged(): void
}

const pageSize = 50
const gapPages = 5

/** A room's messages, live: loads, joins, fills gaps after an interruption, sends and sends again. */
export function useTimeline({ slug, myId, onRoomChanged }: Options): RoomTimeline {
  const [timeline, setTimeline] = useState(emptyTimeline)
  const newest = useRef(timeline)
  const update: Store['update'] = (change) => {
    newest.current = change(newest.current)
    setTimeline(newest.current)
  }
  const store: Store = { slug, myId, newest, update }
  const [people, setPeople] = useState(0)
  const [notice, setNotice] = useState<Message | null>()
  const isAtEnd = useRef(true)
  const { error, load } = useLoading(store)
  const afterJoin = useRef(() => {})
  const room = useChannel(
    roomChannel,
    { slug },
    {
      said: (message) => {
        update((now) => withMessages(now, [message], myId))
        if (isAtEnd.current) update(trimmed)
      },
      removed: ({ id }) => update((now) => withRemoved(now, id)),
      paid: ({ id, paid }) => update((now) => withPaid(now, id, paid)),
      here: ({ people: count }) => setPeople(count),
      changed: onRoomChanged,
      notice: ({ id }) => {
        const message = id && newest.current.items.find((item) => item.id === id)
        setNotice(id === null ? null : message || undefined)
        // Who came after it was said asks for it.
        if (id !== null && !message) onRoomChanged()
      },
      banned: ({ accountId }) => accountId === myId && onRoomChanged(),
      onJoin: () => afterJoin.current(),
      // What was pinned meanwhile may be older than what is fetched again.
      onRejoin: () => {
        setNotice(undefined)
        onRoomChanged()
      },
    },
  )
  const { sendAgain, ...sending } = useSending(store, room)
  afterJoin.current = () => {
    load()
    sendAgain()
  }
  const connection = room.state
  return {
    timeline,
    error,
    people,
    notice,
    connection,
    isAtEnd,
    reload: load,
    ...sending,
    ...useOlder(store),
  }
}

/** The newest messages at first; later what was missed. */
function useLoading(store: Store): { error: Problem | null; load(): void } {
  const [error, setError] = useState<Problem | null>(null)
  const load = () => {
    setError(null)
    catchUp(store).catch((reason) => {
      if (!store.newest.current.isLoaded) setError(asProblem(reason))
    })
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each room; joining loads again.
  useEffect(load, [store.slug])
  return { error, load }
}

async function catchUp({ slug, myId, newest, update }: Store): Promise<void> {
  let after = newest.current.isLoaded ? gapCursor(newest.current) : null
  // What lies before the first message shown is left to the older pages.
  const first = newest.current.items[0]?.id ?? ''
  for (let n = 0; after && n < gapPages; n += 1) {
    const page = await call(listMessages, { params: { slug }, query: { after, limit: 100 } })
    const missed = page.items.filter((item) => item.id >= first)
    update((now) => withMessages(now, missed, myId))
    if (!page.after) return
    after = page.after
  }
  const page = await call(listMessages, { params: { slug }, query: { limit: pageSize } })
  update((now) => withNewestPage(now, page, myId))
}
