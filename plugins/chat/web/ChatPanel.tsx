import './chat.css'
import './composer.css'
import './lines.css'
import { useRef } from 'preact/hooks'
import { Later, QueryView, useQuery, useSession, useTexts } from '#web'
import { getRoom, type Message, type Room } from '../contract.ts'
import { Composer } from './Composer.tsx'
import { WithEmotes } from './EmoteContext.tsx'
import { useKeptText } from './kept-text.ts'
import { MessageList } from './MessageList.tsx'
import { chatTexts } from './texts.ts'
import type { Timeline } from './timeline.ts'
import { type RoomTimeline, useTimeline } from './use-timeline.ts'

const loadNotice = () => import('./RoomNotice.tsx')
const loadPins = () => import('./PinStrip.tsx')
const loadRoomMenu = () => import('./RoomMenu.tsx')

interface PanelProps {
  slug: string
  /** In place of the room's own. */
  title?: string
  /** A way back above the room, where the list of rooms is on another page. */
  back?: { href: string; label: string }
}

/** A room: who is here, what is said, where to write. */
export function ChatPanel({ slug, title, back }: PanelProps) {
  const { me } = useSession()
  const query = useQuery(getRoom, { params: { slug } })
  return (
    <section class="chat-panel">
      <QueryView query={query}>
        {(room) => (
          <OpenRoom
            key={`${slug} ${me?.id}`}
            room={room}
            me={me}
            title={title ?? room.title}
            back={back}
            onRoomChanged={() => void query.reload()}
          />
        )}
      </QueryView>
    </section>
  )
}

interface OpenRoomProps {
  room: Room
  title: string
  me: { id: string; displayName: string } | null
  back: PanelProps['back']
  onRoomChanged(): void
}

function OpenRoom({ room: read, title, me, back, onRoomChanged }: OpenRoomProps) {
  const t = useTexts(chatTexts)
  const [text, setText] = useKeptText(read.slug)
  const live = useTimeline({ slug: read.slug, myId: me?.id ?? null, onRoomChanged })
  const notice = noticeOf(read, live)
  const room = { ...read, notice }
  const hasPins = useHadPins(room, live.timeline)
  const putBack = (unsent: string) => setText(text.trim() === '' ? unsent : `${text}\n${unsent}`)
  return (
    <WithEmotes>
      <header class="chat-head">
        {back && (
          <a class="chat-back" href={back.href}>
            {back.label}
          </a>
        )}
        <h2>{title}</h2>
        {live.people > 0 && <span class="chat-here">{t('here', { count: live.people })}</span>}
        {room.can.moderate && <Later load={loadRoomMenu} props={{ room }} wait={null} />}
      </header>
      {live.connection === 'offline' && (
        <p class="chat-offline" role="status">
          {t('offline')}
        </p>
      )}
      {notice && (
        <Later load={loadNotice} props={{ message: notice, room, myId: me?.id ?? null }} wait={null} />
      )}
      {hasPins && (
        <Later load={loadPins} props={{ room, timeline: live.timeline, myId: me?.id ?? null }} wait={null} />
      )}
      <MessageList room={room} live={live} me={me} onEdit={putBack} />
      <Composer room={room} text={text} onText={setText} onSend={live.send} />
    </WithEmotes>
  )
}

/** The pinned message as it is now: what was told of it, else what the room had when it was read. */
function noticeOf(room: Room, { notice = room.notice, timeline }: RoomTimeline): Message | null {
  if (!notice || timeline.removed.includes(notice.id)) return null
  return notice.author && room.hidden.includes(notice.author.id) ? null : notice
}

/** Whether a superchat was pinned while the room is open: the strip keeps those that the list lets go. */
function useHadPins(room: Room, { items }: Timeline): boolean {
  const had = useRef(false)
  had.current ||= [...room.pinned, ...items].some(({ paid }) => paid?.pinnedUntil)
  return had.current
}
