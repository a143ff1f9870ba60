import { useMemo } from 'preact/hooks'
import { Button, EmptyState, ErrorState, formatDate, Skeleton, useTexts } from '#web'
import type { Room } from '../contract.ts'
import { DraftLine } from './DraftLine.tsx'
import { MessageLine } from './MessageLine.tsx'
import { rowsOf } from './rows.ts'
import { chatTexts } from './texts.ts'
import { withoutAuthors } from './timeline.ts'
import { useStickToEnd } from './use-stick-to-end.ts'
import type { RoomTimeline } from './use-timeline.ts'

interface ListProps {
  room: Room
  live: RoomTimeline
  me: { id: string; displayName: string } | null
  /** Puts a text that was not sent back into the box. */
  onEdit(text: string): void
}

/** The messages: newest at the bottom, older ones loaded on the way up. */
export function MessageList({ room, live, me, onEdit }: ListProps) {
  const t = useTexts(chatTexts)
  const { items, drafts, isLoaded } = live.timeline
  const shown = useMemo(() => withoutAuthors(items, room.hidden), [items, room.hidden])
  const rows = useMemo(() => rowsOf(shown), [shown])
  const { list, onScroll, hasNews, toEnd } = useStickToEnd({
    firstKey: shown[0]?.id,
    lastKey: shown.at(-1)?.id,
    ownCount: drafts.length,
    isAtEnd: live.isAtEnd,
    onNearTop: live.older === 'idle' ? live.loadOlder : () => {},
  })
  const edit = (clientId: string, text: string) => {
    live.discard(clientId)
    onEdit(text)
  }
  return (
    <div class="chat-scroll">
      <div
        class={`chat-list${me ? ' has-menus' : ''}`}
        ref={list}
        role="log"
        aria-label={t('messagesOf', { room: room.title })}
        aria-busy={live.older === 'loading' || !isLoaded}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard.
        tabIndex={0}
        onScroll={onScroll}
      >
        <ListTop live={live} />
        {isLoaded && rows.length + drafts.length === 0 && (
          <EmptyState icon="chat" title={t('empty')} text={room.can.post ? t('emptyText') : undefined} />
        )}
        {rows.map((row) =>
          row.kind === 'day' ? (
            <p class="chat-day" key={row.key}>
              <span>{formatDate(row.at, 'date')}</span>
            </p>
          ) : (
            <MessageLine
              key={row.key}
              message={row.message}
              isFirst={row.isFirst}
              room={room}
              myId={me?.id ?? null}
            />
          ),
        )}
        {drafts.map((draft) => (
          <DraftLine
            key={draft.clientId}
            draft={draft}
            name={me?.displayName ?? ''}
            onResend={() => live.resend(draft.clientId)}
            onEdit={() => edit(draft.clientId, draft.text)}
            onDiscard={() => live.discard(draft.clientId)}
          />
        ))}
      </div>
      {hasNews && (
        <div class="chat-news">
          <Button look="main" icon="chevron-down" onClick={toEnd}>
            {t('newMessages')}
          </Button>
        </div>
      )}
    </div>
  )
}

/** Above the first message: older ones on their way, to be asked for, or failed. */
function ListTop({ live }: { live: RoomTimeline }) {
  const t = useTexts(chatTexts)
  if (!live.timeline.isLoaded) {
    return live.error ? <ErrorState error={live.error} retry={live.reload} /> : <Skeleton lines={6} />
  }
  if (!live.timeline.before) return null
  const isFailed = live.older === 'failed'
  return (
    <div class="chat-earlier">
      {isFailed && <span role="alert">{t('earlierFailed')}</span>}
      <Button look="plain" isBusy={live.older === 'loading'} onClick={live.loadOlder}>
        {isFailed ? t('again') : t('earlier')}
      </Button>
    </div>
  )
}
