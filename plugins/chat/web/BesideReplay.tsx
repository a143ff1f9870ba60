import './chat.css'
import './lines.css'
import { useMemo, useRef } from 'preact/hooks'
import { dateAt, type Replay } from '#plugins/live'
import { EmptyState, ErrorState, QueryView, Skeleton, useQuery, useTexts } from '#web'
import { getRoom, type Room } from '../contract.ts'
import { WithEmotes } from './EmoteContext.tsx'
import { MessageLine } from './MessageLine.tsx'
import { chatReplayTexts } from './replay-texts.ts'
import { rowsOf } from './rows.ts'
import { useHistory } from './use-history.ts'
import { useStickToEnd } from './use-stick-to-end.ts'

interface BesideProps {
  replay: Replay
  positionMs: number
  seek(ms: number): void
}

/** The chat of a recording as it ran: what had been said by the moment that is seen. */
export default function BesideReplay({ replay, positionMs }: BesideProps) {
  const query = useQuery(getRoom, { params: { slug: replay.channel.slug } })
  const at = dateAt(replay.clock, positionMs)
  return (
    <section class="chat-panel">
      <QueryView query={query}>
        {(room) => (
          <WithEmotes>
            <Said key={room.id} room={room} atMs={at === null ? 0 : Date.parse(at)} />
          </WithEmotes>
        )}
      </QueryView>
    </section>
  )
}

function Said({ room, atMs }: { room: Room; atMs: number }) {
  const t = useTexts(chatReplayTexts)
  const { messages, isLoading, error, retry } = useHistory(room.slug, atMs)
  const [first, last] = [messages[0]?.id, messages.at(-1)?.id]
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same messages are the same rows
  const rows = useMemo(() => rowsOf(messages), [first, last])
  // Nobody writes or moderates here: what is said is said.
  const past = { ...room, can: { post: false, moderate: false } }
  const isAtEnd = useRef(true)
  const { list, onScroll } = useStickToEnd({
    firstKey: first,
    lastKey: last,
    ownCount: 0,
    isAtEnd,
    onNearTop: () => {},
  })
  return (
    <>
      <header class="chat-head">
        <h2>{t('asItRan')}</h2>
      </header>
      <div class="chat-scroll">
        <div
          class="chat-list is-past"
          ref={list}
          role="log"
          aria-live="off"
          aria-label={t('asItRanOf', { room: room.title })}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard.
          tabIndex={0}
          onScroll={onScroll}
        >
          {error && <ErrorState error={error} retry={retry} />}
          {!error && rows.length === 0 && isLoading && <Skeleton lines={6} />}
          {!error && rows.length === 0 && !isLoading && (
            <EmptyState icon="chat" title={t('nothingYet')} text={t('nothingYetText')} />
          )}
          {rows.map((row) =>
            row.kind === 'day' ? null : (
              <MessageLine
                key={row.key}
                message={row.message}
                isFirst={row.isFirst}
                room={past}
                myId={null}
              />
            ),
          )}
        </div>
      </div>
    </>
  )
}
